import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { activeContext, withSpan } from '../active-context'
import { builtInDeclarations } from '../built-in-declarations'
import { epochMs } from '../clock'
import type { Core } from '../core'
import { errorType } from '../errors'
import { memoize } from '../memoize'
import { type Histogram, instruments } from '../metrics/instruments'
import { writeBaggage } from '../traces/baggage'
import { writeTraceContext } from '../traces/trace-context'
import { setSharedAttributes } from '../traces/tracer'
import { redactUrl } from './address'
import { clientAttributes } from './client-attributes'
import { methodAttribute, methodInSpanName, splitUrl } from './request-attributes'

export type Fetch = (input: string | URL | Request, init?: TracedRequestInit) => Promise<Response>

export interface TracedRequestInit extends RequestInit {
  /** The number of earlier attempts, recorded as `http.request.resend_count`: 1 for the first retry. */
  resendCount?: number
}

export interface FetchOptions {
  /** The `service.name` of the called service, recorded as `service.peer.name` on span and metric. */
  peer?: string
  /** Sends the request: the global `fetch` by default, in tests another app's `request`. */
  fetch?: (input: Request, init?: RequestInit) => Response | Promise<Response>
  /** Whether to send `traceparent` and `baggage`; `true` by default. Use `false` for third parties. */
  propagateContext?: boolean
}

/**
 * Creates a `fetch` that starts one CLIENT span per call, sends `traceparent` and `baggage`, and records
 * `http.client.request.duration`. The span ends with the response headers; a status of 400 or more is an error.
 * Source: semantic conventions 1.44, "HTTP client".
 */
export function clientFetch(core: Core) {
  const duration = instruments(core.meter).histogram(builtInDeclarations.metrics.clientDuration) as Histogram
  const redactedUrl = memoize(redactUrl)

  return ({ peer, fetch: send = fetch, propagateContext = true }: FetchOptions = {}): Fetch => {
    const attributesOf = clientAttributes(peer)

    return async (input, init) => {
      const request = new Request(input as Request, init)
      const platformInit = init && platformOptions(init)
      const started = performance.now()
      const startMs = epochMs(started)
      const context = activeContext()
      const method = methodAttribute(request.method)
      const span = core.startSpan(methodInSpanName(method), {
        kind: SpanKind.CLIENT,
        startMs,
        parent: context?.span.spanContext(),
      })
      if (propagateContext) {
        writeTraceContext(request.headers, span.spanContext())
        writeBaggage(request.headers, context?.exchange?.baggage)
      }
      try {
        const response = await withSpan(span, () => (platformInit ? send(request, platformInit) : send(request)))
        end(response.status, response.status >= 400 ? String(response.status) : undefined)
        return response
      } catch (error) {
        end(undefined, errorType(error))
        throw error
      }

      function end(status: number | undefined, failure: string | undefined): void {
        const endMs = startMs + performance.now() - started
        const { url } = request
        const shared = attributesOf({ method, origin: splitUrl(url).origin, status, failure })
        duration.record((endMs - startMs) / 1000, shared.attributes)
        if (span.isRecording()) {
          setSharedAttributes(span, shared)
          span.setAttribute('url.full', redactedUrl(url))
          if (init?.resendCount) span.setAttribute('http.request.resend_count', init.resendCount)
          if (failure) span.setStatus({ code: SpanStatusCode.ERROR })
        }
        span.end(endMs)
      }
    }
  }
}

// Options that a `Request` carries. The platform's own (`unix`, `proxy`, `tls`, `dispatcher`) are passed to `fetch` again.
const requestInitKeys = new Set(
  'method headers body mode credentials cache redirect referrer referrerPolicy integrity keepalive signal window duplex priority resendCount'.split(
    ' ',
  ),
)

function platformOptions(init: TracedRequestInit): RequestInit | undefined {
  let options: Record<string, unknown> | undefined
  for (const key in init) {
    if (requestInitKeys.has(key)) continue
    options ??= {}
    options[key] = init[key as keyof TracedRequestInit]
  }
  return options
}
