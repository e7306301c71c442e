import { createTraceState, INVALID_SPANID, INVALID_TRACEID, type SpanContext, TraceFlags } from '@opentelemetry/api'

const pattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/
const versionZeroLength = 55

/**
 * Reads W3C trace context headers. @returns `undefined` if they are absent or malformed.
 * Source: W3C Trace Context, sections 3.2 and 3.3.
 */
export function readTraceContext(headers: Headers): SpanContext | undefined {
  const header = headers.get('traceparent')
  if (header === null || !pattern.test(header)) return undefined
  const version = header.slice(0, 2)
  if (version === 'ff' || (version === '00' && header.length > versionZeroLength)) return undefined
  const [traceId, spanId] = [header.slice(3, 35), header.slice(36, 52)]
  if (traceId === INVALID_TRACEID || spanId === INVALID_SPANID) return undefined
  const traceFlags = Number.parseInt(header.slice(53, 55), 16) & TraceFlags.SAMPLED
  const context: SpanContext = { traceId, spanId, traceFlags, isRemote: true }
  const state = headers.get('tracestate')
  if (state && state.length <= 512) context.traceState = createTraceState(state)
  return context
}

/** Sets the W3C trace context headers of a call made inside `span`. */
export function writeTraceContext(headers: Headers, span: SpanContext): void {
  headers.set('traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags & TraceFlags.SAMPLED}`)
  const state = span.traceState?.serialize()
  if (state) headers.set('tracestate', state)
  else headers.delete('tracestate')
}
