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
  /** The span above, here or elsewhere; without it a new trace begins. */
  parent?: SpanContext | undefined
  /** A trace that this span has to do with, without being part of it. */
  link?: SpanContext | undefined
  /** For sampling rules. */
  method?: string | undefined
  route?: string | undefined
}

/** Starts a span. What the instrumentation calls; the SDK or any other tracer can stand behind it. */
export type StartSpan = (name: string, start: SpanStartOptions) => Span

/** Starts spans of our own kind, which reach the SDK's span processors. */
export function spanStarter(
  origin: Omit<TracerSharedState, 'processor'>,
  sampling: ShouldSample,
  processors: SpanProcessor[],
): StartSpan {
  const [first] = processors
  const onEnd = (span: RecordingSpan) => {
    for (const processor of processors) runSafely('a span processor', () => processor.onEnd(span))
  }
  const processor = processors.length === 1 && first ? first : { onEnd }
  const shared: TracerSharedState = { ...origin, processor: processor as TracerSharedState['processor'] }
  // One without parameters does not want to know, and nobody needs to make a context for it.
  const starting = processors.filter(({ onStart }) => onStart.length > 0)
  const started = (span: RecordingSpan, parent: SpanContext | undefined) => {
    for (const one of starting) runSafely('a span processor', () => one.onStart(span, contextOf(parent)))
  }

  return (name, { kind = SpanKind.INTERNAL, startMs, attributes, sharedAttributes, parent, link, method, route }) => {
    const traceId = parent === undefined ? newTraceId() : parent.traceId
    const isKept = sampling(traceId, parent, method, route)
    const context: SpanContext = {
      traceId,
      spanId: newSpanId(),
      traceFlags: isKept ? TraceFlags.SAMPLED : TraceFlags.NONE,
    }
    if (parent?.traceState) context.traceState = parent.traceState
    if (!isKept) return trace.wrapSpanContext(context)
    const span = new RecordingSpan(shared, name, kind, context, parent, startMs)
    if (sharedAttributes) span.setSharedAttributes(sharedAttributes)
    if (attributes) span.setAttributes(attributes)
    if (link) span.addLink({ context: link })
    if (starting.length > 0) started(span, parent)
    return span
  }
}

/** Starts spans on any tracer: the seam for providers of another make. */
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

/** Puts rendered labels on a span of any make. */
export function setSharedAttributes(span: Span, labels: SharedAttributes): void {
  if (span instanceof RecordingSpan) span.setSharedAttributes(labels)
  else if (span.isRecording()) span.setAttributes(labels.attributes)
}

/** The API's context in which `parent` is the current span. */
export const contextOf = (parent: SpanContext | undefined): Context =>
  parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
