import type { HrTime, Link, SpanContext } from '@opentelemetry/api'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'
import { otlpAttributes, quote } from '../json'
import { otlpMembers } from '../labels'
import { RecordingSpan } from '../traces/span'
import { nanosOf, nanosOfMs } from './nanos'

/**
 * A finished span as OTLP/JSON, member by member in the SDK's order: the same bytes as its `JsonTraceSerializer` writes,
 * at a quarter of the cost. Source: opentelemetry-proto 1.9, `trace/v1/trace.proto`.
 */
export function spanJson(span: ReadableSpan): string {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  const parent = span.parentSpanContext
  const isOurs = span instanceof RecordingSpan
  return `{"traceId":"${traceId}","spanId":"${spanId}"${parent ? `,"parentSpanId":"${parent.spanId}"` : ''}${
    traceState ? `,"traceState":${quote(traceState.serialize())}` : ''
  },"name":${quote(span.name)},"kind":${span.kind + 1},"startTimeUnixNano":"${
    isOurs ? nanosOfMs(span.startMs) : nanosOf(span.startTime)
  }","endTimeUnixNano":"${isOurs ? nanosOfMs(span.endMs) : nanosOf(span.endTime)}","attributes":[${
    isOurs ? otlpMembers(span.labels, span.own) : otlpAttributes(span.attributes)
  }],"droppedAttributesCount":${span.droppedAttributesCount},"events":[${
    span.events.length === 0 ? '' : span.events.map(eventJson)
  }],"droppedEventsCount":${span.droppedEventsCount},"status":{"code":${span.status.code}${
    span.status.message === undefined ? '' : `,"message":${quote(span.status.message)}`
  }},"links":[${span.links.length === 0 ? '' : span.links.map(linkJson)}],"droppedLinksCount":${
    span.droppedLinksCount
  },"flags":${flagsOf(traceFlags, parent)}}`
}

function eventJson({ name, time, attributes = {}, droppedAttributesCount = 0 }: TimedEvent): string {
  return `{"attributes":[${otlpAttributes(attributes)}],"name":${quote(name)},"timeUnixNano":"${nanosOf(
    time as HrTime,
  )}","droppedAttributesCount":${droppedAttributesCount}}`
}

function linkJson({ context, attributes = {}, droppedAttributesCount = 0 }: Link): string {
  const state = context.traceState?.serialize()
  return `{"attributes":[${otlpAttributes(attributes)}],"spanId":"${context.spanId}","traceId":"${context.traceId}"${
    state === undefined ? '' : `,"traceState":${quote(state)}`
  },"droppedAttributesCount":${droppedAttributesCount},"flags":${flagsOf(context.traceFlags, context)}}`
}

// Bit 8: whether the parent is remote is known; bit 9: it is. Source: opentelemetry-proto, `SpanFlags`.
const flagsOf = (traceFlags: number, parent: SpanContext | undefined) =>
  (traceFlags & 0xff) | 0x100 | (parent?.isRemote ? 0x200 : 0)
