import type { AnyValue, Attributes, HrTime, SeverityNumber, SpanContext } from '@opentelemetry/api'
import { type InstrumentationScope, millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { haveCommonKey, mergeAttributes, noSharedAttributes } from '../shared-attributes'
import { LogRecordKind } from './log-record-kind'

/** What the records of one logger have in common. */
export interface LoggerSharedState {
  resource: Resource
  instrumentationScope: InstrumentationScope
}

/**
 * What one log line says; also the SDK's log record, so that any of its processors and exporters take it. What is absent
 * is `undefined`, as it is to the SDK: all records have one shape.
 */
export class LogRecord implements ReadWriteLogRecord {
  severityNumber: SeverityNumber
  severityText: string
  droppedAttributesCount = 0
  declare spanContext?: SpanContext
  declare eventName?: string

  constructor(
    readonly sharedState: LoggerSharedState,
    public kind: LogRecordKind,
    /** Milliseconds since the epoch. */
    readonly timeMs: number,
    public body: AnyValue,
    /** What it says beside the labels of its kind. */
    public ownAttributes: Attributes,
    spanContext: SpanContext | undefined,
  ) {
    this.severityNumber = kind.severityNumber
    this.severityText = kind.severityText
    this.eventName = kind.eventName as string
    this.spanContext = spanContext as SpanContext
  }

  /** Whether it is still what its kind says: processors may change records. */
  get isUnmodified(): boolean {
    const { kind } = this
    return (
      this.severityNumber === kind.severityNumber &&
      this.severityText === kind.severityText &&
      this.eventName === kind.eventName &&
      this.droppedAttributesCount === 0
    )
  }

  get resource(): Resource {
    return this.sharedState.resource
  }

  get instrumentationScope(): InstrumentationScope {
    return this.sharedState.instrumentationScope
  }

  get attributes(): Attributes {
    return mergeAttributes(this.kind.sharedAttributes, this.ownAttributes)
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
    if (haveCommonKey(this.kind.sharedAttributes, attributes)) this.unlabel()
    Object.assign(this.ownAttributes, attributes)
    return this
  }

  // No key may stand both in what is shared and in what is not.
  private unlabel(): void {
    const { service, level, eventName, sharedAttributes } = this.kind
    this.ownAttributes = mergeAttributes(sharedAttributes, this.ownAttributes)
    this.kind = new LogRecordKind(service, level, eventName, noSharedAttributes)
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
