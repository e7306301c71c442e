import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { eq, sql } from 'drizzle-orm'
import { products } from '../../services/product/schema'
import { seedCatalog, seedId } from '../../services/product/seed'
import { openTestDatabase } from '../../test/database'
import { serviceKey } from '../../test/shop'
import { defaultRequestBudgetMs, timeoutHeader } from '../deadline'
import { createService } from '../service'
import { serviceKeyHeader } from '../service-key'
import { dialect } from './columns'
import type { Transaction } from './database'

expect.extend(matchers)

// Longer than any request takes on a busy machine.
const longMs = 120_000

/** A service with a catalog. `hold` occupies its connections. */
async function open() {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const { db } = (await openTestDatabase('product', telemetry)).database
  await seedCatalog(db, 10)
  const take = (on: typeof db | Transaction) =>
    on
      .update(products)
      .set({ stock: sql`${products.stock} - 1` })
      .where(eq(products.id, seedId(1)))
  const service = createService({ telemetry, serviceKey, requestBudgetMs: longMs })
    .get('/read', async (c) => c.json(await db.select().from(products).limit(1)))
    .post('/take', async (c) => c.json(await db.transaction(take)))
  const request = (path: string, timeoutMs: number, method = 'GET') =>
    service.request(path, { method, headers: { [serviceKeyHeader]: serviceKey, [timeoutHeader]: String(timeoutMs) } })

  /** Begins `count` transactions, which do `work` and then wait for a call of the returned function. */
  async function hold(count: number, work: (tx: Transaction) => Promise<unknown>) {
    const { promise: until, resolve: end } = Promise.withResolvers<void>()
    const { promise: first, resolve: begun } = Promise.withResolvers<void>()
    const transactions = Array.from({ length: count }, () =>
      db.transaction(async (tx) => {
        await work(tx)
        begun()
        await until
      }),
    )
    await first
    await Bun.sleep(20)
    return async () => {
      end()
      await Promise.all(transactions)
    }
  }
  return { seen, request, hold, take }
}

// The size of a service's pool.
const connections = dialect === 'mysql' ? 10 : 1

test('a request that gets no connection in time is a 503, and later requests succeed', async () => {
  const { seen, request, hold } = await open()
  const release = await hold(connections, (tx) => tx.select().from(products).limit(1))

  const responses = await Promise.all([request('/read', 150), request('/read', 150), request('/take', 150, 'POST')])

  expect(responses.map(({ status }) => status)).toEqual([503, 503, 503])
  expect(responses.map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '5', '5'])
  expect(await responses[0]?.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(await seen.metric('db.client.connection.timeouts')).toBe(3)
  const waits = seen.spans().filter(({ name }) => name === 'db.client.connection.wait')
  expect(waits.map(({ attributes }) => attributes['error.type'])).toEqual(Array(3).fill('POOL_TIMEOUT'))
  // Requests that timed out are no longer pending, and their waits are recorded.
  expect(await seen.metric('db.client.connection.pending_requests')).toBe(0)
  expect((await seen.series('db.client.connection.wait_time'))[0]?.max).toBeGreaterThan(0.1)
  expect(seen.span('POST /take')).toHaveAttributes({
    'error.type': 'POOL_TIMEOUT',
    'problem.code': 'DATABASE_UNAVAILABLE',
  })

  await release()
  const later = await Promise.all(Array.from({ length: 2 * connections }, () => request('/read', longMs)))
  expect(later.map(({ status }) => status)).toEqual(Array(2 * connections).fill(200))
})

test('a request that waits for a locked row is a 503 before its deadline', async () => {
  const { seen, request, hold, take } = await open()
  const release = await hold(1, take)

  const response = await request('/take', defaultRequestBudgetMs, 'POST')

  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
  expect(await response.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  const failed = seen.spans().find(({ attributes }) => attributes['error.type'] && attributes['db.query.summary'])
  if (dialect === 'mysql') {
    expect(failed).toHaveAttributes({
      'db.query.summary': 'UPDATE products',
      'error.type': 'ER_LOCK_WAIT_TIMEOUT',
    })
  }
  await release()
  expect((await request('/take', longMs, 'POST')).status).toBe(200)
  const [row] = (await (await request('/read', longMs)).json()) as { stock: number }[]
  expect(row?.stock).toBe(8)
}, 180_000)

test.skipIf(dialect !== 'mysql')(
  'requests that wait for a locked row do not occupy all connections',
  async () => {
    const { request, hold, take } = await open()
    const release = await hold(1, take)

    const takers = Array.from({ length: connections + 2 }, () => request('/take', defaultRequestBudgetMs, 'POST'))
    await Bun.sleep(50)
    const reader = await request('/read', defaultRequestBudgetMs)

    expect(reader.status).toBe(200)
    expect((await Promise.all(takers)).map(({ status }) => status)).toEqual(Array(connections + 2).fill(503))
    await release()
  },
  180_000,
)
