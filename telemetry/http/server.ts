import { SpanKind } from '@opentelemetry/api'
import type { Context, MiddlewareHandler } from 'hono'
import { nowMs } from '../clock'
import type { Core } from '../core'
import { memo } from '../labels'
import { currentScope, runIn, type Scope } from '../scope'
import { type Baggage, readBaggage } from '../traces/baggage'
import { readTraceContext } from '../traces/trace-context'
import { networkOf } from './address'
import { streamOf, untilSent, watchAnswer } from './answer'
import { type BodyEnd, Exchange, type Outcome } from './exchange'
import { methodInName, methodLabel } from './method'
import { routeOf, routesOf } from './route'
import { serverReport } from './server-report'
import { afterAll } from './wait-until'

export interface MiddlewareOptions {
  /** Whether to continue the caller's trace and take its baggage. Otherwise a new trace starts, with a link to the caller's. */
  trusts?: (request: Request) => boolean
  /** The caller's address; only its network (/24, /48) is recorded. */
  clientAddress?: (c: Context) => string | undefined
  /** Keys of baggage that are taken from a caller that is not trusted. */
  acceptsBaggage?: (c: Context) => readonly string[]
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
export function serverMiddleware(core: Core, flush: () => Promise<void>, isServerless: boolean) {
  const report = serverReport(core)
  const network = memo(networkOf)

  return (options: MiddlewareOptions = {}): MiddlewareHandler => {
    const { trusts = never, clientAddress = unknown, acceptsBaggage, flushPerRequest = isServerless } = options

    return function telemetry(c, next) {
      const around = enclosing()
      // Met again in a nested app, it is the same request.
      if (around?.exchange?.request === c.req.raw) return next()
      const exchange = begin(c, around)
      if (flushPerRequest) exchange.onEnd = afterAll(c, flush)
      report.began(exchange)
      watchAnswer(c, exchange)
      return runIn(exchange, () => next().then(answered, failed))

      function answered(): void {
        answer(exchange)
      }
      function failed(error: unknown): never {
        end(exchange, { status: 500, endMs: nowMs(), error, bodyEnd: undefined })
        throw error
      }
    }

    function begin(c: Context, around: Scope | undefined): Exchange {
      const startMs = nowMs()
      const request = c.req.raw
      const routes = routesOf(c)
      const method = methodLabel(request.method)
      const inbound = readTraceContext(request.headers)
      const isTrusted = inbound !== undefined && trusts(request)
      const span = core.startSpan(methodInName(method), {
        kind: SpanKind.SERVER,
        startMs,
        // A request to an app of this very process is a part of what makes it.
        parent: isTrusted ? inbound : around?.span.spanContext(),
        link: isTrusted || around ? undefined : inbound,
        method,
        route: routeOf(c, routes),
      })
      const baggage = baggageOf(c, isTrusted) ?? around?.exchange?.baggage
      return new Exchange(c, routes, startMs, method, span, baggage, network(clientAddress(c) ?? ''))
    }

    function answer(exchange: Exchange): void {
      const { c } = exchange
      const endMs = nowMs()
      tag(exchange)
      const { status } = c.res
      const body = streamOf(c, exchange.madeBy)
      if (body === null) {
        end(exchange, { status, endMs, error: c.error, bodyEnd: hasLeft(exchange, endMs) ? 'aborted' : undefined })
        return
      }
      const sent = (bodyEnd: BodyEnd) => end(exchange, { status, endMs: nowMs(), error: undefined, bodyEnd })
      replace(
        c,
        untilSent(c.res, body, (bodyEnd) => runIn(exchange, () => sent(bodyEnd))),
      )
    }

    function end(exchange: Exchange, outcome: Outcome): void {
      report.ended(exchange, outcome)
      exchange.onEnd?.()
    }

    function baggageOf(c: Context, isTrusted: boolean): Baggage | undefined {
      if (isTrusted) return readBaggage(c.req.raw.headers)
      const keys = acceptsBaggage?.(c)
      return keys && keys.length > 0 ? readBaggage(c.req.raw.headers, keys) : undefined
    }
  }
}

/** The scope that a request may be a part of: that of another request, or of a span that has not ended. */
function enclosing(): Scope | undefined {
  const around = currentScope()
  // A server that was started inside a span stays in its scope for ever.
  return around?.exchange || around?.span.isRecording() ? around : undefined
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

const never = () => false
const unknown = () => undefined
