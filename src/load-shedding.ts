import type { Telemetry } from '@vitrine/telemetry'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { commonDeclarations } from './declarations'

export interface LoadSheddingOptions {
  telemetry: Telemetry
  isInternal: (request: Request) => boolean
  /** Active requests from the public. Other services may have half as many more. */
  maxConcurrentRequests: number
  /** Creates the 503 response for a rejected request. */
  reject: (c: Context) => Response | Promise<Response>
}

type Serve = Hono['fetch']

// Each URL gets a new rejection, with a span and a log record, ten times per second.
const reuseForMs = 100
const maxCachedRejections = 100

/**
 * Load shedding: rejects requests beyond `maxConcurrentRequests` at once, so that the active ones finish in time. Calls of
 * other services are rejected last, because part of their work is already done.
 *
 * `limit` is the middleware: it rejects with a span, a log record and a page. `reuseRejections` wraps the app and sends that
 * response, trace id included, to equal requests of the next 100 ms. Reused responses are counted in the same metrics.
 */
export function loadShedding({ telemetry, isInternal, maxConcurrentRequests, reject }: LoadSheddingOptions) {
  const shed = telemetry.counter(commonDeclarations.metrics.shed)
  const maxInternal = Math.ceil(maxConcurrentRequests * 1.5)
  const reuseCounters = new WeakMap<Request, CachedRejection['countReuse']>()
  const rejections = new Map<string, CachedRejection>()
  let reusedSinceRejection = 0
  let active = 0

  return { limit, reuseRejections }

  function limit(c: Context, next: () => Promise<void>): ReturnType<MiddlewareHandler> {
    if (active >= maxConcurrentRequests && isOverLimit(c.req.raw)) return Promise.resolve(rejectRequest(c))
    active++
    return next().finally(release)
  }

  function reuseRejections(serve: Serve): Serve {
    return (request, ...rest) => {
      if (active < maxConcurrentRequests || !isOverLimit(request)) return serve(request, ...rest)
      const startMs = performance.now()
      const cached = rejections.get(keyOf(request))
      return cached ? reuse(request, cached, startMs) : storeRejection(request, serve(request, ...rest))
    }
  }

  function isOverLimit(request: Request): boolean {
    return active >= maxInternal || !isInternal(request)
  }

  function rejectRequest(c: Context): Response | Promise<Response> {
    count(c.req.raw)
    telemetry.setAttribute('shed.reused_response.count', reusedSinceRejection)
    reusedSinceRejection = 0
    reuseCounters.set(c.req.raw, telemetry.reusedResponseRecorder())
    return reject(c)
  }

  function reuse(request: Request, { body, status, headers, countReuse }: CachedRejection, startMs: number): Response {
    count(request)
    reusedSinceRejection++
    const response = new Response(body, { status, headers })
    countReuse((performance.now() - startMs) / 1000)
    return response
  }

  // Only rejections have a counter: routes before the limit, such as `/health`, are never cached.
  async function storeRejection(request: Request, pending: Response | Promise<Response>): Promise<Response> {
    const response = await pending
    const countReuse = reuseCounters.get(request)
    if (!countReuse) return response
    const { status, headers } = response
    const body = new Uint8Array(await response.arrayBuffer())
    if (rejections.size === 0) setTimeout(() => rejections.clear(), reuseForMs).unref()
    if (rejections.size < maxCachedRejections) rejections.set(keyOf(request), { body, status, headers, countReuse })
    return new Response(body, { status, headers })
  }

  function count(request: Request): void {
    shed.add(1, isInternal(request) ? internalCaller : publicCaller)
  }

  function release(): void {
    active--
  }
}

interface CachedRejection {
  body: Uint8Array<ArrayBuffer>
  status: number
  headers: Headers
  countReuse: (durationS: number) => void
}

const keyOf = ({ method, url }: Request) => `${method} ${url}`
const publicCaller = { caller: 'public' } as const
const internalCaller = { caller: 'internal' } as const
