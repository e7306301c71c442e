import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { eq, sql } from 'drizzle-orm'
import { products, reservations } from '../../services/product/schema'
import { seedCatalog, seedId } from '../../services/product/seed'
import { openTestDatabase } from '../../test/database'
import { dialect } from './columns'
import { type Database, isUniqueViolation, openDatabase, type Transaction } from './database'
import { placeholder, prepared } from './prepared'
import { isInTransaction } from './transaction'

expect.extend(matchers)

async function open(stock = 10) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const { database } = await openTestDatabase('product', telemetry)
  await seedCatalog(database.db, stock)
  return { seen, telemetry, database, db: database.db }
}

const stockOf = async (db: Database | Transaction, n = 1) =>
  (
    await db
      .select({ stock: products.stock })
      .from(products)
      .where(eq(products.id, seedId(n)))
  )[0]?.stock
const take = (db: Database | Transaction, n = 1) =>
  db
    .update(products)
    .set({ stock: sql`${products.stock} - 1` })
    .where(eq(products.id, seedId(n)))
const reservation = (orderId: string) => ({
  orderId,
  status: 'held' as const,
  items: [{ product_id: seedId(1), quantity: 2 }],
  createdAt: new Date(1_700_000_000_123),
})
const messageOf = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message)

test('a transaction commits all of its statements', async () => {
  const { db } = await open()

  const wasInTransaction = await db.transaction(async (tx) => {
    await take(tx, 1)
    await Bun.sleep(1)
    await take(tx, 2)
    return isInTransaction()
  })

  expect(wasInTransaction).toBe(true)
  expect([await stockOf(db, 1), await stockOf(db, 2)]).toEqual([9, 9])
  expect(isInTransaction()).toBe(false)
})

const setStock = prepared((db) =>
  db
    .update(products)
    .set({ stock: sql`${placeholder('stock', products.stock)}` })
    .where(eq(products.id, seedId(1)))
    .prepare(),
)

test('a prepared query runs inside a transaction, rolled back with it, or outside', async () => {
  const { db } = await open()
  await setStock(db).execute({ stock: 8 })
  const setAndRollBack = async () =>
    db.transaction(async (tx) => {
      await setStock(tx).execute({ stock: 3 })
      expect(await stockOf(tx)).toBe(3)
      await Bun.sleep(5)
      throw new Error('roll back')
    })

  expect(await messageOf(setAndRollBack())).toBe('roll back')
  expect(await stockOf(db)).toBe(8)

  const again = setAndRollBack()
  await Bun.sleep(1)
  await Promise.all([messageOf(again), setStock(db).execute({ stock: 5 })])
  expect(await stockOf(db)).toBe(5)
})

test('a transaction that throws is rolled back and rejects with the same error', async () => {
  const { db, seen, telemetry } = await open()
  const error = new Error('roll back')

  const work = telemetry.span('work', () =>
    db.transaction(async (tx) => {
      await take(tx)
      await Bun.sleep(1)
      throw error
    }),
  )

  expect(await work.catch((thrown: unknown) => thrown)).toBe(error)
  expect(await stockOf(db)).toBe(10)
  // A span for the wait appears only on a busy machine.
  const names = seen.spans().map((span) => span.name)
  expect(names.filter((name) => name !== 'db.client.connection.wait')).toEqual([
    'BEGIN',
    'UPDATE products',
    'ROLLBACK',
    'work',
  ])
})

test('statements outside a transaction are not rolled back with it', async () => {
  const { db } = await open()
  const undone = db.transaction(async (tx) => {
    await take(tx, 1)
    await Bun.sleep(20)
    throw new Error('no')
  })
  await Bun.sleep(5)

  await Promise.all([messageOf(undone), take(db, 2)])

  expect([await stockOf(db, 1), await stockOf(db, 2)]).toEqual([10, 9])
})

test('uncommitted changes are visible only inside the transaction', async () => {
  const { db } = await open()
  const seenInside: unknown[] = []
  const undone = db.transaction(async (tx) => {
    await take(tx)
    seenInside.push(await stockOf(tx))
    await Bun.sleep(20)
    throw new Error('no')
  })
  await Bun.sleep(5)

  const [seenOutside] = await Promise.all([stockOf(db), messageOf(undone)])

  expect([seenInside, seenOutside]).toEqual([[9], 10])
})

test('concurrent transactions each take one piece', async () => {
  const { db } = await open(30)

  const results = await Promise.all(
    Array.from({ length: 25 }, (_, i) =>
      messageOf(
        db.transaction(async (tx) => {
          await take(tx)
          await Bun.sleep(i % 3)
          if (i % 5 === 0) throw new Error('no')
        }),
      ),
    ),
  )

  expect(results.filter((result) => result === 'no')).toHaveLength(5)
  expect(results.filter((result) => result === 'undefined')).toHaveLength(20)
  expect(await stockOf(db)).toBe(10)
})

test('two transactions in a deadlock both succeed', async () => {
  const { db } = await open()
  const takeBoth = (first: number, second: number) =>
    db.transaction(async (tx) => {
      await take(tx, first)
      await Bun.sleep(20)
      await take(tx, second)
    })

  await Promise.all([takeBoth(1, 2), takeBoth(2, 1)])

  expect([await stockOf(db, 1), await stockOf(db, 2)]).toEqual([8, 8])
})

test('a nested transaction throws instead of waiting for the outer one', async () => {
  const { db } = await open()

  const message = await messageOf(
    db.transaction(async (tx) => {
      await take(tx)
      await db.transaction((inner) => take(inner))
    }),
  )

  expect(message).toStartWith('nested transaction')
  expect(await stockOf(db)).toBe(10)
  await db.transaction((tx) => take(tx))
  expect(await stockOf(db)).toBe(9)
})

test('a unique violation is distinguished from other errors', async () => {
  const { db } = await open()
  const id = Bun.randomUUIDv7()
  await db.insert(reservations).values(reservation(id))
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    )
  const twice = () => db.insert(reservations).values(reservation(id)).execute()

  expect(isUniqueViolation(await errorOf(twice()))).toBe(true)
  expect(
    isUniqueViolation(await errorOf(db.transaction((tx) => tx.insert(reservations).values(reservation(id))))),
  ).toBe(true)
  const slug = db
    .insert(products)
    .values({ ...(await firstProduct(db)), id })
    .execute()
  expect(isUniqueViolation(await errorOf(slug))).toBe(true)
  const missing = { ...reservation(Bun.randomUUIDv7()), status: null as unknown as 'held' }
  const notNull = await errorOf(db.insert(reservations).values(missing).execute())
  expect(notNull).toBeInstanceOf(Error)
  expect(isUniqueViolation(notNull)).toBe(false)
  expect(isUniqueViolation(new Error('something else'))).toBe(false)
})

const firstProduct = async (db: Database) =>
  (
    await db
      .select()
      .from(products)
      .where(eq(products.id, seedId(1)))
  )[0] as typeof products.$inferSelect

test('times, objects and null are read as they were written', async () => {
  const { db } = await open()
  const given = reservation(Bun.randomUUIDv7())
  await db.insert(reservations).values(given)

  const rows = await db.select().from(reservations).where(eq(reservations.orderId, given.orderId))

  expect(rows).toEqual([{ ...given, settledAt: null }])
})

test('text comparison is sensitive to case and accents', async () => {
  const { db } = await open()
  const countOf = async (slug: string) => (await db.select().from(products).where(eq(products.slug, slug))).length

  expect(await countOf('webcam-hd')).toBe(1)
  expect([await countOf('WEBCAM-HD'), await countOf('wébcam-hd')]).toEqual([0, 0])
})

test('an id with non-ASCII characters matches no row and throws no error', async () => {
  const { db } = await open()

  expect(await db.select().from(products).where(eq(products.id, 'é😀'))).toEqual([])
})

test('an update reports the number of matching rows, changed or not', async () => {
  const { db } = await open()
  const setStock = (n: number) =>
    db
      .update(products)
      .set({ stock: 10 })
      .where(eq(products.id, seedId(n)))

  expect((await setStock(1))[0].affectedRows).toBe(1)
  expect((await setStock(99))[0].affectedRows).toBe(0)
})

test('a ping of a closed database rejects', async () => {
  const { database } = await open()
  await database.ping()

  await database.close()

  expect(await messageOf(database.ping())).not.toBe('undefined')
})

test('a database of the other dialect is refused with an error that names the setting', async () => {
  const url = dialect === 'mysql' ? ':memory:' : 'mysql://root@127.0.0.1/x'
  const telemetry = recordTelemetry().telemetry('x')

  expect(await messageOf(openDatabase({ telemetry, url, migrations: 'none' }))).toStartWith(
    `the tables use ${dialect}: set DATABASE_URL`,
  )
})
