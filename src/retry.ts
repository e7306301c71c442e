import { AsyncLocalStorage } from 'node:async_hooks'
import { DelegateBackoff, handleWhen, retry } from 'cockatiel'
import { remainingMs } from './deadline'
import { DomainError } from './problem'

// Long enough to miss what broke the first attempt, and never two callers at the same moment.
const pauseMs = { min: 25, max: 100 }
// A second attempt with less time than this is none.
const worthwhileMs = 50

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/**
 * Whether doing it twice is doing it once: by its method, or because it brings an `Idempotency-Key`, by which the other side
 * knows it again. Source: RFC 9110, section 9.2.2.
 */
export function isIdempotent(method = 'GET', headers: Headers): boolean {
  return methods.has(method.toUpperCase()) || headers.has('idempotency-key')
}

/**
 * Calls, and once more after a short pause when there was no answer or a 5xx; within the deadline, and not before the
 * `Retry-After` of the answer. A call that ran out of time is not repeated.
 * @param attempt is told how often it was made before
 */
export const retryOnce = (attempt: (resendCount: number) => Promise<Response>): Promise<Response> =>
  policy.execute(({ attempt: resendCount }) => attempt(resendCount))

/**
 * Runs work that is repeated until it succeeds anyway, one piece after the other: its calls are tried once, and past the
 * breaker, so that ten pieces that always fail neither keep the eleventh from being done nor take a service from the others.
 */
export const withoutRetryOrBreaker = <T>(work: () => T): T => persistent.run(true, work)

export const isWithoutRetryOrBreaker = (): boolean => persistent.getStore() === true

const persistent = new AsyncLocalStorage<boolean>()

const policy = retry(handleWhen(wentUnanswered).orWhenResult(isWorthAsking), {
  maxAttempts: 1,
  backoff: new DelegateBackoff(() => pauseMs.min + Math.random() * (pauseMs.max - pauseMs.min)),
})

function wentUnanswered(error: unknown): boolean {
  if (!(error instanceof DomainError) || !error.details.unanswered) return false
  const { reason, timeoutMs } = error.details
  return reason === undefined && timeoutMs === undefined && hasTime()
}

function isWorthAsking(answer: unknown): boolean {
  const { status, headers } = answer as Response
  return status >= 500 && !headers.has('retry-after') && hasTime()
}

const hasTime = () => remainingMs() > pauseMs.max + worthwhileMs
