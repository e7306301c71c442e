import type { Telemetry } from '@vitrine/telemetry'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { admitRequest, type RequestLimits } from './admit-request'
import { limitBody } from './body-limit'
import { clientAddress, forwardedClientAddress, isFromTrustedProxy, withClientAddress } from './client-address'
import { isStorageFull } from './database/storage-full'
import { defaultRequestBudgetMs as defaultBudgetMs, timeoutHeader, withDeadline } from './deadline'
import { type Faults, InjectedFault } from './faults/faults'
import { withHeadLength } from './head-length'
import { defaultMaxConcurrentRequests, loadShedding } from './load-shedding'
import type { ServiceContract } from './openapi/contract'
import { secured } from './openapi/contract'
import { publishContract } from './openapi/publish'
import { privateResponses } from './private-responses'
import { commonRefusals, DomainError, type Problem, problemResponse, type Refusals, toProblem } from './problem'
import { respondReadiness } from './readiness'
import { createStorageFullReporter } from './report-storage-full'
import { type ServerTimingOptions, serverTiming } from './server-timing'
import { serviceKeyCheck } from './service-key'
import { loadTestBaggageKey } from './telemetry'

export interface ServiceOptions extends RequestLimits {
  telemetry: Telemetry
  serviceKey: string
  /** The codes of this service, in addition to the common ones. */
  refusals?: Refusals
  /** What the routes promise. A JSON service publishes it at `/openapi.json`. */
  contract?: ServiceContract
  /** Rejects while the service is not ready to serve; called by `/ready`, which responds with 503 after one second. */
  ready?: () => Promise<unknown>
  /** Maximum size of a request body. */
  maxBodyBytes?: number
  /** `false`: the app refuses larger bodies itself, by `limitBody`, after its own middleware. */
  limitsBody?: boolean
  trustedProxies?: ReadonlySet<string>
  /** What a rejection depends on besides method and URL, such as its language. */
  variantOf?: ((request: Request) => string) | undefined
  /** Random numbers from 0 to below 1, for the `Retry-After` of rejected requests; `Math.random` by default. */
  random?: (() => number) | undefined
  /** Milliseconds that a request and all calls below it may take. */
  requestBudgetMs?: number | undefined
  /** Sets headers of every response, including those of this middleware stack; by default no response is stored. */
  headers?: MiddlewareHandler
  /** Adds `Server-Timing` to responses; set in development only. */
  serverTiming?: ServerTimingOptions | undefined
  /** Faults to inject; none by default. */
  faults?: Faults | undefined
  /** Renders a problem: JSON by default, a page in the storefront. */
  render?: (c: Context, problem: Problem) => Response | Promise<Response>
}

/**
 * A Hono app with the middleware of every service, in this order: `/health` and `/ready` (without telemetry), telemetry,
 * response headers, arrival of the body, load shedding, Server-Timing, deadline, faults, body limit. Refusals and failures become problem+json.
 */
export function createService(options: ServiceOptions) {
  const {
    telemetry,
    serviceKey,
    maxBodyBytes = 64 * 1024,
    limitsBody = true,
    trustedProxies = new Set(),
    maxConcurrentRequests = defaultMaxConcurrentRequests,
    requestBudgetMs = defaultBudgetMs,
    render = problemResponse,
  } = options
  const refusals = { ...commonRefusals, ...options.refusals }
  const isInternal = serviceKeyCheck(serviceKey)
  const reportStorageFull = createStorageFullReporter(telemetry)
  const { limit, reuseRejections, isOverLimit } = loadShedding({
    telemetry,
    isInternal,
    maxConcurrentRequests,
    reject: (c) => respondWithProblem(c, overloaded),
    variantOf: options.variantOf,
    random: options.random,
  })
  const app = new Hono()
  app.fetch = reuseRejections(app.fetch)

  app.get('/health', (c) => c.json({ status: 'alive' }))
  app.get('/ready', respondReadiness(options.ready))
  app.use(
    telemetry.middleware({
      trustsCaller: isInternal,
      clientAddress: (c) => clientAddress(c, trustedProxies),
      acceptedBaggageKeys: (c) => (isFromTrustedProxy(c, trustedProxies) ? loadTestKeys : noKeys),
    }),
  )
  app.use(withHeadLength(options.headers ?? privateResponses))
  app.use(admitRequest({ ...options, isInternal, isOverLimit, trustedProxies, maxConcurrentRequests, maxBodyBytes }))
  app.use(limit)
  if (options.serverTiming) app.use(serverTiming(telemetry.traceId, options.serverTiming))
  app.use(checkUrlAndSetContext(isInternal, { requestBudgetMs, trustedProxies }))
  if (options.faults) app.use(options.faults.middleware())
  if (limitsBody) app.use(limitBody(() => refuse('BODY_TOO_LARGE', { max_bytes: maxBodyBytes })))

  app.notFound((c) => {
    const allow = allowedMethods(app, c.req.path)
    if (allow.length === 0) return respondWithProblem(c, new DomainError('NOT_FOUND'))
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { Allow: allow.join(', ') })
    return respondWithProblem(c, new DomainError('METHOD_NOT_ALLOWED', { allow }))
  })
  app.onError((error, c) => respondWithProblem(c, error))
  if (options.contract) publishContract(app, options.contract, refusals)
  return app

  function respondWithProblem(c: Context, error: unknown): Response | Promise<Response> {
    const problem = toProblem(asRefusal(error, refusals), refusals, telemetry.traceId() ?? '')
    if (error instanceof InjectedFault) problem.status = error.status as Problem['status']
    telemetry.setAttribute('problem.code', problem.code)
    if (problem.code === 'STORAGE_FULL') {
      if (isStorageFull(error)) reportStorageFull(error)
      // Otherwise telemetry logs it for each request.
      c.error = undefined
    }
    // Otherwise the rest of the body would be read as the next request.
    if (problem.status === 408) c.header('Connection', 'close')
    return render(c, problem)
  }
}

// Created once: capturing a stack costs more than the whole response.
const overloaded = new DomainError('OVERLOADED')

// An injected status gets the code that a real failure with this status has.
function asRefusal(error: unknown, refusals: Refusals): unknown {
  if (!(error instanceof InjectedFault)) return error
  const code = Object.keys(refusals).find((candidate) => refusals[candidate]?.[0] === error.status)
  return code ? new DomainError(code) : error
}

const loadTestKeys = [loadTestBaggageKey]
const noKeys: string[] = []

/** Rejects callers without the service key: 403 `FORBIDDEN`. */
export function requireServiceKey(serviceKey: string): MiddlewareHandler {
  const isInternal = serviceKeyCheck(serviceKey)
  return secured('service-key', async function requireServiceKey(c, next) {
    if (!isInternal(c.req.raw)) throw new DomainError('FORBIDDEN', { detail: 'This is for other services only' })
    await next()
  })
}

/** @throws DomainError `UNAUTHENTICATED` when the request carries no bearer token. */
export function bearerToken(c: Context): string {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(c.req.raw.headers.get('authorization') ?? '')?.[1]
  if (!token) throw new DomainError('UNAUTHENTICATED')
  return token
}

/**
 * Gives every handler a valid URL, a deadline and the client's address, and turns thrown non-Errors into Errors. One
 * middleware instead of four, because the call of a middleware costs as much as its work here. Source: RFC 9112, section 3.2.
 */
function checkUrlAndSetContext(
  isInternal: (request: Request) => boolean,
  { requestBudgetMs, trustedProxies }: { requestBudgetMs: number; trustedProxies: ReadonlySet<string> },
): MiddlewareHandler {
  return function checkUrlAndSetContext(c, next) {
    if (!URL.canParse(c.req.url)) throw new DomainError('INVALID_REQUEST', { detail: 'The Host header is not valid' })
    const address = () => (isInternal(c.req.raw) ? forwardedClientAddress(c.req.raw) : clientAddress(c, trustedProxies))
    return withDeadline(budgetMs(c.req.raw), () => withClientAddress(address, () => next().catch(asError)))
  }

  function budgetMs(request: Request): number {
    const timeoutMs = Number(request.headers.get(timeoutHeader))
    return timeoutMs > 0 && isInternal(request) ? Math.min(timeoutMs, requestBudgetMs) : requestBudgetMs
  }
}

// Hono passes only Errors to onError. Other thrown values would bypass it.
function asError(thrown: unknown): never {
  throw thrown instanceof Error ? thrown : new Error('a non-Error was thrown', { cause: thrown })
}

/** The methods of a path. Every path with GET has HEAD too. Source: RFC 9110, sections 9.3.2 and 9.3.7. */
function allowedMethods(app: Hono, path: string): string[] {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  )
  if (methods.length === 0) return []
  return [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS']
}

const refuse = (code: string, details: Record<string, unknown>): never => {
  throw new DomainError(code, details)
}
