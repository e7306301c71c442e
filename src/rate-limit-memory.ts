import { createRateLimitRefusal, type RateLimit, type RateLimiterOptions, waitMs } from './rate-limit-refusal'

/**
 * Rate limits of one process, for what costs little and is done often, such as a search. With more than `maxKeys` clients
 * the oldest one starts again.
 */
export function createMemoryRateLimiter({
  telemetry,
  now = Date.now,
  maxKeys = 10_000,
}: RateLimiterOptions & { maxKeys?: number }) {
  const refuse = createRateLimitRefusal({ telemetry, now })
  const fullTimesMs = new Map<string, number>()

  /** Counts one event. @throws DomainError `TOO_MANY_REQUESTS` with `retry_after_s` when the burst is used up. */
  return function take(limit: RateLimit, of: string): void {
    const key = `${limit.name} ${of}`
    const nowMs = now()
    const fullAtMs = Math.max(fullTimesMs.get(key) ?? 0, nowMs)
    const wait = waitMs(fullAtMs, limit, nowMs)
    if (wait > 0) refuse(limit, wait)
    // Deleted first, so that the map's order is that of the last use.
    fullTimesMs.delete(key)
    if (fullTimesMs.size >= maxKeys) fullTimesMs.delete(fullTimesMs.keys().next().value as string)
    fullTimesMs.set(key, fullAtMs + limit.refillMs)
  }
}
