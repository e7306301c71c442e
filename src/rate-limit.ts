import { and, eq, inArray, lte, sql } from 'drizzle-orm'
import { epochMs, index, string, table } from './database/columns'
import { type Database, isUniqueViolation } from './database/database'
import { createRateLimitRefusal, type RateLimit, type RateLimiterOptions, usedOf, waitMs } from './rate-limit-refusal'

export type { RateLimit } from './rate-limit-refusal'

/** The table of a service's limiter, for its schema.ts. */
export const rateLimitTable = () =>
  table(
    'rate_limits',
    {
      /** SHA-256 of the limit's name and of what it counts: a name or an address is not stored. */
      key: string(64).primaryKey(),
      /** When the whole burst is available again. Each event moves it by the limit's `refillMs`. */
      fullAtMs: epochMs().notNull(),
    },
    (limit) => [index('rate_limits_full_at').on(limit.fullAtMs)],
  )

/** A limit, and the client, name or user that it counts. */
export interface Counted {
  limit: { name: string; refillMs: number }
  key: string
}

/**
 * Rate limits that all instances of a service share, in its database: a leaky bucket with one number per key (GCRA).
 * `take` counts an event or refuses it; `used` and `record` are for events that count only when they turn out wrong.
 *
 * @example
 *   const limiter = createRateLimiter({ db, table: rateLimits, telemetry })
 *   await limiter.take({ name: 'checkout_user', burst: 10, refillMs: 6000 }, user.id)
 */
export function createRateLimiter({
  db,
  table: limits,
  telemetry,
  now = Date.now,
}: RateLimiterOptions & { db: Database; table: ReturnType<typeof rateLimitTable> }) {
  const refuse = createRateLimitRefusal({ telemetry, now })

  return { take, used, check, record, sweep }

  /** Counts one event. @throws DomainError `TOO_MANY_REQUESTS` with `retry_after_s` when the burst is used up. */
  async function take(limit: RateLimit, of: string): Promise<void> {
    const key = hashOf(limit.name, of)
    for (;;) {
      const nowMs = now()
      const isLeft = lte(limits.fullAtMs, nowMs + (limit.burst - 1) * limit.refillMs)
      if ((await add(key, limit.refillMs, nowMs, isLeft)) || (await insert(key, nowMs + limit.refillMs))) return
      const [row] = await db.select().from(limits).where(eq(limits.key, key))
      const wait = row ? waitMs(row.fullAtMs, limit, nowMs) : 0
      if (wait > 0) refuse(limit, wait)
    }
  }

  /** How many events of each are not refilled yet, in the same order. */
  async function used(counted: Counted[]): Promise<number[]> {
    const keys = counted.map(({ limit, key }) => hashOf(limit.name, key))
    const rows = await db.select().from(limits).where(inArray(limits.key, keys))
    const nowMs = now()
    return counted.map(({ limit }, n) => {
      const row = rows.find(({ key }) => key === keys[n])
      return row ? usedOf(row.fullAtMs, limit.refillMs, nowMs) : 0
    })
  }

  /** @throws DomainError `TOO_MANY_REQUESTS` when `count` events, as `used` returns them, leave none of the burst. */
  function check(limit: RateLimit, count: number): void {
    const wait = (count - limit.burst + 1) * limit.refillMs
    if (wait > 0) refuse(limit, wait)
  }

  /** Counts one event of each, also beyond the burst: what came in parallel is paid for by a longer wait. */
  async function record(counted: Counted[]): Promise<void> {
    for (const { limit, key } of counted) {
      const hash = hashOf(limit.name, key)
      while (!(await add(hash, limit.refillMs, now())) && !(await insert(hash, now() + limit.refillMs)));
    }
  }

  /** Deletes what is full again. Several instances can sweep at the same time. */
  async function sweep(): Promise<void> {
    await db.delete(limits).where(lte(limits.fullAtMs, now()))
  }

  async function add(key: string, byMs: number, nowMs: number, condition?: ReturnType<typeof lte>): Promise<boolean> {
    const fullAtMs = sql`case when ${limits.fullAtMs} > ${nowMs} then ${limits.fullAtMs} else ${nowMs} end + ${byMs}`
    const [{ affectedRows }] = await db
      .update(limits)
      .set({ fullAtMs })
      .where(and(eq(limits.key, key), condition))
    return affectedRows === 1
  }

  async function insert(key: string, fullAtMs: number): Promise<boolean> {
    try {
      await db.insert(limits).values({ key, fullAtMs })
      return true
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return false
    }
  }
}

export type RateLimiter = ReturnType<typeof createRateLimiter>

const hashOf = (name: string, key: string) => new Bun.CryptoHasher('sha256').update(`${name}\n${key}`).digest('hex')
