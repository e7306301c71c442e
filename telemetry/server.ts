import { type Attributes, ROOT_CONTEXT, type SpanContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { networkOf } from './address'
import { nowMs } from './clock'
import type { Core } from './core'
import { errorType } from './errors'
import { httpBuckets, instruments } from './metrics'
import { readTraceContext } from './propagation'
import { runInSpan } from './scope'

export interface MiddlewareOptions {
  /** Whether to continue the caller's trace. Otherwise a new trace starts, with a link to the caller's. */
  trusts?: (request: Request) => boolean
  /** The caller's address; only its network (/24, /48) is recorded. */
  clientAddress?: (c: HonoContext) => string | undefined
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY'])

/**
 * One SERVER span, the RED metrics, and one wide log event for each request; `X-Trace-Id` on each answer.
 * Source: semantic conventions 1.44, "HTTP server".
 */
export function serverMiddleware(core: Core) {
  const meter = instruments(core.meter)
  const duration = meter.histogram('http.server.request.duration', {
    unit: 's',
    description: 'Duration of HTTP server requests',
    buckets: httpBuckets,
  })
  const active = core.meter.createUpDownCounter('http.server.active_requests', {
    unit: '{request}',
    description: 'HTTP server requests under way',
  })
  const labels = labelCache()

  return ({ trusts = () => false, clientAddress = () => undefined }: MiddlewareOptions = {}): MiddlewareHandler =>
    async function telemetry(c, next) {
      const startMs = nowMs()
      const request = c.req.raw
      const method = knownMethods.has(request.method) ? request.method : '_OTHER'
      const inbound = readTraceContext(request.headers)
      const parent = inbound && trusts(request) ? trace.setSpanContext(ROOT_CONTEXT, inbound) : ROOT_CONTEXT
      const url = urlOf(request)
      const scheme = url.protocol.slice(0, -1)
      const span = core.tracer.startSpan(
        method === '_OTHER' ? 'HTTP' : method,
        {
          kind: SpanKind.SERVER,
          startTime: startMs,
          attributes: startAttributes(request, url, method, networkOf(clientAddress(c))),
          ...(inbound && parent === ROOT_CONTEXT && { links: [{ context: asLink(inbound) }] }),
        },
        parent,
      )
      const activeLabels = labels(method, scheme)
      active.add(1, activeLabels)
      const event: Attributes = {}

      await runInSpan(span, parent, event, async () => {
        let thrown: unknown
        try {
          await next()
        } catch (error) {
          thrown = error
          throw error
        } finally {
          finish(thrown)
        }
      })

      function finish(thrown: unknown): void {
        const error = thrown ?? c.error
        const status = thrown === undefined ? c.res.status : 500
        const failure = status < 500 ? undefined : error === undefined ? String(status) : errorType(error)
        const route = routeOf(c)
        const endMs = nowMs()
        const durationS = (endMs - startMs) / 1000

        if (thrown === undefined) c.res.headers.set('X-Trace-Id', span.spanContext().traceId)
        if (route) span.updateName(`${method === '_OTHER' ? 'HTTP' : method} ${route}`)
        if (route) span.setAttribute('http.route', route)
        span.setAttribute('http.response.status_code', status)
        if (failure) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', failure)
        active.add(-1, activeLabels)
        duration.record(durationS, labels(method, scheme, route, status, failure))

        if (failure && error !== undefined) core.log.exception('http.server.request.exception', error)
        const line: Attributes = {
          ...labels(method, scheme, route, status, failure),
          'url.path': url.pathname,
          ...event,
        }
        line['http.server.request.duration'] = durationS
        core.log.event(
          'http.server.request',
          line,
          failure ? 'error' : 'info',
          `${method} ${route ?? '(no route)'} ${status}`,
        )
        span.end(endMs)
      }
    }
}

// A hostile Host header makes an address that is none: its request is seen all the same.
function urlOf({ url }: Request): URL {
  const path = /^(?:[a-z]+:\/\/[^/]*)?(\/[^?#]*)?/i.exec(url)?.[1] ?? '/'
  return URL.parse(url) ?? URL.parse(path, 'http://invalid') ?? new URL('http://invalid/')
}

// The last matched route that is not a middleware: `use()` registers for ALL methods.
function routeOf(c: HonoContext): string | undefined {
  return matchedRoutes(c).findLast((route) => route.method !== 'ALL' || route.handler.length < 2)?.path
}

const asLink = ({ traceId, spanId, traceFlags }: SpanContext): SpanContext => ({
  traceId,
  spanId,
  traceFlags,
  isRemote: true,
})

function startAttributes(request: Request, url: URL, method: string, network: string | undefined): Attributes {
  return {
    'http.request.method': method,
    ...(method === '_OTHER' && { 'http.request.method_original': request.method.slice(0, 32) }),
    'url.path': url.pathname,
    'url.scheme': url.protocol.slice(0, -1),
    'server.address': url.hostname,
    'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    'network.protocol.version': '1.1',
    ...(network && { 'client.address': network }),
  }
}

// The SDK keeps the first attributes object of a series by reference and hashes each one it is given: same labels, same object.
function labelCache() {
  const cache = new Map<string, Attributes>()
  return (method: string, scheme: string, route?: string, status?: number, failure?: string): Attributes => {
    const key = `${method} ${scheme} ${status} ${failure} ${route}`
    const known = cache.get(key)
    if (known) return known
    const attributes: Attributes = { 'http.request.method': method, 'url.scheme': scheme }
    if (route) attributes['http.route'] = route
    if (status) attributes['http.response.status_code'] = status
    if (failure) attributes['error.type'] = failure
    Object.freeze(attributes)
    if (cache.size < 2000) cache.set(key, attributes)
    return attributes
  }
}
