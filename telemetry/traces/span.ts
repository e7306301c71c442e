import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from '@opentelemetry/api'
import type { InstrumentationScope } from '@opentelemetry/core'
import { millisToHrTime, timeInputToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan, SpanProcessor, TimedEvent } from '@opentelemetry/sdk-trace'
import { nowMs } from '../clock'
import { reportFailure } from '../diagnostics'
import { exceptionAttributes } from '../errors'
import { haveCommonKey, mergeAttributes, noSharedAttributes, type SharedAttributes } from '../shared-attributes'

/** Source: OpenTelemetry specification, "Span Limits". */
export interface SpanLimits {
  attributeCount: number
  attributeValueLength: number
  eventCount: number
  linkCount: number
}

/** What all spans of one tracer share. */
export interface TracerSharedState {
  resource: Resource
  instrumentationScope: InstrumentationScope
  limits: SpanLimits
  /** Receives each span that ends. */
  processor: Pick<SpanProcessor, 'onEnd'>
}

/**
 * A recording span: implements the API's `Span` and the SDK's `ReadableSpan`, so that the SDK's processors and exporters
 * accept it. It costs a third of the SDK's span: times are numbers until they are read, and repeated attributes are shared.
 */
export class RecordingSpan implements Span, ReadableSpan {
  links: Link[] = noLinks
  events: TimedEvent[] = noEvents
  /** Attributes of this span only. */
  ownAttributes: Attributes = {}
  /** Attributes shared with other spans; `ownAttributes` has none of their keys. */
  sharedAttributes = noSharedAttributes
  status: SpanStatus = unset
  endMs = 0
  droppedAttributesCount = 0
  droppedEventsCount = 0
  droppedLinksCount = 0
  declare readonly parentSpanContext?: SpanContext
  private count = 0

  constructor(
    readonly sharedState: TracerSharedState,
    public name: string,
    readonly kind: SpanKind,
    readonly context: SpanContext,
    parent: SpanContext | undefined,
    readonly startMs: number,
  ) {
    this.parentSpanContext = parent as SpanContext
  }

  spanContext(): SpanContext {
    return this.context
  }

  /** Sets the shared attributes. Attributes set on the span itself take precedence. */
  setSharedAttributes(shared: SharedAttributes): this {
    if (this.ended) return this
    this.sharedAttributes = shared
    if (haveCommonKey(shared, this.ownAttributes)) this.mergeShared()
    return this
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (value === undefined || key === '' || this.ended) return this
    const { attributeCount, attributeValueLength } = this.sharedState.limits
    if (key in this.sharedAttributes.attributes) this.mergeShared()
    if (!(key in this.ownAttributes)) {
      if (this.count === attributeCount) {
        this.droppedAttributesCount++
        return this
      }
      this.count++
    }
    const isLong = typeof value === 'string' && value.length > attributeValueLength
    this.ownAttributes[key] = isLong ? value.slice(0, attributeValueLength) : value
    return this
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) this.setAttribute(key, attributes[key])
    return this
  }

  // No key may be both shared and own: it would be encoded twice.
  private mergeShared(): void {
    this.ownAttributes = mergeAttributes(this.sharedAttributes, this.ownAttributes)
    this.sharedAttributes = noSharedAttributes
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.ended) return this
    const isTime = isTimeInput(attributesOrTime)
    const eventTime = isTime ? attributesOrTime : time
    if (this.events.length === this.sharedState.limits.eventCount) {
      this.droppedEventsCount++
      return this
    }
    if (this.events === noEvents) this.events = []
    this.events.push({ name, time: hrTime(eventTime ?? nowMs()), attributes: isTime ? {} : { ...attributesOrTime } })
    return this
  }

  addLink(link: Link): this {
    if (this.ended) return this
    if (this.links.length === this.sharedState.limits.linkCount) {
      this.droppedLinksCount++
      return this
    }
    if (this.links === noLinks) this.links = []
    this.links.push(link)
    return this
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link)
    return this
  }

  setStatus(status: SpanStatus): this {
    const isFinal = this.status.code === SpanStatusCode.OK || status.code === SpanStatusCode.UNSET
    if (this.ended || isFinal) return this
    const hasMessage = status.code === SpanStatusCode.ERROR && typeof status.message === 'string'
    this.status = hasMessage ? { code: status.code, message: status.message as string } : { code: status.code }
    return this
  }

  updateName(name: string): this {
    if (!this.ended) this.name = name
    return this
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', exceptionAttributes(exception), time)
  }

  isRecording(): boolean {
    return !this.ended
  }

  end(endTime?: TimeInput): void {
    if (this.ended) return
    const endMs = endTime === undefined ? nowMs() : inMs(endTime)
    this.endMs = Math.max(endMs, this.startMs)
    try {
      this.sharedState.processor.onEnd(this)
    } catch (error) {
      reportFailure('a span processor', error)
    }
  }

  get ended(): boolean {
    return this.endMs !== 0
  }

  get attributes(): Attributes {
    return mergeAttributes(this.sharedAttributes, this.ownAttributes)
  }

  get startTime(): HrTime {
    return millisToHrTime(this.startMs)
  }

  get endTime(): HrTime {
    return millisToHrTime(this.endMs)
  }

  get duration(): HrTime {
    return millisToHrTime(this.endMs - this.startMs)
  }

  get resource(): Resource {
    return this.sharedState.resource
  }

  get instrumentationScope(): InstrumentationScope {
    return this.sharedState.instrumentationScope
  }
}

// Shared by all spans without links or events, which are most.
const noLinks: Link[] = []
const noEvents: TimedEvent[] = []
const unset: SpanStatus = Object.freeze({ code: SpanStatusCode.UNSET })
// The API allows `performance.now()` as a time: smaller numbers are taken as such.
const earliestMs = performance.timeOrigin / 2

const isTimeInput = (value: unknown): value is TimeInput =>
  typeof value === 'number' || value instanceof Date || Array.isArray(value)
const hrTime = (time: TimeInput): HrTime => timeInputToHrTime(time)

function inMs(time: TimeInput): number {
  if (typeof time === 'number' && time > earliestMs) return time
  const [seconds, nanos] = hrTime(time)
  return seconds * 1000 + nanos / 1e6
}
