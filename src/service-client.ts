import { errorType, type Telemetry, type TracedRequestInit } from '@vitrine/telemetry'
import type { Hono } from 'hono'
import { type ClientResponse, hc, type parseResponse } from 'hono/client'
import { createBreaker } from './breaker'
import { isInTransaction } from './database/transaction'
import { remainingMs } from './deadline'
import { DomainError } from './problem'
import { type BufferedResponse, createResponseCache } from './response-cache'
import { isIdempotent, isWithoutRetryOrBreaker, retryOnce } from './retry'
import { addServerTimingOf } from './server-timing'
import { serviceKeyHeader, timeoutHeader } from './service-key'

export interface ServiceClientOptions {
  telemetry: Telemetry
  serviceKey: string
  /** The other side's `service.name`. */
  peer: string
  url: string
  /** Replaces the network: another app's `fetch`, in tests. */
  fetch?: ((request: Request) => Response | Promise<Response>) | undefined
}

/**
 * A typed client for another service. Every call carries the service key, the trace context and what is left of the
 * deadline, within which its whole answer must arrive. Idempotent calls are tried twice; a service that keeps failing is
 * left alone for a while. What came with an `ETag` is asked for by it, and sent again only when it has changed.
 * @throws Error when called inside a database transaction: a slow peer would hold its locks.
 */
// biome-ignore lint/suspicious/noExplicitAny: hc's own bound
export function serviceClient<App extends Hono<any, any, any>>(options: ServiceClientOptions) {
  const { telemetry, serviceKey, peer, url, fetch: send } = options
  const traced = telemetry.client({ peer, ...(send && { fetch: send }) })
  const breaker = createBreaker(telemetry, peer)
  const kept = createResponseCache()

  return hc<App>(url, { fetch: call as typeof fetch })

  async function call(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    if (isInTransaction()) throw new Error(`call to ${peer} inside a transaction`)
    // hc makes them for this call.
    const headers = init?.headers instanceof Headers ? init.headers : new Headers(init?.headers)
    headers.set(serviceKeyHeader, serviceKey)
    const attempt = (resendCount: number) => ask(input, { ...init, headers, resendCount })
    return isIdempotent(init?.method, headers) && !isWithoutRetryOrBreaker() ? retryOnce(attempt) : attempt(0)
  }

  async function ask(input: string | URL | Request, init: Init): Promise<Response> {
    const leftMs = Math.floor(remainingMs() - marginMs(remainingMs()))
    if (leftMs < 1) throw unanswered({ reason: 'deadline' })
    init.headers.set(timeoutHeader, String(leftMs))
    const send = () => answerTo(input, init, leftMs)
    return isWithoutRetryOrBreaker() ? send() : breaker(leftMs, send)
  }

  async function answerTo(input: string | URL | Request, init: Init, timeoutMs: number): Promise<Response> {
    const known = kept.of(input, init)
    // The second try has the headers of the first.
    if (known) init.headers.set('If-None-Match', known.etag)
    else init.headers.delete('If-None-Match')
    try {
      const answer = await traced(input, { ...init, signal: AbortSignal.timeout(timeoutMs) })
      addServerTimingOf(answer)
      return asResponse(known && answer.status === 304 ? known : kept.keep(input, init, await arrived(answer)))
    } catch (cause) {
      throw unanswered(errorType(cause) === 'TimeoutError' ? { timeoutMs } : {}, { cause })
    }
  }

  function unanswered(details: Record<string, unknown>, options?: ErrorOptions): DomainError {
    return new DomainError('UNAVAILABLE', { service: peer, unanswered: true, ...details }, options)
  }
}

type Init = TracedRequestInit & { headers: Headers }

// What the caller keeps of its own deadline, to answer something when the other side does not.
const marginMs = (leftMs: number) => Math.max(20, leftMs / 10)

/**
 * The typed body of a successful answer. hono's own `parseResponse` makes a stream of each body to see whether there is one.
 * @throws DomainError with the other side's code and details when it refuses (4xx); `UNAVAILABLE` when it fails (5xx).
 */
// biome-ignore lint/suspicious/noExplicitAny: parseResponse's own bound
export async function jsonOrThrow<T extends ClientResponse<any>>(
  call: Promise<T>,
): ReturnType<typeof parseResponse<T>> {
  const answer = await call
  if (!answer.ok) throw refusalOf(answer.status, await answer.text())
  return (await answer.json()) as Awaited<ReturnType<typeof parseResponse<T>>>
}

// The whole answer, within the attempt.
async function arrived(answer: Response): Promise<BufferedResponse> {
  const { status, ok, headers } = answer
  if (status === 204) return { status, ok, headers, content: undefined }
  return { status, ok, headers, content: ok ? await answer.json() : await answer.text() }
}

// A second Response around its body would cost as much as reading it.
function asResponse({ status, ok, headers, content }: BufferedResponse): Response {
  const read = async () => content
  return { status, ok, headers, json: read, text: read } as unknown as Response
}

function refusalOf(status: number, text: string): DomainError {
  const cause = new Error(String(status))
  const problem = status < 500 ? problemIn(text) : undefined
  if (typeof problem?.code !== 'string') return new DomainError('UNAVAILABLE', {}, { cause })
  const { type, title, status: _status, code, traceId, ...details } = problem
  return new DomainError(code as string, details, { cause })
}

function problemIn(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
