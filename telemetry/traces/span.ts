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

/** What the spans of one tracer have in common. */
export interface TracerSharedState {
  resource: Resource
  instrumentationScope: InstrumentationScope
  limits: SpanLimits
  /** Receives each span that ends. */
  processor: Pick<SpanProcessor, 'onEnd'>
}

/**
 * A span being recorded: the API's `Span` to those who write it, the SDK's `ReadableSpan` to processors and exporters.
 * A third of the SDK's cost: times are plain milliseconds until somebody asks, and attributes that repeat are `Labels`.
 */
export class RecordingSpan implements Span, ReadableSpan {
  links: Link[] = noLinks
  events: TimedEvent[] = noEvents
  /** What was set on this span alone. */
  ownAttributes: Attributes = {}
  /** What it shares with others of its kind. */
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

  /** Says what it shares with others of its kind. What is set on the span itself wins over it. */
  setSharedAttributes(labels: SharedAttributes): this {
    if (this.ended) return this
    this.sharedAttributes = labels
    if (haveCommonKey(labels, this.ownAttributes)) this.unlabel()
    return this
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (value === undefined || key === '' || this.ended) return this
    const { attributeCount, attributeValueLength } = this.sharedState.limits
    if (key in this.sharedAttributes.attributes) this.unlabel()
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

  // No key may stand both in what is shared and in what is not.
  private unlabel(): void {
    this.ownAttributes = mergeAttributes(this.sharedAttributes, this.ownAttributes)
    this.sharedAttributes = noSharedAttributes
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.ended) return this
    const isTime = isTimeInput(attributesOrTime)
    const at = isTime ? attributesOrTime : time
    if (this.events.length === this.sharedState.limits.eventCount) {
      this.droppedEventsCount++
      return this
    }
    if (this.events === noEvents) this.events = []
    this.events.push({ name, time: hrTime(at ?? nowMs()), attributes: isTime ? {} : { ...attributesOrTime } })
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
    const says = status.code === SpanStatusCode.ERROR && typeof status.message === 'string'
    this.status = says ? { code: status.code, message: status.message as string } : { code: status.code }
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

// Most spans have none: no need to make empty lists.
const noLinks: Link[] = []
const noEvents: TimedEvent[] = []
const unset: SpanStatus = Object.freeze({ code: SpanStatusCode.UNSET })
// Smaller numbers are `performance.now()`, as the API allows.
const earliestMs = performance.timeOrigin / 2

const isTimeInput = (value: unknown): value is TimeInput =>
  typeof value === 'number' || value instanceof Date || Array.isArray(value)
const hrTime = (time: TimeInput): HrTime => timeInputToHrTime(time)

function inMs(time: TimeInput): number {
  if (typeof time === 'number' && time > earliestMs) return time
  const [seconds, nanos] = hrTime(time)
  return seconds * 1000 + nanos / 1e6
}
