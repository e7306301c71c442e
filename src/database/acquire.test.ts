import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { eq, sql } from 'drizzle-orm'
import { products } from '../../services/product/schema'
import { seedCatalogue, seedId } from '../../services/product/seed'
import { openTestDatabase } from '../../test/database'
import { serviceKey } from '../../test/shop'
import { defaultRequestBudgetMs } from '../deadline'
import { createService } from '../service'
import { serviceKeyHeader, timeoutHeader } from '../service-key'
import { dialect } from './columns'
import type { Transaction } from './database'

expect.extend(matchers)

// So much that no busy machine needs it.
const longMs = 120_000

/** A service with a catalogue, whose connections can be held. */
async function open() {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const { db } = (await openTestDatabase('product', telemetry)).database
  await seedCatalogue(db, 10)
  const take = (on: typeof db | Transaction) =>
    on
      .update(products)
      .set({ stock: sql`${products.stock} - 1` })
      .where(eq(products.id, seedId(1)))
  const service = createService({ telemetry, serviceKey, requestBudgetMs: longMs })
    .get('/read', async (c) => c.json(await db.select().from(products).limit(1)))
    .post('/take', async (c) => c.json(await db.transaction(take)))
  const ask = (path: string, timeoutMs: number, method = 'GET') =>
    service.request(path, { method, headers: { [serviceKeyHeader]: serviceKey, [timeoutHeader]: String(timeoutMs) } })

  /** Begins `count` transactions, which do `work` and then wait for what it answers. */
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
  return { seen, ask, hold, take }
}

// All that a service has.
const connections = dialect === 'mysql' ? 10 : 1

test('who gets no connection in time is told so, and what comes later is not held up by it', async () => {
  const { seen, ask, hold } = await open()
  const letGo = await hold(connections, (tx) => tx.select().from(products).limit(1))

  const answers = await Promise.all([ask('/read', 150), ask('/read', 150), ask('/take', 150, 'POST')])

  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503])
  expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '5', '5'])
  expect(await answers[0]?.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(await seen.metric('db.client.connection.timeouts')).toBe(3)
  const waits = seen.spans().filter(({ name }) => name === 'db.client.connection.wait')
  expect(waits.map(({ attributes }) => attributes['error.type'])).toEqual(Array(3).fill('POOL_TIMEOUT'))
  // Who has given up no longer waits, and has waited.
  expect(await seen.metric('db.client.connection.pending_requests')).toBe(0)
  expect((await seen.series('db.client.connection.wait_time'))[0]?.max).toBeGreaterThan(0.1)
  expect(seen.span('POST /take')).toHaveAttributes({
    'error.type': 'POOL_TIMEOUT',
    'problem.code': 'DATABASE_UNAVAILABLE',
  })

  await letGo()
  const later = await Promise.all(Array.from({ length: 2 * connections }, () => ask('/read', longMs)))
  expect(later.map(({ status }) => status)).toEqual(Array(2 * connections).fill(200))
})

test('who waits for a row that another holds is told so within the time of a request', async () => {
  const { seen, ask, hold, take } = await open()
  const letGo = await hold(1, take)

  const answer = await ask('/take', defaultRequestBudgetMs, 'POST')

  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await answer.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  const failed = seen.spans().find(({ attributes }) => attributes['error.type'] && attributes['db.query.summary'])
  if (dialect === 'mysql') {
    expect(failed).toHaveAttributes({
      'db.query.summary': 'UPDATE products',
      'error.type': 'ER_LOCK_WAIT_TIMEOUT',
    })
  }
  await letGo()
  expect((await ask('/take', longMs, 'POST')).status).toBe(200)
  const [row] = (await (await ask('/read', longMs)).json()) as { stock: number }[]
  expect(row?.stock).toBe(8)
}, 180_000)

test.skipIf(dialect !== 'mysql')(
  'a row that is held for long does not take all connections with it',
  async () => {
    const { ask, hold, take } = await open()
    const letGo = await hold(1, take)

    const takers = Array.from({ length: connections + 2 }, () => ask('/take', defaultRequestBudgetMs, 'POST'))
    await Bun.sleep(50)
    const reader = await ask('/read', defaultRequestBudgetMs)

    expect(reader.status).toBe(200)
    expect((await Promise.all(takers)).map(({ status }) => status)).toEqual(Array(connections + 2).fill(503))
    await letGo()
  },
  180_000,
)
