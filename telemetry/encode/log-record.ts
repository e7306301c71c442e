import type { Attributes, SpanContext } from '@opentelemetry/api'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { LogRecord } from '../logs/log-record'
import { noSharedAttributes } from '../shared-attributes'
import { otlpValue, writeOtlpAttributes } from './attributes'
import { fragment, type JsonWriter, nanosOf } from './json-writer'
import { createLogRecordTemplate, type LogRecordTemplate } from './log-record-kind'

/** Writes a log record as OTLP/JSON: the same bytes as the SDK's `JsonLogsSerializer`. */
export function writeLogRecord(out: JsonWriter, record: ReadableLogRecord): void {
  const context = record.spanContext
  if (record instanceof LogRecord && record.isUnmodified) {
    const template = record.kind.recordTemplate(context !== undefined)
    const start = out.template(template.head)
    out.nanosAt(start + template.timeAt, record.timeMs)
    out.nanosAt(start + template.observedAt, record.timeMs)
    writeRest(out, template, record.body, record.ownAttributes, context)
    return
  }
  const template = createLogRecordTemplate(record, noSharedAttributes, context !== undefined)
  const start = out.template(template.head)
  out.asciiAt(start + template.timeAt, nanosOf(record.hrTime))
  out.asciiAt(start + template.observedAt, nanosOf(record.hrTimeObserved))
  writeRest(out, template, record.body, record.attributes, context)
}

function writeRest(
  out: JsonWriter,
  template: LogRecordTemplate,
  body: unknown,
  attributes: Attributes,
  context?: SpanContext,
): void {
  if (typeof body === 'string') {
    out.raw(stringValue)
    out.string(body)
    out.raw(brace)
  } else out.text(otlpValue(body) || '{}')
  out.raw(template.middle)
  writeOtlpAttributes(out, attributes, template.hasAttributes)
  const end = out.template(template.end)
  if (!context) return
  // W3C defines two bits of the flags: they fit in one digit.
  out.asciiAt(end + template.flagsAt, String(context.traceFlags & 3))
  out.asciiAt(end + template.traceAt, context.traceId)
  out.asciiAt(end + template.spanAt, context.spanId)
}

const stringValue = fragment('{"stringValue":')
const brace = fragment('}')
