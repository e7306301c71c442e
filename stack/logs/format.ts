import { styleText } from 'node:util'
import { printable } from '../../launch/printable'
import { colorBySeverity } from '../../launch/severity-color'
import type { LogLine } from '../clients/loki'
import type { Sample } from '../clients/prometheus'

const serviceWidth = 16

/** A log line with its time (UTC), service and level; with its trace id where `showsTrace`. */
export function formatLine({ timeNs, line, labels }: LogLine, { showsTrace }: { showsTrace: boolean }): string {
  const level = (labels.severity_text || labels.detected_level || '').toUpperCase()
  const time = new Date(Number(timeNs / 1_000_000n)).toISOString().slice(11, 23)
  const service = (labels.service_name ?? '').padEnd(serviceWidth)
  const text = colorBySeverity(
    level,
    `${level.padEnd(5)} ${(line || labels.event_name || '').split('\n').map(printable).join('\n')}`,
  )
  const trace = showsTrace && labels.trace_id ? ` ${styleText('dim', `trace_id=${labels.trace_id}`)}` : ''
  return `${styleText('dim', time)} ${service} ${text}${trace}`
}

/** A value with the labels of its series. */
export function formatSample({ labels, value }: Sample): string {
  const names = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`)
  return `${String(Number(value.toPrecision(6))).padStart(12)}  ${names.join(' ') || '(all)'}`
}
