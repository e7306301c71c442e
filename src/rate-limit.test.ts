import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { openTestDatabase } from '../test/database'
import type { DomainError } from './problem'
import { createRateLimiter, type RateLimit, rateLimitTable } from './rate-limit'
import { createMemoryRateLimiter } from './rate-limit-memory'

expect.extend(matchers)

const limit: RateLimit = { name: 'checkout_user', burst: 3, refillMs: 10_000 }
const table = rateLimitTable()

async function open() {
  const seen = recordTelemetry()
  const { database, telemetry } = await openTestDatabase('user', seen.telemetry('user-service'))
  const clock = { nowMs: Date.parse('2026-11-30T10:00:00Z') }
  const instance = () => createRateLimiter({ db: database.db, table, telemetry, now: () => clock.nowMs })
  return { seen, telemetry, clock, instance, db: database.db }
}

/** Seconds to wait; 0 when the event is allowed. */
async function waitOf(work: () => unknown): Promise<number> {
  try {
    await work()
    return 0
  } catch (error) {
    expect((error as DomainError).code).toBe('TOO_MANY_REQUESTS')
    return (error as DomainError).details.retry_after_s as number
  }
}

test('a limit allows its burst, and then one event per refill', async () => {
  const { seen, clock, instance } = await open()
  const { take } = instance()
  const wait = () => waitOf(() => take(limit, 'ann'))

  expect([await wait(), await wait(), await wait(), await wait()]).toEqual([0, 0, 0, 10])
  expect(await waitOf(() => take(limit, 'bob'))).toBe(0)
  clock.nowMs += 4000
  expect(await wait()).toBe(6)
  clock.nowMs += 6000
  expect([await wait(), await wait()]).toEqual([0, 10])

  const labels = { 'rate_limit.name': 'checkout_user' }
  expect(await seen.metric('http.server.requests.rate_limited', labels)).toBe(3)
  expect(seen.logs('rate_limit.exceeded')).toHaveLength(1)
  expect(seen.logs('rate_limit.exceeded')[0]).toHaveAttributes(labels)
})

test('two instances share a limit, whatever arrives at the same time', async () => {
  const { instance } = await open()
  const [one, two] = [instance(), instance()]

  const waits = await Promise.all(
    Array.from({ length: 10 }, (_, n) => waitOf(() => (n % 2 ? one : two).take(limit, 'x'))),
  )

  expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
})

test('recorded events beyond the burst make the wait longer', async () => {
  const { clock, instance } = await open()
  const { record, used, check } = instance()
  const counted = [{ limit, key: 'ann' }]
  const count = async () => (await used(counted))[0] ?? 0
  expect(await count()).toBe(0)

  await Promise.all(Array.from({ length: 5 }, () => record(counted)))

  expect(await count()).toBe(5)
  expect(await waitOf(async () => check(limit, await count()))).toBe(30)
  clock.nowMs += 30_000
  expect(await waitOf(async () => check(limit, await count()))).toBe(0)
})

test('the sweep deletes what is full again; the table has no name or address', async () => {
  const { clock, instance, db } = await open()
  const { take, sweep } = instance()
  await take(limit, '203.0.113.9')
  clock.nowMs += 5000
  await take(limit, 'ann')
  expect(JSON.stringify(await db.select().from(table))).not.toMatch(/203|ann/)

  clock.nowMs += 5000
  await sweep()

  expect(await db.select().from(table)).toHaveLength(1)
})

test('the limits of one process forget the client that was not seen for the longest time', async () => {
  const { telemetry, clock, seen } = await open()
  const take = createMemoryRateLimiter({ telemetry, now: () => clock.nowMs, maxKeys: 2 })
  const wait = (of: string) => waitOf(() => take(limit, of))

  expect([await wait('a'), await wait('a'), await wait('a'), await wait('a')]).toEqual([0, 0, 0, 10])
  expect([await wait('b'), await wait('c'), await wait('a')]).toEqual([0, 0, 0])
  expect(await seen.metric('http.server.requests.rate_limited', { 'rate_limit.name': 'checkout_user' })).toBe(1)
})
