import type { AnyValue, Attributes, HrTime, SeverityNumber, SpanContext } from '@opentelemetry/api'
import { type InstrumentationScope, millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { merged, noLabels, overlap } from '../labels'
import { LineKind } from './kind'

/** What the records of one logger have in common. */
export interface LogOrigin {
  resource: Resource
  instrumentationScope: InstrumentationScope
}

/**
 * What one log line says; also the SDK's log record, so that any of its processors and exporters take it. What is absent
 * is `undefined`, as it is to the SDK: all records have one shape.
 */
export class LogLine implements ReadWriteLogRecord {
  severityNumber: SeverityNumber
  severityText: string
  droppedAttributesCount = 0
  declare spanContext?: SpanContext
  declare eventName?: string

  constructor(
    readonly origin: LogOrigin,
    public kind: LineKind,
    /** Milliseconds since the epoch. */
    readonly timeMs: number,
    public body: AnyValue,
    /** What it says beside the labels of its kind. */
    public own: Attributes,
    spanContext: SpanContext | undefined,
  ) {
    this.severityNumber = kind.severityNumber
    this.severityText = kind.severityText
    this.eventName = kind.eventName as string
    this.spanContext = spanContext as SpanContext
  }

  /** Whether it is still what its kind says: processors may change records. */
  get isOfItsKind(): boolean {
    const { kind } = this
    return (
      this.severityNumber === kind.severityNumber &&
      this.severityText === kind.severityText &&
      this.eventName === kind.eventName &&
      this.droppedAttributesCount === 0
    )
  }

  get resource(): Resource {
    return this.origin.resource
  }

  get instrumentationScope(): InstrumentationScope {
    return this.origin.instrumentationScope
  }

  get attributes(): Attributes {
    return merged(this.kind.labels, this.own)
  }

  get hrTime(): HrTime {
    return millisToHrTime(this.timeMs)
  }

  get hrTimeObserved(): HrTime {
    return this.hrTime
  }

  setAttribute(key: string, value?: AnyValue): this {
    return value === undefined ? this : this.setAttributes({ [key]: value })
  }

  setAttributes(attributes: Attributes): this {
    if (overlap(this.kind.labels, attributes)) this.unlabel()
    Object.assign(this.own, attributes)
    return this
  }

  // No key may stand both in what is shared and in what is not.
  private unlabel(): void {
    const { service, level, eventName, labels } = this.kind
    this.own = merged(labels, this.own)
    this.kind = new LineKind(service, level, eventName, noLabels)
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
