import { SeverityNumber } from '@opentelemetry/api'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { otlpValue, writeOtlpAttributes } from '../json/attributes'
import { fragment, type JsonWriter } from '../json/writer'
import { LogLine } from '../logs/record'
import { nanosOf } from './write-span'

/**
 * Writes a log record as OTLP/JSON: the bytes are those of the SDK's `JsonLogsSerializer`.
 * Source: opentelemetry-proto 1.9, `logs/v1/logs.proto`.
 */
export function writeLog(out: JsonWriter, record: ReadableLogRecord): void {
  const isOurs = record instanceof LogLine
  const { severityNumber, severityText, body, eventName, spanContext, droppedAttributesCount } = record
  out.raw(json.time)
  if (isOurs) out.nanos(record.timeMs)
  else out.ascii(nanosOf(record.hrTime))
  out.raw(json.observedTime)
  if (isOurs) out.nanos(record.timeMs)
  else out.ascii(nanosOf(record.hrTimeObserved))
  const severity = severities.get(severityText)
  if (severity && severity.number === severityNumber) out.raw(severity.bytes)
  else out.text(severityJson(severityNumber, severityText))
  if (typeof body === 'string') {
    out.raw(json.bodyString)
    out.string(body)
    out.raw(json.brace)
  } else out.text(`,"body":${otlpValue(body) || '{}'}`)
  if (eventName !== undefined) {
    out.raw(json.eventName)
    out.string(eventName)
  }
  out.raw(json.attributes)
  if (isOurs) writeOtlpAttributes(out, record.labels, record.own)
  else writeOtlpAttributes(out, [], record.attributes)
  out.raw(
    droppedAttributesCount === 0 ? json.noneDropped : fragment(`],"droppedAttributesCount":${droppedAttributesCount}`),
  )
  if (spanContext) {
    out.raw(json.flags)
    out.ascii(String(spanContext.traceFlags))
    out.raw(json.traceId)
    out.ascii(spanContext.traceId)
    out.raw(json.spanId)
    out.ascii(spanContext.spanId)
    out.raw(json.quote)
  }
  out.raw(json.brace)
}

const json = {
  time: fragment('{"timeUnixNano":"'),
  observedTime: fragment('","observedTimeUnixNano":"'),
  quote: fragment('"'),
  bodyString: fragment(',"body":{"stringValue":'),
  brace: fragment('}'),
  eventName: fragment(',"eventName":'),
  attributes: fragment(',"attributes":['),
  noneDropped: fragment('],"droppedAttributesCount":0'),
  flags: fragment(',"flags":'),
  traceId: fragment(',"traceId":"'),
  spanId: fragment('","spanId":"'),
}

function severityJson(severityNumber: number | undefined, severityText: string | undefined): string {
  const number = severityNumber === undefined ? '' : `,"severityNumber":${severityNumber}`
  return `"${number}${severityText === undefined ? '' : `,"severityText":${JSON.stringify(severityText)}`}`
}

const usual: [text: string, number: number][] = [
  ['DEBUG', SeverityNumber.DEBUG],
  ['INFO', SeverityNumber.INFO],
  ['WARN', SeverityNumber.WARN],
  ['ERROR', SeverityNumber.ERROR],
]
const severities = new Map<string | undefined, { number: number; bytes: Uint8Array }>(
  usual.map(([text, number]) => [text, { number, bytes: fragment(severityJson(number, text)) }]),
)
