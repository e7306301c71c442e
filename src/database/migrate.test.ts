import { expect, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { products } from '../../services/product/schema'
import { seedCatalog, seedId } from '../../services/product/seed'
import { createEmptyDatabase, migrationsOf, openEarlierDatabase } from '../../test/database'
import { cents, id, int, string, table, text } from './columns'
import { openDatabase } from './database'

const migrations = migrationsOf('product')
const openTelemetry = () => recordTelemetry().telemetry('product-service')
const open = (url: string) => openDatabase({ telemetry: openTelemetry(), url, migrations })

// The table as the first migration creates it. Later columns have a default or allow NULL.
const firstProducts = table('products', {
  id: id().primaryKey(),
  slug: string(80).notNull(),
  name: string(120).notNull(),
  description: text().notNull(),
  priceCents: cents().notNull(),
  image: string(200).notNull(),
  stock: int().notNull(),
})

test('missing migrations are applied, rows stay, and migrating again changes nothing', async () => {
  const { database, migrate } = await openEarlierDatabase('product', 1, openTelemetry())
  const stored = { id: seedId(1), slug: 'a', name: 'A', description: 'b', priceCents: 100, image: '/a.svg', stock: 3 }
  await database.db.insert(firstProducts).values(stored)

  const migrated = await migrate()
  expect(await migrated.db.select().from(products)).toMatchObject([stored])

  const again = await migrate()
  expect(await again.db.select().from(products)).toMatchObject([stored])
})

test('a database without migrations gets all of them', async () => {
  const { database, migrate } = await openEarlierDatabase('product', 0, openTelemetry())
  await expect(database.db.select().from(products).execute()).rejects.toThrow('products')

  const migrated = await migrate()

  expect(await migrated.db.select().from(products)).toEqual([])
})

test('one process can open a new database twice at the same time', async () => {
  const url = await createEmptyDatabase('product')

  const opened = await Promise.all([open(url), open(url)])

  await Promise.all(opened.map(({ db }) => seedCatalog(db, 3)))
  for (const { db } of opened) expect(await db.select().from(products)).toHaveLength(10)
  await Promise.all(opened.map((database) => database.close()))
})

test('instances that start together apply the migrations once, and all use the database', async () => {
  const url = await createEmptyDatabase('product')
  const script = `
    import { openDatabase } from ${JSON.stringify(new URL('database.ts', import.meta.url).pathname)}
    import { seedCatalog } from ${JSON.stringify(new URL('../../services/product/seed.ts', import.meta.url).pathname)}
    import { recordTelemetry } from '@vitrine/telemetry/testing'
    const [url, migrations] = ${JSON.stringify([url, migrations])}
    const database = await openDatabase({ telemetry: recordTelemetry().telemetry('x'), url, migrations })
    await seedCatalog(database.db, 3)
    await database.close()`
  const start = () => Bun.spawn(['bun', '-e', script], { cwd: import.meta.dir, stderr: 'pipe', stdout: 'ignore' })

  const children = Array.from({ length: 4 }, start)
  const ends = await Promise.all(
    children.map(async (child) => [await child.exited, await new Response(child.stderr).text()]),
  )

  expect(ends).toEqual(Array.from({ length: 4 }, () => [0, '']))
  const database = await open(url)
  expect(await database.db.select().from(products)).toHaveLength(10)
  await database.close()
})
