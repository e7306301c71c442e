import { TraceFlags } from '@opentelemetry/api'
import { reportFailure } from '../diagnostics'
import type { LogRecord } from '../logs/log-record'
import { writeJsonMembers } from './attributes'
import { fragment, type JsonWriter } from './json-writer'

/** Writes a log record as one line of JSON. A record that can't be written is left out and reported. */
export function writeLogLine(out: JsonWriter, record: LogRecord): void {
  const start = out.length
  try {
    writeMembers(out, record)
  } catch (error) {
    out.clear(start)
    reportFailure('writing a log line', error)
  }
}

function writeMembers(out: JsonWriter, { kind, timeMs, body, ownAttributes, spanContext }: LogRecord): void {
  const isTraced = spanContext !== undefined
  const template = kind.lineTemplate(isTraced)
  const head = out.template(template.head)
  out.asciiAt(head + template.timeAt, isoTime(timeMs))
  out.string(String(body))
  const middle = out.template(template.middle)
  if (isTraced) {
    out.asciiAt(middle + template.traceAt, spanContext.traceId)
    out.asciiAt(middle + template.spanAt, spanContext.spanId)
    out.asciiAt(middle + template.sampledAt, spanContext.traceFlags & TraceFlags.SAMPLED ? '1' : '0')
  }
  writeJsonMembers(out, ownAttributes)
  out.raw(lineEnd)
}

const lineEnd = fragment('}\n')

let lastMs = 0
let lastText = ''

// Under load many lines share one millisecond.
function isoTime(ms: number): string {
  if (ms === lastMs) return lastText
  lastMs = ms
  lastText = new Date(ms).toISOString()
  return lastText
}
