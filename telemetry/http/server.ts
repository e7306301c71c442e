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
import { type BodyEnd, Exchange, type Outcome } from './exchange'
import { flushAfterRequest } from './flush-after-request'
import { methodAttribute, methodInSpanName } from './method'
import { observeBodyEnd, streamedBodyOf, trackResponseSource } from './response-body'
import { routeOf, routesOf } from './route'
import type { ServerRecorder } from './server-recorder'

export interface MiddlewareOptions {
  /** Whether to continue the caller's trace and take its baggage. Otherwise a new trace starts, with a link to the caller's. */
  trustsCaller?: (request: Request) => boolean
  /** The address of a caller who is not trusted; only its network (/24, /48) is recorded. */
  clientAddress?: (c: Context) => string | undefined
  /** Keys of baggage that are taken from a caller that is not trusted. */
  acceptedBaggageKeys?: (c: Context) => readonly string[]
  /**
   * Sends the signals of each request before the platform may freeze the process, by `executionCtx.waitUntil`; by default
   * on AWS Lambda only.
   */
  flushPerRequest?: boolean
}

// That a client has left shows only on the request's signal, which costs to ask for; nobody leaves so soon.
const abortAfterMs = 5

/**
 * One SERVER span, the RED metrics, and one wide log event for each request; `X-Trace-Id` on each answer. Where the body
 * is streamed, they end with it. Source: semantic conventions 1.44, "HTTP server".
 * @param flush sends what is queued.
 * @param isServerless whether to do so for each request, where the options don't say.
 */
export function serverMiddleware(
  core: Core,
  report: ServerRecorder,
  flush: () => Promise<void>,
  isServerless: boolean,
) {
  const network = memoize(networkOf)
  let hasWarned = false

  return (options: MiddlewareOptions = {}): MiddlewareHandler => {
    const {
      trustsCaller = never,
      clientAddress = unknown,
      acceptedBaggageKeys,
      flushPerRequest = isServerless,
    } = options

    return function telemetry(c, next) {
      const around = enclosing()
      // Met again in a nested app, it is the same request; its body may have been read and replaced meanwhile.
      const outer = around?.exchange
      if (outer && (outer.c === c || outer.request === c.req.raw)) return next()
      const exchange = begin(c, around)
      if (flushPerRequest) exchange.onEnd = flushAfterRequest(c, flush) ?? warnOnce
      report.start(exchange)
      trackResponseSource(c, exchange)
      return withContext(exchange, () => next().then(answered, failed))

      function answered(): void {
        answer(exchange)
      }
      function failed(error: unknown): never {
        end(exchange, { status: 500, endMs: exchange.nowMs(), error, bodyEnd: undefined })
        throw error
      }
    }

    function warnOnce(): void {
      if (hasWarned) return
      hasWarned = true
      core.log.warn(
        'signals may wait for the next request: there is no executionCtx.waitUntil; on AWS Lambda use lambdaHandler of @vitrine/telemetry/aws-lambda',
      )
    }

    function begin(c: Context, around: ActiveContext | undefined): Exchange {
      const started = performance.now()
      const startMs = epochMs(started)
      const request = c.req.raw
      const routes = routesOf(c)
      const method = methodAttribute(request.method)
      const inbound = readTraceContext(request.headers)
      const isTrusted =
        (inbound !== undefined || hasBaggage(request, trustsCaller)) && guarded(() => trustsCaller(request), false)
      const span = core.startSpan(methodInSpanName(method), {
        kind: SpanKind.SERVER,
        startMs,
        // A request to an app of this very process is a part of what makes it.
        parent: isTrusted ? inbound : around?.span.spanContext(),
        link: isTrusted || around ? undefined : inbound,
        method,
        route: routeOf(c, routes),
      })
      const baggage = baggageOf(c, isTrusted) ?? around?.exchange?.baggage
      // Who is trusted has a span of its own, which names it; the socket's address takes longer to get than all the rest.
      const client = isTrusted ? undefined : network(guarded(() => clientAddress(c), undefined) ?? '')
      return new Exchange(c, routes, startMs, started, method, span, baggage, client)
    }

    function answer(exchange: Exchange): void {
      const { c } = exchange
      const endMs = exchange.nowMs()
      if (!c.finalized) {
        // hono answers 500, once this has returned.
        c.header('X-Trace-Id', exchange.span.spanContext().traceId)
        end(exchange, { status: 500, endMs, error: new NoAnswer(), bodyEnd: undefined })
        return
      }
      tag(exchange)
      const { status } = c.res
      const body = streamedBodyOf(c, exchange.responseSource)
      if (body === null) {
        end(exchange, { status, endMs, error: c.error, bodyEnd: hasLeft(exchange, endMs) ? 'aborted' : undefined })
        return
      }
      const sent = (bodyEnd: BodyEnd) => end(exchange, { status, endMs: exchange.nowMs(), error: c.error, bodyEnd })
      replace(
        c,
        observeBodyEnd(c.res, body, (bodyEnd) => withContext(exchange, () => sent(bodyEnd))),
      )
    }

    function end(exchange: Exchange, outcome: Outcome): void {
      exchange.hasEnded = true
      try {
        report.end(exchange, outcome)
      } catch (error) {
        reportFailure('the report of a request', error)
        exchange.span.end(outcome.endMs)
      }
      exchange.onEnd?.()
    }

    function baggageOf(c: Context, isTrusted: boolean): Baggage | undefined {
      if (isTrusted) return readBaggage(c.req.raw.headers)
      const keys = acceptedBaggageKeys && guarded(() => acceptedBaggageKeys(c), [])
      return keys && keys.length > 0 ? readBaggage(c.req.raw.headers, keys) : undefined
    }
  }
}

/** The scope that a request may be a part of: that of another request, or of a span that has not ended. */
function enclosing(): ActiveContext | undefined {
  const around = activeContext()
  // A server that was started inside a request or a span stays in its scope for ever.
  const isUnderWay = around?.exchange ? !around.exchange.hasEnded : around?.span.isRecording()
  return isUnderWay ? around : undefined
}

function tag({ c, span }: Exchange): void {
  const { traceId } = span.spanContext()
  try {
    c.res.headers.set('X-Trace-Id', traceId)
  } catch {
    // Headers of an answer that came from fetch() can't be changed everywhere: hono makes it anew.
    c.header('X-Trace-Id', traceId)
  }
}

// In two steps: hono would merge the headers of both.
function replace(c: Context, response: Response): void {
  c.res = undefined
  c.res = response
}

function hasLeft({ startMs, request }: Exchange, endMs: number): boolean {
  return endMs - startMs > abortAfterMs && request.signal.aborted
}

const hasBaggage = (request: Request, trusts: unknown) => trusts !== never && request.headers.has('baggage')

/** What a program passes in may fail; its requests must not. */
function guarded<T>(ask: () => T, otherwise: T): T {
  try {
    return ask()
  } catch (error) {
    reportFailure('an option of the middleware', error)
    return otherwise
  }
}

class NoAnswer extends Error {
  override name = 'NoAnswer'
  override message = 'no handler gave an answer: return one, and await next() in every middleware'
}

const never = () => false
const unknown = () => undefined
