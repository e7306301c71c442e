import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { otlpAttributes, otlpValue, quote } from '../json'
import { otlpMembers } from '../labels'
import { LineRecord } from '../logs/record'
import { nanosOf } from './nanos'

/**
 * A log record as OTLP/JSON: the same bytes as the SDK's `JsonLogsSerializer` writes.
 * Source: opentelemetry-proto 1.9, `logs/v1/logs.proto`.
 */
export function logJson(record: ReadableLogRecord): string {
  const isOurs = record instanceof LineRecord
  const time = isOurs ? `${record.timeMs}000000` : nanosOf(record.hrTime)
  const observed = isOurs ? time : nanosOf(record.hrTimeObserved)
  const { severityNumber, severityText, eventName, spanContext } = record
  const body = otlpValue(record.body)
  return `{"timeUnixNano":"${time}","observedTimeUnixNano":"${observed}"${
    severityNumber === undefined ? '' : `,"severityNumber":${severityNumber}`
  }${severityText === undefined ? '' : `,"severityText":${quote(severityText)}`},"body":${body || '{}'}${
    eventName === undefined ? '' : `,"eventName":${quote(eventName)}`
  },"attributes":[${isOurs ? otlpMembers(record.labels, record.own) : otlpAttributes(record.attributes)}],"droppedAttributesCount":${
    record.droppedAttributesCount
  }${
    spanContext
      ? `,"flags":${spanContext.traceFlags},"traceId":"${spanContext.traceId}","spanId":"${spanContext.spanId}"`
      : ''
  }}`
}
