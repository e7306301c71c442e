import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { epochMs } from '../clock'
import type { Core } from '../core'
import { errorType } from '../errors'
import { memo } from '../labels'
import { type Histogram, instruments } from '../metrics/instruments'
import { currentScope, runInSpan } from '../scope'
import { layer } from '../signals'
import { writeBaggage } from '../traces/baggage'
import { writeTraceContext } from '../traces/trace-context'
import { label } from '../traces/tracer'
import { redactUrl } from './address'
import { callLabels } from './client-labels'
import { methodInName, methodLabel } from './method'
import { partsOf } from './url'

export type Fetch = (input: string | URL | Request, init?: TracedInit) => Promise<Response>

export interface TracedInit extends RequestInit {
  /** How often this call was made before: 1 for the first repetition. On the span as `http.request.resend_count`. */
  resendCount?: number
}

export interface FetchOptions {
  /** The `service.name` of the other side: `service.peer.name` on span and metric. */
  peer?: string
  /** What makes the call: another `fetch`, or in tests another app's `request`. */
  fetch?: (input: Request, init?: RequestInit) => Response | Promise<Response>
  /** Whether the other side learns of the trace and gets the baggage; `false` for strangers. */
  propagates?: boolean
}

/**
 * A `fetch` that makes one CLIENT span a call, writes `traceparent` and `baggage`, and counts
 * `http.client.request.duration`. The span ends with the answer's head; a status of 400 or more is an error there.
 * Source: semantic conventions 1.44, "HTTP client".
 */
export function clientFetch(core: Core) {
  const duration = instruments(core.meter).histogram(layer.metrics.clientDuration) as Histogram
  const shownUrl = memo(redactUrl)

  return ({ peer, fetch: send = fetch, propagates = true }: FetchOptions = {}): Fetch => {
    const labelsOf = callLabels(peer)

    return async (input, init) => {
      const request = new Request(input as Request, init)
      const own = init && platformOptions(init)
      const started = performance.now()
      const startMs = epochMs(started)
      const around = currentScope()
      const method = methodLabel(request.method)
      const span = core.startSpan(methodInName(method), {
        kind: SpanKind.CLIENT,
        startMs,
        parent: around?.span.spanContext(),
      })
      if (propagates) {
        writeTraceContext(request.headers, span.spanContext())
        writeBaggage(request.headers, around?.exchange?.baggage)
      }
      try {
        const response = await runInSpan(span, () => (own ? send(request, own) : send(request)))
        end(response.status, response.status >= 400 ? String(response.status) : undefined)
        return response
      } catch (error) {
        end(undefined, errorType(error))
        throw error
      }

      function end(status: number | undefined, failure: string | undefined): void {
        const endMs = startMs + performance.now() - started
        const { url } = request
        const labels = labelsOf({ method, origin: partsOf(url).origin, status, failure })
        duration.record((endMs - startMs) / 1000, labels.attributes)
        if (span.isRecording()) {
          label(span, labels)
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

function platformOptions(init: TracedInit): RequestInit | undefined {
  let own: Record<string, unknown> | undefined
  for (const key in init) {
    if (inRequest.has(key)) continue
    own ??= {}
    own[key] = init[key as keyof TracedInit]
  }
  return own
}
