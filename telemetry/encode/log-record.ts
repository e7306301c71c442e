import type { Attributes, SpanContext } from '@opentelemetry/api'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { LogRecord } from '../logs/log-record'
import { noSharedAttributes } from '../shared-attributes'
import { otlpValue, writeOtlpAttributes } from './attributes'
import { fragment, type JsonWriter } from './json-writer'
import { createLogRecordTemplate, type LogRecordTemplate } from './log-record-template'
import { nanosOf } from './nanos'

/** Writes a log record as OTLP/JSON: the bytes are those of the SDK's `JsonLogsSerializer`. */
export function writeLogRecord(out: JsonWriter, record: ReadableLogRecord): void {
  const context = record.spanContext
  if (record instanceof LogRecord && record.isUnmodified) {
    const form = record.kind.recordTemplate(context !== undefined)
    const start = out.template(form.head)
    out.nanosAt(start + form.timeAt, record.timeMs)
    out.nanosAt(start + form.observedAt, record.timeMs)
    writeRest(out, form, record.body, record.ownAttributes, context)
    return
  }
  const form = createLogRecordTemplate(record, noSharedAttributes, context !== undefined)
  const start = out.template(form.head)
  out.asciiAt(start + form.timeAt, nanosOf(record.hrTime))
  out.asciiAt(start + form.observedAt, nanosOf(record.hrTimeObserved))
  writeRest(out, form, record.body, record.attributes, context)
}

function writeRest(
  out: JsonWriter,
  form: LogRecordTemplate,
  body: unknown,
  attributes: Attributes,
  context?: SpanContext,
): void {
  if (typeof body === 'string') {
    out.raw(bodyText)
    out.string(body)
    out.raw(brace)
  } else out.text(otlpValue(body) || '{}')
  out.raw(form.middle)
  writeOtlpAttributes(out, attributes, form.hasAttributes)
  const end = out.template(form.end)
  if (!context) return
  // One digit: of the flags, two bits are defined.
  out.asciiAt(end + form.flagsAt, String(context.traceFlags & 3))
  out.asciiAt(end + form.traceAt, context.traceId)
  out.asciiAt(end + form.spanAt, context.spanId)
}

const bodyText = fragment('{"stringValue":')
const brace = fragment('}')
