import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { eq } from 'drizzle-orm'
import { products } from '../../services/product/schema'
import { seedCatalog, seedId } from '../../services/product/seed'
import { openTestDatabase } from '../../test/database'
import { dialect } from './columns'

expect.extend(matchers)

async function open() {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const { database } = await openTestDatabase('product', telemetry)
  await seedCatalog(database.db, 10)
  return { seen, telemetry, database, db: database.db }
}

const bySlug = (slug: string) => eq(products.slug, slug)

/** The spans of the statements below the span `work`, in their order. */
const statements = (seen: ReturnType<typeof recordTelemetry>) => {
  const { spanId } = seen.span('work')
  return seen.spans().filter(({ parentSpanId, attributes }) => parentSpanId === spanId && 'db.query.text' in attributes)
}

test('the span of a statement has its summary and parameterized text, and no values', async () => {
  const { seen, telemetry, db } = await open()

  await telemetry.span('work', () => db.select().from(products).where(bySlug('laptop-pro')))

  const [span] = statements(seen)
  expect(span).toMatchObject({ name: 'SELECT products', kind: 'client' })
  expect(span).toHaveAttributes({
    'db.system.name': dialect,
    'db.operation.name': 'SELECT',
    'db.collection.name': 'products',
  })
  expect(span?.attributes['db.query.text']).toMatch(/ where .+ = \?$/)
  expect(JSON.stringify(seen.spans())).not.toContain('laptop-pro')
})

test('a transaction has spans for BEGIN and for COMMIT or ROLLBACK', async () => {
  const { seen, telemetry, db } = await open()
  const work = (fails: boolean) =>
    telemetry
      .span('work', () =>
        db.transaction(async (tx) => {
          await tx
            .update(products)
            .set({ stock: 1 })
            .where(eq(products.id, seedId(1)))
          if (fails) throw new Error('no')
        }),
      )
      .catch(() => {})

  await work(false)
  expect(statements(seen).map(({ name }) => name)).toEqual(['BEGIN', 'UPDATE products', 'COMMIT'])
  seen.reset()
  await work(true)

  expect(statements(seen).map(({ name }) => name)).toEqual(['BEGIN', 'UPDATE products', 'ROLLBACK'])
  expect(statements(seen).map(({ status }) => status.code)).toEqual([0, 0, 0])
  expect(seen.span('work')).toHaveFailed()
})

test('a failed statement has the error code of the database, and no values', async () => {
  const { seen, telemetry, db } = await open()
  const [row] = await db.select().from(products).where(bySlug('laptop-pro'))

  await telemetry.span('work', () => db.insert(products).values(row as NonNullable<typeof row>)).catch(() => {})

  const [span] = statements(seen)
  expect(span).toHaveFailed()
  expect(span?.attributes['error.type']).toMatch(dialect === 'mysql' ? /^ER_DUP_ENTRY$/ : /^SQLITE_CONSTRAINT_/)
  if (dialect === 'mysql') expect(span).toHaveAttributes({ 'db.response.status_code': '1062' })
  expect(await seen.metric('db.client.operation.duration', { 'error.type': span?.attributes['error.type'] })).toBe(1)
  const { attributes } = seen.span('work')
  expect(attributes['error.type']).toBe(span?.attributes['error.type'])
  expect(JSON.stringify([seen.spans(), seen.lines()])).not.toContain('laptop-pro')
})

test('a wait for a connection is a span and a measurement', async () => {
  const { seen, telemetry, db } = await open()
  // On MySQL the pool has ten connections; on SQLite one, which a transaction holds.
  const hold = dialect === 'mysql' ? 10 : 1
  const { promise: isQueued, resolve: queued } = Promise.withResolvers<void>()
  const holders = Array.from({ length: hold }, () =>
    db.transaction(async (tx) => {
      await tx.select().from(products)
      await isQueued
      await Bun.sleep(20)
    }),
  )

  await telemetry.span('work', () => {
    const work = db.select().from(products).where(bySlug('laptop-pro')).execute()
    queued()
    return work
  })
  await Promise.all(holders)

  const wait = seen.span('db.client.connection.wait')
  expect(wait.parentSpanId).toBe(seen.span('work').spanId)
  expect(wait.durationMs).toBeGreaterThan(15)
  expect(wait.attributes['db.client.connection.pool.name']).toStartWith(`${dialect}/`)
  expect(statements(seen)[0]?.startMs).toBeGreaterThanOrEqual(wait.startMs + 15)
  const waited = (await seen.series('db.client.connection.wait_time'))[0]
  expect(waited?.max).toBeGreaterThan(0.015)
})

test.skipIf(dialect !== 'mysql')('a server that is down is a failed wait, and not a timeout', async () => {
  const { createPool } = await import('mysql2/promise')
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const pool = telemetry.database(createPool({ uri: 'mysql://root@127.0.0.1:1/gone', connectTimeout: 500 }), 'gone')

  await telemetry.span('work', () => pool.query('select 1')).catch(() => {})

  expect(seen.span('db.client.connection.wait')).toHaveFailed()
  expect(seen.span('db.client.connection.wait')).toHaveAttributes({ 'error.type': 'ECONNREFUSED' })
  expect(await seen.metric('db.client.connection.timeouts')).toBe(0)
})
