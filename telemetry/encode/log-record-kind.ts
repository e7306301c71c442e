import { SeverityNumber } from '@opentelemetry/api'
import type { LogLevel } from '../settings/settings'
import type { SharedAttributes } from '../shared-attributes'
import { createTemplate, nanosWidth } from './json-writer'

export type Level = LogLevel | 'fatal'

export const severities = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
} as const

/** What log records of one kind share. Their templates for OTLP and for standard output are built once. */
export class LogRecordKind {
  readonly severityNumber: SeverityNumber
  readonly severityText: string
  /** Without and with a trace. */
  private readonly recordTemplates: [LogRecordTemplate | undefined, LogRecordTemplate | undefined] = [
    undefined,
    undefined,
  ]
  private readonly lineTemplates: [LogLineTemplate | undefined, LogLineTemplate | undefined] = [undefined, undefined]

  constructor(
    readonly service: string,
    readonly level: Level,
    readonly eventName: string | undefined,
    readonly sharedAttributes: SharedAttributes,
  ) {
    this.severityNumber = severities[level]
    this.severityText = level.toUpperCase()
  }

  recordTemplate(isTraced: boolean): LogRecordTemplate {
    const index = isTraced ? 1 : 0
    this.recordTemplates[index] ??= createLogRecordTemplate(this, this.sharedAttributes, isTraced)
    return this.recordTemplates[index]
  }

  lineTemplate(isTraced: boolean): LogLineTemplate {
    const index = isTraced ? 1 : 0
    this.lineTemplates[index] ??= createLogLineTemplate(this, isTraced)
    return this.lineTemplates[index]
  }
}

/** The OTLP/JSON of a log record without its times, body, own attributes and ids. */
export interface LogRecordTemplate {
  /** Up to the body. */
  head: Uint8Array
  timeAt: number
  observedAt: number
  /** From the body to the attributes, including the shared ones. */
  middle: Uint8Array
  hasAttributes: boolean
  /** From the attributes to the end. */
  end: Uint8Array
  /** -1 without a trace. */
  traceAt: number
  spanAt: number
  flagsAt: number
}

interface RecordFields {
  severityNumber?: SeverityNumber
  severityText?: string
  eventName?: string | undefined
  droppedAttributesCount?: number
}

/** Source: opentelemetry-proto 1.9, `logs/v1/logs.proto`; the order of the members is the SDK's. */
export function createLogRecordTemplate(
  { severityNumber, severityText, eventName, droppedAttributesCount = 0 }: RecordFields,
  shared: SharedAttributes,
  isTraced: boolean,
): LogRecordTemplate {
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
    middle: createTemplate(event, ',"attributes":[', shared.otlp).bytes,
    hasAttributes: shared.otlp.length > 0,
    end: end.bytes,
    flagsAt,
    traceAt,
    spanAt,
  }
}

/** A log line without its time, message, ids and own attributes. */
export interface LogLineTemplate {
  /** Up to the message. */
  head: Uint8Array
  timeAt: number
  /** From the message to the attributes, including the shared ones. */
  middle: Uint8Array
  /** -1 without a trace. */
  traceAt: number
  spanAt: number
  sampledAt: number
}

/** Characters of `2026-11-24T15:25:45.123Z`. */
const isoWidth = 24

// Fixed members first, then the attributes under their own names.
function createLogLineTemplate(kind: LogRecordKind, isTraced: boolean): LogLineTemplate {
  const { level, service, eventName, sharedAttributes } = kind
  const head = createTemplate(
    '{"timestamp":"',
    isoWidth,
    `","level":"${level}","service":${JSON.stringify(service)},"message":`,
  )
  const ids = isTraced ? [',"trace_id":"', 32, '","span_id":"', 16, '","trace_flags":', 1] : []
  const event = eventName === undefined ? '' : `,"event":${JSON.stringify(eventName)}`
  const middle = createTemplate(...ids, event, sharedAttributes.jsonMembers)
  const [timeAt = 0] = head.slots
  const [traceAt = -1, spanAt = -1, sampledAt = -1] = middle.slots
  return { head: head.bytes, timeAt, middle: middle.bytes, traceAt, spanAt, sampledAt }
}
