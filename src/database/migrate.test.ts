import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { createConnection } from 'mysql2/promise'
import { products } from '../../services/product/schema'
import { seedCatalog } from '../../services/product/seed'
import { dialect } from './columns'
import { openDatabase } from './database'

const migrations = new URL('../../services/product/migrations', import.meta.url).pathname

/** The URL of a new, empty database. */
async function createEmptyDatabase() {
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(`${tmpdir()}/vitrine-`)
    return { url: `${folder}/deep/er/product.sqlite`, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  }
  const url = new URL(process.env.DATABASE_URL ?? '')
  const connection = await createConnection({ uri: url.href })
  url.pathname = `migrate_${process.pid}_${crypto.randomUUID().slice(0, 8)}`
  await connection.query(`CREATE DATABASE ${url.pathname.slice(1)}`)
  await connection.end()
  return { url: url.href, [Symbol.dispose]: () => {} }
}

const open = (url: string) =>
  openDatabase({ telemetry: recordTelemetry().telemetry('product-service'), url, migrations })

test('migrating again changes nothing', async () => {
  using empty = await createEmptyDatabase()
  const first = await open(empty.url)
  await seedCatalog(first.db, 3)
  await first.close()

  const again = await open(empty.url)

  expect(await again.db.select().from(products)).toHaveLength(10)
  await again.close()
})

test('one process can open a new database twice at the same time', async () => {
  using empty = await createEmptyDatabase()

  const opened = await Promise.all([open(empty.url), open(empty.url)])

  await Promise.all(opened.map(({ db }) => seedCatalog(db, 3)))
  for (const { db } of opened) expect(await db.select().from(products)).toHaveLength(10)
  await Promise.all(opened.map((database) => database.close()))
})

test('instances that start together apply the migrations once, and all use the database', async () => {
  using empty = await createEmptyDatabase()
  const script = `
    import { openDatabase } from ${JSON.stringify(new URL('database.ts', import.meta.url).pathname)}
    import { seedCatalog } from ${JSON.stringify(new URL('../../services/product/seed.ts', import.meta.url).pathname)}
    import { recordTelemetry } from '@vitrine/telemetry/testing'
    const [url, migrations] = ${JSON.stringify([empty.url, migrations])}
    const database = await openDatabase({ telemetry: recordTelemetry().telemetry('x'), url, migrations })
    await seedCatalog(database.db, 3)
    await database.close()`
  const start = () => Bun.spawn(['bun', '-e', script], { cwd: import.meta.dir, stderr: 'pipe', stdout: 'ignore' })

  const children = Array.from({ length: 4 }, start)
  const ends = await Promise.all(
    children.map(async (child) => [await child.exited, await new Response(child.stderr).text()]),
  )

  expect(ends).toEqual(Array.from({ length: 4 }, () => [0, '']))
  const database = await open(empty.url)
  expect(await database.db.select().from(products)).toHaveLength(10)
  await database.close()
})
