import { SpanKind } from '@opentelemetry/api'
import type { Context, MiddlewareHandler } from 'hono'
import { type ActiveContext, activeContext, withContext } from '../active-context'
import { epochMs } from '../clock'
import type { Core } from '../core'
import { reportFailure } from '../diagnostics'
import { memoize } from '../memoize'
import { type Baggage, readBaggage } from '../traces/baggage'
import { readTraceContext } from '../traces/trace-context'
import { networkOf } from './address'
import { Exchange, type Outcome } from './exchange'
import { flushAfterRequest } from './flush-after-request'
import { methodAttribute, methodInSpanName } from './request-attributes'
import { type BodyEnd, observeBodyEnd, streamedBodyOf, trackResponseSource } from './response-body'
import { routeOf, routesOf } from './route'
import type { ServerRecorder } from './server-recorder'

export interface MiddlewareOptions {
  /** Whether to continue the caller's trace and accept its baggage; by default a new trace starts, linked to the caller's. */
  trustsCaller?: (request: Request) => boolean
  /** The IP address of a caller that is not trusted; only its network (/24, /48) is recorded. */
  clientAddress?: (c: Context) => string | undefined
  /** Keys of baggage entries that are accepted from a caller that is not trusted. */
  acceptedBaggageKeys?: (c: Context) => readonly string[]
  /**
   * Whether to export each request's signals before the platform may freeze the process, with `executionCtx.waitUntil`; by
   * default on AWS Lambda only.
   */
  flushPerRequest?: boolean
}

// Reading `request.signal` is slow, and clients rarely disconnect within 5 ms: it is read for slower requests only.
const abortAfterMs = 5

/**
 * Creates the middleware: one SERVER span, the RED metrics and one wide event per request, and `X-Trace-Id` on each
 * response. A request ends with its body, also if that is streamed. Source: semantic conventions 1.44, "HTTP server".
 * @param flush exports all queued signals.
 * @param isServerless the default of `flushPerRequest`.
 */
export function serverMiddleware(
  core: Core,
  recorder: ServerRecorder,
  flush: () => Promise<void>,
  isServerless: boolean,
) {
  const cachedNetworkOf = memoize(networkOf)
  let hasWarned = false

  return (options: MiddlewareOptions = {}): MiddlewareHandler => {
    const {
      trustsCaller = trustsNone,
      clientAddress = unknownAddress,
      acceptedBaggageKeys,
      flushPerRequest = isServerless,
    } = options

    return function telemetry(c, next) {
      const parentContext = enclosingContext()
      // In a nested app the middleware sees the same request again; its `Request` may have been replaced meanwhile.
      const outer = parentContext?.exchange
      if (outer && (outer.c === c || outer.request === c.req.raw)) return next()
      const exchange = startExchange(c, parentContext)
      if (flushPerRequest) exchange.onEnd = flushAfterRequest(c, flush) ?? warnOnce
      recorder.start(exchange)
      trackResponseSource(c, exchange)
      return withContext(exchange, () => next().then(onResponse, onError))

      function onResponse(): void {
        completeResponse(exchange)
      }
      function onError(error: unknown): never {
        end(exchange, { status: 500, endMs: exchange.nowMs(), error, bodyEnd: undefined })
        throw error
      }
    }

    function warnOnce(): void {
      if (hasWarned) return
      hasWarned = true
      core.log.warn(
        'signals may be exported with the next request only: there is no executionCtx.waitUntil; on AWS Lambda use lambdaHandler of @vitrine/telemetry/aws-lambda',
      )
    }

    function startExchange(c: Context, parentContext: ActiveContext | undefined): Exchange {
      const started = performance.now()
      const startMs = epochMs(started)
      const request = c.req.raw
      const routes = routesOf(c)
      const method = methodAttribute(request.method)
      const inbound = readTraceContext(request.headers)
      const isTrusted =
        (inbound !== undefined || hasBaggage(request, trustsCaller)) && callOption(() => trustsCaller(request), false)
      const span = core.startSpan(methodInSpanName(method), {
        kind: SpanKind.SERVER,
        startMs,
        // A request to an app in the same process is a child of the span that sends it.
        parent: isTrusted ? inbound : parentContext?.span.spanContext(),
        link: isTrusted || parentContext ? undefined : inbound,
        method,
        route: routeOf(c, routes),
      })
      const baggage = baggageOf(c, isTrusted) ?? parentContext?.exchange?.baggage
      // Trusted callers have spans of their own. Reading the socket's address is slower than all the rest here.
      const client = isTrusted ? undefined : cachedNetworkOf(callOption(() => clientAddress(c), undefined) ?? '')
      return new Exchange(c, routes, startMs, started, method, span, baggage, client)
    }

    function completeResponse(exchange: Exchange): void {
      const { c } = exchange
      const endMs = exchange.nowMs()
      if (!c.finalized) {
        // Hono responds with 500 after this has returned.
        c.header('X-Trace-Id', exchange.span.spanContext().traceId)
        end(exchange, { status: 500, endMs, error: new NoResponse(), bodyEnd: undefined })
        return
      }
      setTraceIdHeader(exchange)
      const { status } = c.res
      const body = streamedBodyOf(c, exchange.responseSource)
      if (body === null) {
        end(exchange, {
          status,
          endMs,
          error: c.error,
          bodyEnd: hasDisconnected(exchange, endMs) ? 'aborted' : undefined,
        })
        return
      }
      const sent = (bodyEnd: BodyEnd) => end(exchange, { status, endMs: exchange.nowMs(), error: c.error, bodyEnd })
      replaceResponse(
        c,
        observeBodyEnd(c.res, body, (bodyEnd) => withContext(exchange, () => sent(bodyEnd))),
      )
    }

    function end(exchange: Exchange, outcome: Outcome): void {
      exchange.hasEnded = true
      try {
        recorder.end(exchange, outcome)
      } catch (error) {
        reportFailure('recording a request', error)
        exchange.span.end(outcome.endMs)
      }
      exchange.onEnd?.()
    }

    function baggageOf(c: Context, isTrusted: boolean): Baggage | undefined {
      if (isTrusted) return readBaggage(c.req.raw.headers)
      const keys = acceptedBaggageKeys && callOption(() => acceptedBaggageKeys(c), [])
      return keys && keys.length > 0 ? readBaggage(c.req.raw.headers, keys) : undefined
    }
  }
}

/** The context that a request is part of: another request in progress, or a span that has not ended. */
function enclosingContext(): ActiveContext | undefined {
  const parentContext = activeContext()
  // A server started inside a request or span inherits its context, even after that has ended.
  const isInProgress = parentContext?.exchange ? !parentContext.exchange.hasEnded : parentContext?.span.isRecording()
  return isInProgress ? parentContext : undefined
}

function setTraceIdHeader({ c, span }: Exchange): void {
  const { traceId } = span.spanContext()
  try {
    c.res.headers.set('X-Trace-Id', traceId)
  } catch {
    // The headers of a response of `fetch()` may be immutable: Hono then copies the response.
    c.header('X-Trace-Id', traceId)
  }
}

// In two steps: otherwise Hono merges the headers of both responses.
function replaceResponse(c: Context, response: Response): void {
  c.res = undefined
  c.res = response
}

function hasDisconnected({ startMs, request }: Exchange, endMs: number): boolean {
  return endMs - startMs > abortAfterMs && request.signal.aborted
}

const hasBaggage = (request: Request, trusts: unknown) => trusts !== trustsNone && request.headers.has('baggage')

/** Calls an option of the program. An exception is reported and does not fail the request. */
function callOption<T>(call: () => T, fallback: T): T {
  try {
    return call()
  } catch (error) {
    reportFailure('an option of the middleware', error)
    return fallback
  }
}

class NoResponse extends Error {
  override name = 'NoResponse'
  override message = 'no handler returned a response: return one, and await next() in every middleware'
}

const trustsNone = () => false
const unknownAddress = () => undefined
