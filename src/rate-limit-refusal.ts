import type { Telemetry } from '@vitrine/telemetry'
import { commonDeclarations, type rateLimitNames } from './declarations'
import { DomainError } from './problem'

/** `burst` events at once, and then one more each `refillMs` milliseconds. */
export interface RateLimit {
  name: (typeof rateLimitNames)[number]
  burst: number
  refillMs: number
}

export interface RateLimiterOptions {
  telemetry: Telemetry
  /** The time in milliseconds since 1970. */
  now?: () => number
}

/** Milliseconds until the next event is allowed; 0 when it is allowed now. */
export const waitMs = (fullAtMs: number, { burst, refillMs }: RateLimit, nowMs: number): number =>
  Math.max(0, fullAtMs - (burst - 1) * refillMs - nowMs)

/** Events that are not refilled yet. */
export const usedOf = (fullAtMs: number, refillMs: number, nowMs: number): number =>
  Math.max(0, Math.ceil((fullAtMs - nowMs) / refillMs))

const logEveryMs = 60_000

/** Returns a function that records a refusal and throws `TOO_MANY_REQUESTS`: a 429 with `Retry-After`. */
export function createRateLimitRefusal({ telemetry, now = Date.now }: RateLimiterOptions) {
  const refused = telemetry.counter(commonDeclarations.metrics.rateLimited)
  const sinceLog = new Map<string, { atMs: number; count: number }>()

  return function refuse({ name }: RateLimit, waitMs: number): never {
    refused.add(1, { 'rate_limit.name': name })
    telemetry.setAttribute('rate_limit.name', name)
    log(name)
    throw new DomainError('TOO_MANY_REQUESTS', { retry_after_s: Math.max(1, Math.ceil(waitMs / 1000)) })
  }

  // A record per refusal would let a client write as many lines as it likes.
  function log(name: RateLimit['name']): void {
    const last = sinceLog.get(name) ?? { atMs: Number.NEGATIVE_INFINITY, count: 0 }
    last.count++
    sinceLog.set(name, last)
    if (now() - last.atMs < logEveryMs) return
    telemetry.log.event(
      'rate_limit.exceeded',
      { 'rate_limit.name': name, 'rate_limit.refused.count': last.count },
      'warn',
    )
    sinceLog.set(name, { atMs: now(), count: 0 })
  }
}
