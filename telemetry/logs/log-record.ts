import type { AnyValue, Attributes, HrTime, SeverityNumber, SpanContext } from '@opentelemetry/api'
import { type InstrumentationScope, millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { LogRecordKind } from '../encode/log-record-kind'
import { haveCommonKey, mergeAttributes, noSharedAttributes } from '../shared-attributes'

/** What all records of one logger share. */
export interface LoggerSharedState {
  resource: Resource
  instrumentationScope: InstrumentationScope
}

/**
 * A log record. It implements the SDK's interface, so that the SDK's processors and exporters accept it. Absent fields are
 * `undefined`: all records have one hidden class.
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
    /** Attributes beyond those of its kind. */
    public ownAttributes: Attributes,
    spanContext: SpanContext | undefined,
  ) {
    this.severityNumber = kind.severityNumber
    this.severityText = kind.severityText
    this.eventName = kind.eventName as string
    this.spanContext = spanContext as SpanContext
  }

  /** Whether the record still equals its kind: processors may change records. */
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
    if (haveCommonKey(this.kind.sharedAttributes, attributes)) this.mergeShared()
    Object.assign(this.ownAttributes, attributes)
    return this
  }

  // No key may be both shared and own: it would be encoded twice.
  private mergeShared(): void {
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
