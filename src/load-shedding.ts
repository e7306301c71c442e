import type { Telemetry } from '@vitrine/telemetry'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { commonDeclarations } from './declarations'
import { retryAfterS } from './problem'

export interface LoadSheddingOptions {
  telemetry: Telemetry
  isInternal: (request: Request) => boolean
  /**
   * When this many requests are active, further public ones are rejected. Calls of other services are rejected at 1.5 times as
   * many. One counter counts the active requests of all callers.
   */
  maxConcurrentRequests: number
  /** Creates the 503 response for a rejected request. */
  reject: (c: Context) => Response | Promise<Response>
  /** What a rejection depends on besides method and URL, such as its language. */
  variantOf?: ((request: Request) => string) | undefined
  /** Random numbers from 0 to below 1, for `Retry-After`; `Math.random` by default. */
  random?: (() => number) | undefined
}

type Serve = Hono['fetch']
type RecordReuse = ReturnType<Telemetry['reusedResponseRecorder']>

/** A service handles more than 1,000 requests per second: 256 active ones finish within the objective of 300 ms. */
export const defaultMaxConcurrentRequests = 256

// All cached rejections expire together, 100 ms after the first of them was stored.
const cacheLifetimeMs = 100
// Rejections of further URLs are recorded one by one, so that random URLs cannot fill the memory.
const maxCachedRejections = 100
// Clients that are rejected together come back at different times. `Retry-After` has whole seconds.
const maxJitterS = 2

/**
 * Load shedding: rejects requests at once while too many are active, so that the active ones finish in time. Calls of other
 * services are rejected last, because part of their work is already done.
 *
 * `limit` is the middleware: it rejects one request fully, with a span, a log record and a response. `reuseRejections` wraps
 * the app and sends a copy of that response, with its trace id, for up to 100 ms to requests with the same method, URL and
 * variant. Copies are counted in the same metrics. Each response has its own `Retry-After` of 5 to 7 s.
 */
export function loadShedding(options: LoadSheddingOptions) {
  const { telemetry, isInternal, maxConcurrentRequests, reject, random = Math.random } = options
  const { variantOf = () => '' } = options
  const shed = telemetry.counter(commonDeclarations.metrics.shed)
  const maxInternal = Math.ceil(maxConcurrentRequests * 1.5)
  const rejections = new Map<string, CachedRejection>()
  const reuseRecorders = new WeakMap<Request, RecordReuse>()
  let reusedSinceRejection = 0
  let active = 0

  return { limit, reuseRejections, isOverLimit }

  function limit(c: Context, next: () => Promise<void>): ReturnType<MiddlewareHandler> {
    if (isOverLimit(c.req.raw)) return Promise.resolve(rejectRequest(c))
    active++
    return next().finally(release)
  }

  function reuseRejections(serve: Serve): Serve {
    return (request, ...rest) => {
      if (!isOverLimit(request)) return serve(request, ...rest)
      const startMs = performance.now()
      const cached = rejections.get(keyOf(request))
      return cached ? reuse(request, cached, startMs) : storeRejection(request, serve(request, ...rest))
    }
  }

  function keyOf(request: Request): string {
    return `${request.method} ${request.url} ${variantOf(request)}`
  }

  // The first comparison decides almost always, and avoids checking the service key of each request.
  function isOverLimit(request: Request): boolean {
    return active >= maxConcurrentRequests && active >= limitFor(request)
  }

  function limitFor(request: Request): number {
    return isInternal(request) ? maxInternal : maxConcurrentRequests
  }

  function rejectRequest(c: Context): Response | Promise<Response> {
    const request = c.req.raw
    count(request)
    telemetry.setAttribute('shed.active_requests', active)
    telemetry.setAttribute('shed.limit', limitFor(request))
    telemetry.setAttribute('shed.reused_response.count', reusedSinceRejection)
    reusedSinceRejection = 0
    reuseRecorders.set(request, telemetry.reusedResponseRecorder())
    return reject(c)
  }

  function reuse(request: Request, rejection: CachedRejection, startMs: number): Response {
    count(request)
    reusedSinceRejection++
    const response = toResponse(rejection)
    rejection.recordReuse((performance.now() - startMs) / 1000)
    return response
  }

  // A response without a recorder is no rejection (`/health` responds before `limit`): it is not cached.
  async function storeRejection(request: Request, pending: Response | Promise<Response>): Promise<Response> {
    const response = await pending
    const recordReuse = reuseRecorders.get(request)
    if (!recordReuse) return response
    const { status, headers } = response
    const rejection = { body: new Uint8Array(await response.arrayBuffer()), status, headers, recordReuse }
    if (rejections.size === 0) setTimeout(() => rejections.clear(), cacheLifetimeMs).unref()
    if (rejections.size < maxCachedRejections) rejections.set(keyOf(request), rejection)
    return toResponse(rejection)
  }

  function toResponse({ body, status, headers }: CachedRejection): Response {
    const response = new Response(body, { status, headers })
    response.headers.set('Retry-After', String(retryAfterS + Math.floor(random() * (maxJitterS + 1))))
    return response
  }

  function count(request: Request): void {
    shed.add(1, isInternal(request) ? internalCaller : publicCaller)
  }

  function release(): void {
    active--
  }
}

/** A stored rejection. Each copy gets its own `Retry-After`; the other headers stay. */
interface CachedRejection {
  body: Uint8Array<ArrayBuffer>
  status: number
  headers: Headers
  recordReuse: RecordReuse
}

const publicCaller = { caller: 'public' } as const
const internalCaller = { caller: 'internal' } as const
