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
import { methodAttribute, methodInSpanName } from './method'
import { splitUrl } from './url'

export type Fetch = (input: string | URL | Request, init?: TracedRequestInit) => Promise<Response>

export interface TracedRequestInit extends RequestInit {
  /** How often this call was made before: 1 for the first repetition. On the span as `http.request.resend_count`. */
  resendCount?: number
}

export interface FetchOptions {
  /** The `service.name` of the other side: `service.peer.name` on span and metric. */
  peer?: string
  /** What makes the call: another `fetch`, or in tests another app's `request`. */
  fetch?: (input: Request, init?: RequestInit) => Response | Promise<Response>
  /** Whether the other side learns of the trace and gets the baggage; `false` for strangers. */
  propagateContext?: boolean
}

/**
 * A `fetch` that makes one CLIENT span a call, writes `traceparent` and `baggage`, and counts
 * `http.client.request.duration`. The span ends with the answer's head; a status of 400 or more is an error there.
 * Source: semantic conventions 1.44, "HTTP client".
 */
export function clientFetch(core: Core) {
  const duration = instruments(core.meter).histogram(builtInDeclarations.metrics.clientDuration) as Histogram
  const shownUrl = memoize(redactUrl)

  return ({ peer, fetch: send = fetch, propagateContext = true }: FetchOptions = {}): Fetch => {
    const labelsOf = clientAttributes(peer)

    return async (input, init) => {
      const request = new Request(input as Request, init)
      const own = init && platformOptions(init)
      const started = performance.now()
      const startMs = epochMs(started)
      const around = activeContext()
      const method = methodAttribute(request.method)
      const span = core.startSpan(methodInSpanName(method), {
        kind: SpanKind.CLIENT,
        startMs,
        parent: around?.span.spanContext(),
      })
      if (propagateContext) {
        writeTraceContext(request.headers, span.spanContext())
        writeBaggage(request.headers, around?.exchange?.baggage)
      }
      try {
        const response = await withSpan(span, () => (own ? send(request, own) : send(request)))
        end(response.status, response.status >= 400 ? String(response.status) : undefined)
        return response
      } catch (error) {
        end(undefined, errorType(error))
        throw error
      }

      function end(status: number | undefined, failure: string | undefined): void {
        const endMs = startMs + performance.now() - started
        const { url } = request
        const labels = labelsOf({ method, origin: splitUrl(url).origin, status, failure })
        duration.record((endMs - startMs) / 1000, labels.attributes)
        if (span.isRecording()) {
          setSharedAttributes(span, labels)
          span.setAttribute('url.full', shownUrl(url))
          if (init?.resendCount) span.setAttribute('http.request.resend_count', init.resendCount)
          if (failure) span.setStatus({ code: SpanStatusCode.ERROR })
        }
        span.end(endMs)
      }
    }
  }
}

// What a Request holds. All else (`unix`, `proxy`, `tls`, `dispatcher`) is the platform's, and lost with the init.
const inRequest = new Set(
  'method headers body mode credentials cache redirect referrer referrerPolicy integrity keepalive signal window duplex priority resendCount'.split(
    ' ',
  ),
)

function platformOptions(init: TracedRequestInit): RequestInit | undefined {
  let own: Record<string, unknown> | undefined
  for (const key in init) {
    if (inRequest.has(key)) continue
    own ??= {}
    own[key] = init[key as keyof TracedRequestInit]
  }
  return own
}
