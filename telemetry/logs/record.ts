import type { AnyValue, Attributes, HrTime, SeverityNumber, SpanContext } from '@opentelemetry/api'
import { type InstrumentationScope, millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { type Labels, merged } from '../labels'

/** What a log line says, before it takes the shape of a line or of a record. */
export interface Line {
  timeMs: number
  severityNumber: SeverityNumber
  severityText: string
  body: string
  eventName: string | undefined
  labels: readonly Labels[]
  own: Attributes
  spanContext: SpanContext | undefined
}

/** A line as the SDK's log record, so that any of its processors and exporters take it. */
export class LineRecord implements ReadWriteLogRecord {
  readonly timeMs: number
  readonly labels: readonly Labels[]
  readonly own: Attributes
  severityNumber: SeverityNumber
  severityText: string
  body: AnyValue
  droppedAttributesCount = 0
  // Declared and not set: what is absent must be `undefined` to the SDK.
  declare eventName?: string
  declare spanContext?: SpanContext

  constructor(
    line: Line,
    readonly resource: Resource,
    readonly instrumentationScope: InstrumentationScope,
  ) {
    this.timeMs = line.timeMs
    this.labels = line.labels
    this.own = line.own
    this.severityNumber = line.severityNumber
    this.severityText = line.severityText
    this.body = line.body
    if (line.eventName !== undefined) this.eventName = line.eventName
    if (line.spanContext) this.spanContext = line.spanContext
  }

  get attributes(): Attributes {
    return merged(this.labels, this.own)
  }

  get hrTime(): HrTime {
    return millisToHrTime(this.timeMs)
  }

  get hrTimeObserved(): HrTime {
    return this.hrTime
  }

  setAttribute(key: string, value?: AnyValue): this {
    if (value !== undefined) this.own[key] = value
    return this
  }

  setAttributes(attributes: Attributes): this {
    Object.assign(this.own, attributes)
    return this
  }

  setBody(body: AnyValue): this {
    this.body = body
    return this
  }

  setEventName(eventName: string): this {
    this.eventName = eventName
    return this
  }

  setSeverityNumber(severityNumber: SeverityNumber): this {
    this.severityNumber = severityNumber
    return this
  }

  setSeverityText(severityText: string): this {
    this.severityText = severityText
    return this
  }
}
