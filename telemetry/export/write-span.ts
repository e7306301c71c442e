import type { HrTime, Link, SpanContext } from '@opentelemetry/api'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'
import { otlpValue, writeOtlpAttributes } from '../json/attributes'
import { fragment, type JsonWriter } from '../json/writer'
import { RecordingSpan } from '../traces/span'

/**
 * Writes a finished span as OTLP/JSON, member by member in the SDK's order: the bytes are those of its
 * `JsonTraceSerializer`, at a fifth of the cost. Source: opentelemetry-proto 1.9, `trace/v1/trace.proto`.
 */
export function writeSpan(out: JsonWriter, span: ReadableSpan): void {
  const isOurs = span instanceof RecordingSpan
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  const parent = span.parentSpanContext
  out.raw(json.traceId)
  out.ascii(traceId)
  out.raw(json.spanId)
  out.ascii(spanId)
  if (parent) {
    out.raw(json.parentSpanId)
    out.ascii(parent.spanId)
  }
  if (traceState) out.text(`","traceState":${JSON.stringify(traceState.serialize()).slice(0, -1)}`)
  out.raw(json.name)
  out.string(span.name)
  out.raw(kinds[span.kind] as Uint8Array)
  if (isOurs) out.nanos(span.startMs)
  else out.ascii(nanosOf(span.startTime))
  out.raw(json.endTime)
  if (isOurs) out.nanos(span.endMs)
  else out.ascii(nanosOf(span.endTime))
  out.raw(json.attributes)
  if (isOurs) writeOtlpAttributes(out, span.labels, span.own)
  else writeOtlpAttributes(out, [], span.attributes)
  if (isPlain(span)) out.raw(plainEnds[span.status.code] as Uint8Array)
  else out.text(endOf(span))
  out.ascii(String(flagsOf(traceFlags, parent)))
  out.raw(json.brace)
}

/** The SDK's pair of seconds and nanoseconds as OTLP's digits of nanoseconds. */
export const nanosOf = ([seconds, nanos]: HrTime): string =>
  (BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanos))).toString()

const json = {
  traceId: fragment('{"traceId":"'),
  spanId: fragment('","spanId":"'),
  parentSpanId: fragment('","parentSpanId":"'),
  name: fragment('","name":'),
  endTime: fragment('","endTimeUnixNano":"'),
  attributes: fragment('","attributes":['),
  brace: fragment('}'),
}
const kinds = [1, 2, 3, 4, 5].map((kind) => fragment(`,"kind":${kind},"startTimeUnixNano":"`))

type End = Pick<
  ReadableSpan,
  'droppedAttributesCount' | 'events' | 'droppedEventsCount' | 'status' | 'links' | 'droppedLinksCount'
>

function endOf({ droppedAttributesCount, events, droppedEventsCount, status, links, droppedLinksCount }: End): string {
  const said = status.message === undefined ? '' : `,"message":${JSON.stringify(status.message)}`
  return `],"droppedAttributesCount":${droppedAttributesCount},"events":[${events.map(eventJson)}],"droppedEventsCount":${droppedEventsCount},"status":{"code":${status.code}${said}},"links":[${links.map(linkJson)}],"droppedLinksCount":${droppedLinksCount},"flags":`
}

const eventJson = ({ name, time, attributes = {}, droppedAttributesCount = 0 }: TimedEvent) =>
  `{"attributes":${attributesJson(attributes)},"name":${JSON.stringify(name)},"timeUnixNano":"${nanosOf(time)}","droppedAttributesCount":${droppedAttributesCount}}`

function linkJson({ context, attributes = {}, droppedAttributesCount = 0 }: Link): string {
  const state = context.traceState ? `,"traceState":${JSON.stringify(context.traceState.serialize())}` : ''
  return `{"attributes":${attributesJson(attributes)},"spanId":"${context.spanId}","traceId":"${context.traceId}"${state},"droppedAttributesCount":${droppedAttributesCount},"flags":${flagsOf(context.traceFlags, context)}}`
}

function attributesJson(attributes: Record<string, unknown>): string {
  const members = Object.entries(attributes).map(([key, value]) => [JSON.stringify(key), otlpValue(value)])
  return `[${members.filter(([, value]) => value !== '').map(([key, value]) => `{"key":${key},"value":${value}}`)}]`
}

// Bit 8: whether the parent is remote is known; bit 9: it is. Source: opentelemetry-proto, `SpanFlags`.
const flagsOf = (traceFlags: number, parent: SpanContext | undefined) =>
  (traceFlags & 0xff) | 0x100 | (parent?.isRemote ? 0x200 : 0)

// All but a few spans have nothing between their attributes and their flags but the status.
function isPlain(span: ReadableSpan): boolean {
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span
  const isWhole = droppedAttributesCount + droppedEventsCount + droppedLinksCount === 0
  return isWhole && span.events.length === 0 && span.links.length === 0 && span.status.message === undefined
}

const nothing = { droppedAttributesCount: 0, events: [], droppedEventsCount: 0, links: [], droppedLinksCount: 0 }
const plainEnds = [0, 1, 2].map((code) => fragment(endOf({ ...nothing, status: { code } })))
