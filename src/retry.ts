import { AsyncLocalStorage } from 'node:async_hooks'
import { DelegateBackoff, handleWhen, retry } from 'cockatiel'
import { remainingMs } from './deadline'
import { DomainError } from './problem'

// A random pause, so that clients that failed together do not retry together.
const pauseMs = { min: 25, max: 100 }
// A retry needs at least this much time to get a response.
const minRetryMs = 50

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Whether a request can be repeated safely: by its method, or by its `Idempotency-Key`. Source: RFC 9110, section 9.2.2. */
export function isIdempotent(method = 'GET', headers: Headers): boolean {
  return idempotentMethods.has(method.toUpperCase()) || headers.has('idempotency-key')
}

/**
 * Calls `attempt`, and once more after a short pause when there was no response or a 5xx without `Retry-After`. It does not
 * retry after a timeout, nor when the deadline is too near.
 * @param attempt receives the number of earlier attempts
 */
export const retryOnce = (attempt: (resendCount: number) => Promise<Response>): Promise<Response> =>
  policy.execute(({ attempt: resendCount }) => attempt(resendCount))

/**
 * Runs `work` with calls that are neither retried nor counted by the breaker. For background jobs that repeat anyway: ten
 * jobs that always fail must not open the breaker for the eleventh job and for requests.
 */
export const withoutRetryOrBreaker = <T>(work: () => T): T => exempt.run(true, work)

export const isWithoutRetryOrBreaker = (): boolean => exempt.getStore() === true

const exempt = new AsyncLocalStorage<boolean>()

const policy = retry(handleWhen(isRetryableError).orWhenResult(isRetryableResponse), {
  maxAttempts: 1,
  backoff: new DelegateBackoff(() => pauseMs.min + Math.random() * (pauseMs.max - pauseMs.min)),
})

function isRetryableError(error: unknown): boolean {
  if (!(error instanceof DomainError) || !error.details.noResponse) return false
  const { reason, timeoutMs } = error.details
  return reason === undefined && timeoutMs === undefined && hasTime()
}

function isRetryableResponse(response: unknown): boolean {
  const { status, headers } = response as Response
  return status >= 500 && !headers.has('retry-after') && hasTime()
}

const hasTime = () => remainingMs() > pauseMs.max + minRetryMs
