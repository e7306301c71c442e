import { type Attributes, type Span, SpanKind } from '@opentelemetry/api'
import type { Context, MiddlewareHandler, Next } from 'hono'
import type { RouterRoute } from 'hono/types'
import { nowMs } from '../clock'
import type { Core } from '../core'
import { redactText } from '../redact'
import { currentScope, runIn, type Scope } from '../scope'
import { type Baggage, readBaggage } from '../traces/baggage'
import { readTraceContext } from '../traces/trace-context'
import { networkOf } from './address'
import { type BodyEnd, isStreamed, untilSent, watchForStreams } from './body'
import { methodInName, methodLabel } from './method'
import { routeOf, routesOf } from './route'
import { type Exchange, serverReport } from './server-report'
import { partsOf } from './url'
import { afterAll } from './wait-until'

export interface MiddlewareOptions {
  /** Whether to continue the caller's trace and take its baggage. Otherwise a new trace starts, with a link to the caller's. */
  trusts?: (request: Request) => boolean
  /** The caller's address; only its network (/24, /48) is recorded. */
  clientAddress?: (c: Context) => string | undefined
  /** Keys of baggage that are taken from a caller that is not trusted. */
  acceptsBaggage?: (c: Context) => readonly string[]
  /** Sends the signals of each request before the platform may freeze the process, by `executionCtx.waitUntil`. */
  flushPerRequest?: boolean
}

// That a client has left shows only on the request's signal, which costs to ask for; nobody leaves so soon.
const abortAfterMs = 5

/**
 * One SERVER span, the RED metrics, and one wide log event for each request; `X-Trace-Id` on each answer. Where the body
 * is streamed, they end with it. Source: semantic conventions 1.44, "HTTP server".
 * @param flush sends what is queued.
 */
export function serverMiddleware(core: Core, flush: () => Promise<void>) {
  const report = serverReport(core)

  return (options: MiddlewareOptions = {}): MiddlewareHandler => {
    const { trusts = never, clientAddress = unknown, acceptsBaggage, flushPerRequest = false } = options

    return async function telemetry(c, next) {
      const around = enclosing()
      // Met again in a nested app, it is the same request.
      if (around?.request === c.req.raw) return next()
      const routes = routesOf(c)
      const exchange = begin(c, routes, around)
      report.began(exchange)
      await runIn(exchange.scope, () => answer(c, next, routes, exchange))
    }

    function begin(c: Context, routes: RouterRoute[], around: Scope | undefined): Exchange {
      const request = c.req.raw
      const startMs = nowMs()
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
      const baggage = baggageOf(c, isTrusted) ?? around?.baggage
      const scope: Scope = { span, event: baggage ? copyBaggage(baggage, span) : {}, request, baggage }
      return { scope, startMs, method, url: partsOf(request.url), client: networkOf(clientAddress(c)) }
    }

    function baggageOf(c: Context, isTrusted: boolean): Baggage | undefined {
      if (isTrusted) return readBaggage(c.req.raw.headers)
      const keys = acceptsBaggage?.(c) ?? []
      return keys.length > 0 ? readBaggage(c.req.raw.headers, keys) : undefined
    }

    function copyBaggage(baggage: Baggage, span: Span): Attributes {
      const copied: Attributes = {}
      for (const key of core.baggageAttributes) {
        const value = baggage.get(key)
        if (value !== undefined) copied[key] = redactText(value.slice(0, 100))
      }
      span.setAttributes(copied)
      return copied
    }

    async function answer(c: Context, next: Next, routes: RouterRoute[], exchange: Exchange): Promise<void> {
      const { traceId } = exchange.scope.span.spanContext()
      const isFromStream = watchForStreams(c)
      const flushed = flushPerRequest ? afterAll(c, flush) : undefined
      const end = (bodyEnd?: BodyEnd) => {
        report.ended(exchange, { status: c.res.status, route: routeOf(c, routes), error: c.error, bodyEnd })
        flushed?.()
      }
      // All that handlers make through the context has it from here.
      c.header(traceHeader, traceId)
      try {
        await next()
      } catch (error) {
        report.ended(exchange, { status: 500, route: routeOf(c, routes), error })
        flushed?.()
        throw error
      }
      const isByHand = !c.res.headers.has(traceHeader)
      if (isByHand) tag(c, traceId)
      const isStream = isFromStream() || (isByHand && isStreamed(c.res))
      const body = isStream && c.req.raw.method !== 'HEAD' ? c.res.body : null
      if (body === null) return end(hasLeft(exchange) ? 'aborted' : undefined)
      const watched = untilSent(c.res, body, (bodyEnd) => runIn(exchange.scope, () => end(bodyEnd)))
      // In two steps: hono would merge the headers of both.
      c.res = undefined
      c.res = watched
    }
  }
}

/** The scope that a request may be a part of: that of another request, or of a span that has not ended. */
function enclosing(): Scope | undefined {
  const around = currentScope()
  // A server that was started inside a span stays in its scope for ever.
  return around?.request || around?.span.isRecording() ? around : undefined
}

function tag(c: Context, traceId: string): void {
  try {
    c.res.headers.set(traceHeader, traceId)
  } catch {
    // Headers of an answer that came from fetch() can't be changed everywhere: hono makes it anew.
    c.header(traceHeader, traceId)
  }
}

function hasLeft({ startMs, scope }: Exchange): boolean {
  return nowMs() - startMs > abortAfterMs && scope.request?.signal.aborted === true
}

const traceHeader = 'X-Trace-Id'
const never = () => false
const unknown = () => undefined
