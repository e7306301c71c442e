import type { AnyValue, Attributes, HrTime, SeverityNumber, SpanContext } from '@opentelemetry/api'
import { type InstrumentationScope, millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { type Labels, merged } from '../labels'

/** What the records of one logger have in common. */
export interface LogOrigin {
  resource: Resource
  instrumentationScope: InstrumentationScope
}

/**
 * What one log line says; also the SDK's log record, so that any of its processors and exporters take it.
 * What is absent is `undefined`, as it is to the SDK: all records have one shape.
 */
export class LogLine implements ReadWriteLogRecord {
  droppedAttributesCount = 0
  declare spanContext?: SpanContext
  declare eventName?: string

  constructor(
    readonly origin: LogOrigin,
    /** Milliseconds since the epoch. */
    readonly timeMs: number,
    public severityNumber: SeverityNumber,
    public severityText: string,
    public body: AnyValue,
    eventName: string | undefined,
    /** What it shares with others of its kind. */
    readonly labels: readonly Labels[],
    /** What it says alone. */
    readonly own: Attributes,
    spanContext: SpanContext | undefined,
  ) {
    this.eventName = eventName as string
    this.spanContext = spanContext as SpanContext
  }

  get resource(): Resource {
    return this.origin.resource
  }

  get instrumentationScope(): InstrumentationScope {
    return this.origin.instrumentationScope
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
