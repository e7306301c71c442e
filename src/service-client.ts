import { errorType, type Telemetry, type TracedRequestInit } from '@vitrine/telemetry'
import type { Hono } from 'hono'
import { type ClientResponse, hc, type parseResponse } from 'hono/client'
import { createBreaker } from './breaker'
import { clientAddressHeader, currentClientAddress } from './client-address'
import { isInTransaction } from './database/transaction'
import { remainingMs, timeoutHeader } from './deadline'
import { DomainError } from './problem'
import { type BufferedResponse, createResponseCache } from './response-cache'
import { isIdempotent, isWithoutRetryOrBreaker, retryOnce } from './retry'
import { addServerTimingOf } from './server-timing'
import { serviceKeyHeader } from './service-key'

export interface ServiceClientOptions {
  telemetry: Telemetry
  serviceKey: string
  /** The `service.name` of the called service. */
  peer: string
  url: string
  /** Replaces the network: another app's `fetch`, in tests. */
  fetch?: ((request: Request) => Response | Promise<Response>) | undefined
}

/**
 * A typed client for another service. Every call carries the service key, the trace context, the client's address and the
 * remaining time, within which the whole response must arrive. Idempotent calls are retried once, a circuit breaker protects the peer, and
 * responses with an `ETag` are revalidated from a cache.
 * @throws Error when called inside a database transaction: a slow peer would hold the transaction's locks.
 */
// biome-ignore lint/suspicious/noExplicitAny: hc's own bound
export function serviceClient<App extends Hono<any, any, any>>(options: ServiceClientOptions) {
  const { telemetry, serviceKey, peer, url, fetch: send } = options
  const traced = telemetry.client({ peer, ...(send && { fetch: send }) })
  const breaker = createBreaker(telemetry, peer, isPeerReady)
  const cache = createResponseCache()

  return hc<App>(url, { fetch: call as typeof fetch })

  async function call(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    if (isInTransaction()) throw new Error(`call to ${peer} inside a transaction`)
    // hc creates these headers for this call only, so they can be changed.
    const headers = init?.headers instanceof Headers ? init.headers : new Headers(init?.headers)
    headers.set(serviceKeyHeader, serviceKey)
    const address = currentClientAddress()
    if (address) headers.set(clientAddressHeader, address)
    const attempt = (resendCount: number) => callBeforeDeadline(input, { ...init, headers, resendCount })
    return isIdempotent(init?.method, headers) && !isWithoutRetryOrBreaker() ? retryOnce(attempt) : attempt(0)
  }

  // Without telemetry, like the other probes of `/ready`.
  async function isPeerReady(): Promise<boolean> {
    const request = new Request(new URL('/ready', url).href, { signal: AbortSignal.timeout(readyTimeoutMs) })
    const response = await (send ?? fetch)(request)
    await response.arrayBuffer()
    return response.ok
  }

  async function callBeforeDeadline(input: string | URL | Request, init: Init): Promise<Response> {
    const timeoutMs = Math.floor(remainingMs() - marginMs(remainingMs()))
    if (timeoutMs < 1) throw noResponse({ reason: 'deadline' })
    init.headers.set(timeoutHeader, String(timeoutMs))
    const send = () => fetchThroughCache(input, init, timeoutMs)
    return isWithoutRetryOrBreaker() ? send() : breaker(timeoutMs, send)
  }

  async function fetchThroughCache(input: string | URL | Request, init: Init, timeoutMs: number): Promise<Response> {
    const cached = cache.get(input, init)
    // A retry has the headers of the first attempt, and the cache may have changed since.
    if (cached) init.headers.set('If-None-Match', cached.etag)
    else init.headers.delete('If-None-Match')
    try {
      const response = await traced(input, { ...init, signal: AbortSignal.timeout(timeoutMs) })
      addServerTimingOf(response)
      return asResponse(
        cached && response.status === 304 ? cached : cache.store(input, init, await readResponse(response)),
      )
    } catch (cause) {
      throw noResponse(errorType(cause) === 'TimeoutError' ? { timeoutMs } : {}, { cause })
    }
  }

  function noResponse(details: Record<string, unknown>, options?: ErrorOptions): DomainError {
    return new DomainError('UNAVAILABLE', { service: peer, noResponse: true, ...details }, options)
  }
}

/** The typed client of a service: `ServiceClient<UserApi>`. */
// biome-ignore lint/suspicious/noExplicitAny: hc's own bound
export type ServiceClient<App extends Hono<any, any, any>> = ReturnType<typeof serviceClient<App>>

type Init = TracedRequestInit & { headers: Headers }

const readyTimeoutMs = 1000

// The caller reserves this much of its own time to respond when the peer does not.
const marginMs = (timeLeftMs: number) => Math.max(20, timeLeftMs / 10)

/**
 * The typed body of a successful response. Hono's own `parseResponse` is slower: it creates a stream of each body.
 * @throws DomainError with the peer's code and details when it refuses (4xx); `UNAVAILABLE` when it fails (5xx).
 */
// biome-ignore lint/suspicious/noExplicitAny: parseResponse's own bound
export async function jsonOrThrow<T extends ClientResponse<any>>(
  call: Promise<T>,
): ReturnType<typeof parseResponse<T>> {
  const response = await call
  if (!response.ok) throw refusalOf(response.status, await response.text())
  return (await response.json()) as Awaited<ReturnType<typeof parseResponse<T>>>
}

// Reads the body within the attempt, so that the timeout covers it.
async function readResponse(response: Response): Promise<BufferedResponse> {
  const { status, ok, headers } = response
  if (status === 204) return { status, ok, headers, content: undefined }
  return { status, ok, headers, content: ok ? await response.json() : await response.text() }
}

// Not a real Response: creating one costs as much as reading the body.
function asResponse({ status, ok, headers, content }: BufferedResponse): Response {
  const read = async () => content
  return { status, ok, headers, json: read, text: read } as unknown as Response
}

function refusalOf(status: number, text: string): DomainError {
  const cause = new Error(String(status))
  const problem = parseProblem(text)
  if (status >= 500) return new DomainError('UNAVAILABLE', { peerCode: problem?.code }, { cause })
  if (typeof problem?.code !== 'string') return new DomainError('UNAVAILABLE', {}, { cause })
  const { type, title, status: _status, code, traceId, ...details } = problem
  return new DomainError(code as string, details, { cause })
}

function parseProblem(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
