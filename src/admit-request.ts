import type { Telemetry } from '@vitrine/telemetry'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyReceiver, mayHaveBody } from './body-limit'
import { clientAddress, clientKey } from './client-address'
import { commonDeclarations } from './declarations'
import { DomainError } from './problem'

/** The limits on requests that are received and processed at the same time. */
export interface RequestLimits {
  /** When this many requests are active, public ones are rejected with 503, and calls of other services at 1.5 times as many. */
  maxConcurrentRequests?: number | undefined
  /** Requests of one client address, including those whose body is on its way; further ones are refused with 429. */
  maxConcurrentRequestsPerClient?: number | undefined
  /** Milliseconds from the headers of a request to the end of its body; 408 after that. */
  bodyTimeoutMs?: number | undefined
}

/** A quarter of all, so that one client leaves the rest for others. A browser has six. */
export const defaultMaxConcurrentRequestsPerClient = 64
export const defaultBodyTimeoutMs = 5000
// Pending bodies for each request that may be active. They cost memory only.
const pendingBodiesPerRequest = 4

export interface AdmitRequestOptions extends RequestLimits {
  telemetry: Telemetry
  isInternal: (request: Request) => boolean
  isOverLimit: (request: Request) => boolean
  trustedProxies: ReadonlySet<string>
  maxConcurrentRequests: number
  maxBodyBytes: number
}

/**
 * Waits for the body of each request, before it counts as active, and bounds the requests of one client. Calls of other
 * services are not bounded by address, because they come from all clients.
 * @throws DomainError `TOO_MANY_CONCURRENT_REQUESTS`, `BODY_TIMEOUT`, `INVALID_REQUEST`
 */
export function admitRequest(options: AdmitRequestOptions): MiddlewareHandler {
  const { telemetry, isInternal, isOverLimit, trustedProxies, maxConcurrentRequests, maxBodyBytes } = options
  const {
    maxConcurrentRequestsPerClient: maxPerClient = defaultMaxConcurrentRequestsPerClient,
    bodyTimeoutMs: timeoutMs = defaultBodyTimeoutMs,
  } = options
  const refused = telemetry.counter(commonDeclarations.metrics.notAdmitted)
  const maxPending = maxConcurrentRequests * pendingBodiesPerRequest
  const receiveBody = bodyReceiver({ maxBytes: maxBodyBytes, timeoutMs, maxPending })
  const requestsOf = new Map<string, number>()

  return async function admitRequest(c, next) {
    const key = isInternal(c.req.raw) ? undefined : keyOf(c)
    if (key === undefined) return receiveAndRun(c, next)
    const requests = requestsOf.get(key) ?? 0
    if (requests >= maxPerClient) {
      refused.add(1, tooMany)
      throw tooManyRequests
    }
    requestsOf.set(key, requests + 1)
    try {
      await receiveAndRun(c, next)
    } finally {
      leave(key)
    }
  }

  // A request that load shedding rejects anyway is rejected without its body.
  async function receiveAndRun(c: Context, next: () => Promise<void>): Promise<void> {
    if (mayHaveBody(c.req.raw) && !isOverLimit(c.req.raw)) await receiveBody(c).catch(countTimeout)
    return next()
  }

  function countTimeout(error: unknown): never {
    if (error instanceof DomainError && error.code === 'BODY_TIMEOUT') refused.add(1, slowBody)
    throw error
  }

  function keyOf(c: Context): string | undefined {
    const address = clientAddress(c, trustedProxies)
    return address && clientKey(address)
  }

  function leave(key: string): void {
    const requests = requestsOf.get(key) ?? 0
    if (requests > 1) requestsOf.set(key, requests - 1)
    else requestsOf.delete(key)
  }
}

const tooMany = { reason: 'concurrency' } as const
const slowBody = { reason: 'body_timeout' } as const
// Created once: capturing a stack costs more than the whole response.
const tooManyRequests = new DomainError('TOO_MANY_CONCURRENT_REQUESTS', { retry_after_s: 1 })
