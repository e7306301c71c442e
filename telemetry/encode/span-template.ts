import type { Link, SpanContext, SpanKind } from '@opentelemetry/api'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'
import type { SharedAttributes } from '../shared-attributes'
import type { RecordingSpan } from '../traces/span'
import { otlpAttributes } from './attributes'
import { fragment, nanosWidth } from './json-writer'
import { nanosOf } from './nanos'
import { createTemplate } from './template'

/** What a span's JSON has in common with that of others of its kind: all but its ids, its times and its own attributes. */
export interface SpanTemplate {
  /** From the beginning to the attributes, with those that are shared. */
  head: Uint8Array
  traceAt: number
  spanAt: number
  /** -1 for a span without parent. */
  parentAt: number
  startAt: number
  endAt: number
  /** Whether there are attributes in the head. */
  hasAttributes: boolean
  /** From the attributes to the end. */
  end: Uint8Array
}

/** The form of any span. Source: opentelemetry-proto 1.9, `trace/v1/trace.proto`; the order is the SDK's. */
export function createSpanTemplate(span: ReadableSpan, labels: SharedAttributes): SpanTemplate {
  const { traceState } = span.spanContext()
  const hasParent = span.parentSpanContext !== undefined
  const { bytes, slots } = createTemplate(
    '{"traceId":"',
    32,
    '","spanId":"',
    16,
    ...(hasParent ? ['","parentSpanId":"', 16] : []),
    traceState ? `","traceState":${JSON.stringify(traceState.serialize()).slice(0, -1)}` : '',
    `","name":${JSON.stringify(span.name)},"kind":${span.kind + 1},"startTimeUnixNano":"`,
    nanosWidth,
    '","endTimeUnixNano":"',
    nanosWidth,
    '","attributes":[',
    labels.otlp,
  )
  const [traceAt = 0, spanAt = 0, third = 0, fourth = 0, fifth = 0] = slots
  const places = hasParent
    ? { parentAt: third, startAt: fourth, endAt: fifth }
    : { parentAt: -1, startAt: third, endAt: fourth }
  const hasAttributes = labels.otlp.length > 0
  return { head: bytes, traceAt, spanAt, ...places, hasAttributes, end: fragment(endOf(span)) }
}

/** Whether a span's JSON differs from that of others of its name and labels by no more than a form's holes. */
export function isPlain(span: RecordingSpan): boolean {
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount, events, links, status, context } = span
  return (
    droppedAttributesCount + droppedEventsCount + droppedLinksCount + events.length + links.length === 0 &&
    status.message === undefined &&
    context.traceState === undefined
  )
}

/** What must be alike for two plain spans to have one form. */
interface Kind {
  labels: SharedAttributes
  kind: SpanKind
  traceFlags: number
  statusCode: number
  /** 0 none, 1 local, 2 remote */
  parent: number
  form: SpanTemplate
}

// Names are few, and so are the kinds of spans that share one; beyond that, it begins anew.
const most = { names: 500, ofName: 24 }
const known = new Map<string, Kind[]>()

/** The form of a plain span, made once for its kind. */
export function cachedSpanTemplate(span: RecordingSpan): SpanTemplate {
  const kinds = known.get(span.name) ?? []
  const { sharedAttributes, kind } = span
  const { traceFlags } = span.context
  const statusCode = span.status.code
  const parent = span.parentSpanContext ? (span.parentSpanContext.isRemote ? 2 : 1) : 0
  for (const one of kinds) {
    if (one.labels !== sharedAttributes || one.parent !== parent || one.statusCode !== statusCode) continue
    if (one.kind === kind && one.traceFlags === traceFlags) return one.form
  }
  const form = createSpanTemplate(span, sharedAttributes)
  if (kinds.length === 0 && known.size >= most.names) known.clear()
  if (kinds.length >= most.ofName) kinds.length = 0
  kinds.push({ labels: sharedAttributes, kind, traceFlags, statusCode, parent, form })
  known.set(span.name, kinds)
  return form
}

function endOf(span: ReadableSpan): string {
  const { status, droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span
  const said = status.message === undefined ? '' : `,"message":${JSON.stringify(status.message)}`
  return `],"droppedAttributesCount":${droppedAttributesCount},"events":[${span.events.map(eventJson)}],"droppedEventsCount":${droppedEventsCount},"status":{"code":${status.code}${said}},"links":[${span.links.map(linkJson)}],"droppedLinksCount":${droppedLinksCount},"flags":${flagsOf(span.spanContext().traceFlags, span.parentSpanContext)}}`
}

function eventJson({ name, time, attributes = {}, droppedAttributesCount = 0 }: TimedEvent): string {
  return `{"attributes":[${otlpAttributes(attributes)}],"name":${JSON.stringify(name)},"timeUnixNano":"${nanosOf(time)}","droppedAttributesCount":${droppedAttributesCount}}`
}

function linkJson({ context, attributes = {}, droppedAttributesCount = 0 }: Link): string {
  const state = context.traceState ? `,"traceState":${JSON.stringify(context.traceState.serialize())}` : ''
  return `{"attributes":[${otlpAttributes(attributes)}],"spanId":"${context.spanId}","traceId":"${context.traceId}"${state},"droppedAttributesCount":${droppedAttributesCount},"flags":${flagsOf(context.traceFlags, context)}}`
}

// Bit 8: whether the parent is remote is known; bit 9: it is. Source: opentelemetry-proto, `SpanFlags`.
const flagsOf = (traceFlags: number, parent: SpanContext | undefined) =>
  (traceFlags & 0xff) | 0x100 | (parent?.isRemote ? 0x200 : 0)
