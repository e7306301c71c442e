import type { SeverityNumber } from '@opentelemetry/api'
import type { SharedAttributes } from '../shared-attributes'
import { nanosWidth } from './json-writer'
import { createTemplate } from './template'

/** What log records of a kind have in common in OTLP/JSON: all but times, body, own attributes and ids. */
export interface LogRecordTemplate {
  /** To the body. */
  head: Uint8Array
  timeAt: number
  observedAt: number
  /** From the body to the attributes, with those that are shared. */
  middle: Uint8Array
  hasAttributes: boolean
  /** From the attributes to the end. */
  end: Uint8Array
  /** -1 without a trace. */
  traceAt: number
  spanAt: number
  flagsAt: number
}

interface Kind {
  severityNumber?: SeverityNumber
  severityText?: string
  eventName?: string | undefined
  droppedAttributesCount?: number
}

/** The form of any log record. Source: opentelemetry-proto 1.9, `logs/v1/logs.proto`; the order is the SDK's. */
export function createLogRecordTemplate(kind: Kind, labels: SharedAttributes, isTraced: boolean): LogRecordTemplate {
  const { severityNumber, severityText, eventName, droppedAttributesCount = 0 } = kind
  const head = createTemplate(
    '{"timeUnixNano":"',
    nanosWidth,
    '","observedTimeUnixNano":"',
    nanosWidth,
    '"',
    severityNumber === undefined ? '' : `,"severityNumber":${severityNumber}`,
    severityText === undefined ? '' : `,"severityText":${JSON.stringify(severityText)}`,
    ',"body":',
  )
  const event = eventName === undefined ? '' : `,"eventName":${JSON.stringify(eventName)}`
  const ids = isTraced ? [',"flags":', 1, ',"traceId":"', 32, '","spanId":"', 16, '"'] : []
  const end = createTemplate(`],"droppedAttributesCount":${droppedAttributesCount}`, ...ids, '}')
  const [timeAt = 0, observedAt = 0] = head.slots
  const [flagsAt = -1, traceAt = -1, spanAt = -1] = end.slots
  return {
    head: head.bytes,
    timeAt,
    observedAt,
    middle: createTemplate(event, ',"attributes":[', labels.otlp).bytes,
    hasAttributes: labels.otlp.length > 0,
    end: end.bytes,
    flagsAt,
    traceAt,
    spanAt,
  }
}
