import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import { runSafely } from '../diagnostics'
import type { SharedAttributes } from '../shared-attributes'
import { newSpanId, newTraceId } from './ids'
import type { ShouldSample } from './sampling'
import { RecordingSpan, type TracerSharedState } from './span'

interface SpanStartOptions {
  kind?: SpanKind
  /** Milliseconds since the epoch, with fractions. */
  startMs: number
  attributes?: Attributes | undefined
  sharedAttributes?: SharedAttributes | undefined
  /** The parent, local or remote; without it the span starts a new trace. */
  parent?: SpanContext | undefined
  /** A span of another trace to link to. */
  link?: SpanContext | undefined
  /** For sampling rules. */
  method?: string | undefined
  route?: string | undefined
}

/** Starts a span: with our own tracer or with any tracer of the OpenTelemetry API. */
export type StartSpan = (name: string, start: SpanStartOptions) => Span

/** Starts `RecordingSpan`s and passes them to the SDK's span processors. */
export function spanStarter(
  state: Omit<TracerSharedState, 'processor'>,
  shouldSample: ShouldSample,
  processors: SpanProcessor[],
): StartSpan {
  const [first] = processors
  const onEnd = (span: RecordingSpan) => {
    for (const processor of processors) runSafely('a span processor', () => processor.onEnd(span))
  }
  const processor = processors.length === 1 && first ? first : { onEnd }
  const tracerState: TracerSharedState = { ...state, processor: processor as TracerSharedState['processor'] }
  // An `onStart` without parameters needs no context: creating one is skipped.
  const startProcessors = processors.filter(({ onStart }) => onStart.length > 0)
  const notifyStart = (span: RecordingSpan, parent: SpanContext | undefined) => {
    for (const each of startProcessors) runSafely('a span processor', () => each.onStart(span, contextOf(parent)))
  }

  return (name, { kind = SpanKind.INTERNAL, startMs, attributes, sharedAttributes, parent, link, method, route }) => {
    const traceId = parent === undefined ? newTraceId() : parent.traceId
    const isSampled = shouldSample(traceId, parent, method, route)
    const context: SpanContext = {
      traceId,
      spanId: newSpanId(),
      traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    }
    if (parent?.traceState) context.traceState = parent.traceState
    if (!isSampled) return trace.wrapSpanContext(context)
    const span = new RecordingSpan(tracerState, name, kind, context, parent, startMs)
    if (sharedAttributes) span.setSharedAttributes(sharedAttributes)
    if (attributes) span.setAttributes(attributes)
    if (link) span.addLink({ context: link })
    if (startProcessors.length > 0) notifyStart(span, parent)
    return span
  }
}

/** Starts spans on any tracer of the OpenTelemetry API. */
export const spanStarterOn =
  (tracer: Tracer): StartSpan =>
  (name, { kind = SpanKind.INTERNAL, startMs, attributes, sharedAttributes, parent, link }) =>
    tracer.startSpan(
      name,
      {
        kind,
        startTime: startMs,
        attributes: { ...sharedAttributes?.attributes, ...attributes },
        ...(link && { links: [{ context: link }] }),
      },
      contextOf(parent),
    )

/** Sets shared attributes on any span: as encoded bytes on our own, one by one on others. */
export function setSharedAttributes(span: Span, shared: SharedAttributes): void {
  if (span instanceof RecordingSpan) span.setSharedAttributes(shared)
  else if (span.isRecording()) span.setAttributes(shared.attributes)
}

/** An OpenTelemetry context in which `parent` is the current span. */
export const contextOf = (parent: SpanContext | undefined): Context =>
  parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
