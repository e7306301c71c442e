import type { LogLine } from '../clients/loki'
import type { Sample } from '../clients/prometheus'

const colors: Record<string, string> = { WARN: '\x1b[33m', ERROR: '\x1b[31m', FATAL: '\x1b[31;1m', DEBUG: '\x1b[2m' }
const dim = '\x1b[2m'
const reset = '\x1b[0m'
const serviceWidth = 16

/** A log line with its time (UTC), service and level; with its trace id where `showsTrace`. */
export function formatLine(
  { timeNs, line, labels }: LogLine,
  { isColored, showsTrace }: { isColored: boolean; showsTrace: boolean },
) {
  const level = (labels.severity_text || labels.detected_level || '').toUpperCase()
  const time = new Date(Number(timeNs / 1_000_000n)).toISOString().slice(11, 23)
  const color = (code: string | undefined, text: string) => (isColored && code ? `${code}${text}${reset}` : text)
  const trace = showsTrace && labels.trace_id ? ` ${color(dim, `trace_id=${labels.trace_id}`)}` : ''
  const service = (labels.service_name ?? '').padEnd(serviceWidth)
  return `${color(dim, time)} ${service} ${color(colors[level], `${level.padEnd(5)} ${printable(line || labels.event_name || '')}`)}${trace}`
}

/** A value with the labels of its series. */
export function formatSample({ labels, value }: Sample): string {
  const names = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`)
  return `${String(Number(value.toPrecision(6))).padStart(12)}  ${names.join(' ') || '(all)'}`
}

// Control characters would move the cursor or change colors.
const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
