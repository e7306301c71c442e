import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { redactUrl } from './address'
import { nowMs } from './clock'
import type { Core } from './core'
import { errorType } from './errors'
import { httpBuckets, instruments } from './metrics'
import { writeTraceContext } from './propagation'
import { currentScope, runInSpan } from './scope'

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface FetchOptions {
  /** The `service.name` of the other side: `service.peer.name` on span and metric. */
  peer?: string
  /** What makes the call: another `fetch`, or in tests another app's `request`. */
  fetch?: (input: Request) => Response | Promise<Response>
}

/**
 * A `fetch` that makes one CLIENT span a call, writes `traceparent`, and counts `http.client.request.duration`.
 * The span ends with the answer's head; a status of 400 or more is an error there.
 * Source: semantic conventions 1.44, "HTTP client".
 */
export function clientFetch(core: Core) {
  const duration = instruments(core.meter).histogram('http.client.request.duration', {
    unit: 's',
    description: 'Duration of HTTP client requests',
    buckets: httpBuckets,
  })

  return ({ peer, fetch: send = fetch }: FetchOptions = {}): Fetch =>
    async (input, init) => {
      const request = new Request(input as Request, init)
      const startMs = nowMs()
      const parent = currentScope()
      const url = new URL(request.url)
      const labels: Attributes = {
        'http.request.method': request.method,
        'server.address': url.hostname,
        'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
        ...(peer && { 'service.peer.name': peer }),
      }
      const span = core.tracer.startSpan(
        request.method,
        { kind: SpanKind.CLIENT, startTime: startMs, attributes: { ...labels, 'url.full': redactUrl(url) } },
        parent?.context ?? ROOT_CONTEXT,
      )
      writeTraceContext(request.headers, span.spanContext())
      try {
        const response = await runInSpan(span, parent?.context ?? ROOT_CONTEXT, parent?.event, () => send(request))
        labels['http.response.status_code'] = response.status
        span.setAttribute('http.response.status_code', response.status)
        if (response.status >= 400) fail(String(response.status))
        return response
      } catch (error) {
        fail(errorType(error))
        throw error
      } finally {
        const endMs = nowMs()
        span.end(endMs)
        duration.record((endMs - startMs) / 1000, labels)
      }

      function fail(type: string): void {
        labels['error.type'] = type
        span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', type)
      }
    }
}
