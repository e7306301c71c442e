import { createTraceState, type SpanContext, TraceFlags } from '@opentelemetry/api'

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * Reads W3C trace context headers. Anything malformed gives `undefined`, as the recommendation asks.
 * Source: W3C Trace Context, sections 3.2 and 3.3.
 */
export function readTraceContext(headers: Headers): SpanContext | undefined {
  const header = headers.get('traceparent')
  if (header === null) return undefined
  const [, version, traceId, spanId, flags, rest] = pattern.exec(header) ?? []
  if (!version || !traceId || !spanId || !flags || version === 'ff') return undefined
  if (version === '00' && rest) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  const state = headers.get('tracestate')
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(state && state.length <= 512 && { traceState: createTraceState(state) }),
  }
}

/** Writes W3C trace context headers for a call made inside `span`, in place of any others. */
export function writeTraceContext(headers: Headers, span: SpanContext): void {
  headers.set('traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags & TraceFlags.SAMPLED}`)
  const state = span.traceState?.serialize()
  if (state) headers.set('tracestate', state)
  else headers.delete('tracestate')
}
