import type { Telemetry } from '@vitrine/telemetry'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { limitBody } from './body-limit'
import { clientAddress, isFromTrustedProxy } from './client-address'
import { defaultRequestBudgetMs as defaultBudgetMs, withDeadline } from './deadline'
import { type Faults, InjectedFault } from './faults/faults'
import { isDraining } from './listen'
import { loadShedding } from './load-shedding'
import { commonRefusals, DomainError, type Problem, problemResponse, type Refusals, toProblem } from './problem'
import { type ServerTimingOptions, serverTiming } from './server-timing'
import { serviceKeyCheck, timeoutHeader } from './service-key'
import { loadTestBaggageKey } from './telemetry'

export interface ServiceOptions {
  telemetry: Telemetry
  serviceKey: string
  /** The codes of this service, beside the common ones. */
  refusals?: Refusals
  /** Rejects while the service cannot do its work: asked by `/ready`. */
  ready?: () => Promise<unknown>
  /** Bytes of a request's body. */
  maxBodyBytes?: number
  trustedProxies?: ReadonlySet<string>
  /** Requests of the public at work at once; what is more is answered 503. */
  maxConcurrentRequests?: number | undefined
  /** Milliseconds that a request and all calls below it may take. */
  requestBudgetMs?: number | undefined
  /** Sets what every answer carries, also those of this stack. */
  headers?: MiddlewareHandler
  /** What development shows of each request; nothing elsewhere. */
  serverTiming?: ServerTimingOptions | undefined
  /** What fails on purpose; nothing by default. */
  faults?: Faults | undefined
  /** How a problem is shown; JSON by default, a page in the storefront. */
  render?: (c: Context, problem: Problem) => Response | Promise<Response>
}

/**
 * A Hono app with what every service stands on, in its one order: `/health` and `/ready` (outside of all signals),
 * telemetry, the limit of what is at work, deadline, body limit; refusals and failures as problem+json.
 */
export function createService(options: ServiceOptions) {
  const {
    telemetry,
    serviceKey,
    maxBodyBytes = 64 * 1024,
    trustedProxies = new Set(),
    maxConcurrentRequests = usuallyAtWork,
    requestBudgetMs = defaultBudgetMs,
    render = problemResponse,
  } = options
  const refusals = { ...commonRefusals, ...options.refusals }
  const isInternal = serviceKeyCheck(serviceKey)
  const { limit, repeated } = loadShedding({
    telemetry,
    isInternal,
    maxConcurrentRequests,
    reject: (c) => show(c, oneTooMany),
  })
  const app = new Hono()
  app.fetch = repeated(app.fetch)

  app.get('/health', (c) => c.json({ status: 'alive' }))
  app.get('/ready', async (c) => {
    const reason = isDraining() ? 'draining' : await (options.ready?.() ?? Promise.resolve()).then(noReason, asReason)
    return reason === undefined ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', reason }, 503)
  })
  app.use(
    telemetry.middleware({
      trustsCaller: isInternal,
      clientAddress: (c) => clientAddress(c, trustedProxies),
      acceptedBaggageKeys: (c) => (isFromTrustedProxy(c, trustedProxies) ? loadTestKeys : noKeys),
    }),
  )
  if (options.headers) app.use(options.headers)
  app.use(limit)
  if (options.serverTiming) app.use(serverTiming(telemetry.traceId, options.serverTiming))
  app.use(withinReason(isInternal, requestBudgetMs))
  if (options.faults) app.use(options.faults.middleware())
  app.use(limitBody(maxBodyBytes, () => refuse('BODY_TOO_LARGE', { max_bytes: maxBodyBytes })))

  app.notFound((c) => {
    const allow = allowedMethods(app, c.req.path)
    return show(c, allow.length > 0 ? new DomainError('METHOD_NOT_ALLOWED', { allow }) : new DomainError('NOT_FOUND'))
  })
  app.onError((error, c) => show(c, error))
  return app

  function show(c: Context, error: unknown): Response | Promise<Response> {
    const problem = toProblem(asRefusal(error, refusals), refusals, telemetry.traceId() ?? '')
    if (error instanceof InjectedFault) problem.status = error.status as Problem['status']
    telemetry.setAttribute('problem.code', problem.code)
    return render(c, problem)
  }
}

// A service does a thousand and more a second: so many are done within the objective of 300 ms.
const usuallyAtWork = 256

// Made once: where it comes from is known, and a stack costs more than the answer.
const oneTooMany = new DomainError('OVERLOADED')

// It shall look like what really fails with that status.
function asRefusal(error: unknown, refusals: Refusals): unknown {
  if (!(error instanceof InjectedFault)) return error
  const code = Object.keys(refusals).find((one) => refusals[one]?.[0] === error.status)
  return code ? new DomainError(code) : error
}

const loadTestKeys = [loadTestBaggageKey]
const noKeys: string[] = []

/** Answers 403 `FORBIDDEN` to callers without the service key. */
export function requireServiceKey(serviceKey: string): MiddlewareHandler {
  const isInternal = serviceKeyCheck(serviceKey)
  return async function requireServiceKey(c, next) {
    if (!isInternal(c.req.raw)) throw new DomainError('FORBIDDEN', { detail: 'This is for other services only' })
    await next()
  }
}

/** @throws DomainError `UNAUTHENTICATED` when the request carries no bearer token. */
export function bearerToken(c: Context): string {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(c.req.raw.headers.get('authorization') ?? '')?.[1]
  if (!token) throw new DomainError('UNAUTHENTICATED')
  return token
}

/**
 * What every handler may rely on: an address that is one, and a deadline; and whoever called it, that what is thrown is an
 * Error. One middleware, as each costs a request as much as what this one does. Source: RFC 9112, section 3.2.
 */
function withinReason(isInternal: (request: Request) => boolean, requestBudgetMs: number): MiddlewareHandler {
  return function withinReason(c, next) {
    if (!URL.canParse(c.req.url)) throw new DomainError('INVALID_REQUEST', { detail: 'The Host header is not valid' })
    return withDeadline(budgetMs(c.req.raw), () => next().catch(asError))
  }

  function budgetMs(request: Request): number {
    const left = Number(request.headers.get(timeoutHeader))
    return left > 0 && isInternal(request) ? Math.min(left, requestBudgetMs) : requestBudgetMs
  }
}

// Hono hands only Errors to onError; anything else thrown would end outside of it.
function asError(thrown: unknown): never {
  throw thrown instanceof Error ? thrown : new Error('a non-Error was thrown', { cause: thrown })
}

function allowedMethods(app: Hono, path: string): string[] {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  )
}

const refuse = (code: string, details: Record<string, unknown>): never => {
  throw new DomainError(code, details)
}
const noReason = () => undefined
const asReason = (error: unknown) => (error instanceof DomainError ? error.code : 'database')
