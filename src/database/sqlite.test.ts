import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { products } from '../../services/product/schema'
import { seedCatalog } from '../../services/product/seed'
import { withDeadline } from '../deadline'
import { dialect } from './columns'
import { openDatabase } from './database'
import { openSqliteFile } from './sqlite'

expect.extend(matchers)

const migrations = new URL('../../services/product/migrations', import.meta.url).pathname

/** A database in a file, and a second connection to that file, which stands for another process. */
async function openTwice() {
  const folder = mkdtempSync(`${tmpdir()}/vitrine-`)
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const url = `${folder}/product.sqlite`
  const database = await openDatabase({ telemetry, url, migrations })
  await seedCatalog(database.db, 5)
  const other = openSqliteFile(url)
  const close = async () => {
    other.close()
    await database.close()
    rmSync(folder, { recursive: true })
  }
  return { seen, telemetry, db: database.db, other, [Symbol.asyncDispose]: close }
}

describe.skipIf(dialect === 'mysql')('a SQLite file', () => {
  test('waits for the write lock of another process without blocking the event loop', async () => {
    await using file = await openTwice()
    file.other.run('BEGIN IMMEDIATE')
    let turns = 0
    // The other connection commits after twenty timer ticks here: a blocked event loop would never get there.
    const timer = setInterval(() => ++turns === 20 && file.other.run('COMMIT'), 2)

    await Promise.all([
      file.db.update(products).set({ stock: 1 }).execute(),
      file.db.transaction((tx) => tx.update(products).set({ stock: 2 })),
    ])

    clearInterval(timer)
    expect(turns).toBeGreaterThanOrEqual(20)
    expect((await file.db.select().from(products))[0]?.stock).toBe(2)
  })

  test('fails with SQLITE_BUSY when it stays locked until the deadline, and works again afterwards', async () => {
    await using file = await openTwice()
    file.other.run('BEGIN IMMEDIATE')
    const write = () => file.db.update(products).set({ stock: 1 }).execute()

    const error = await withDeadline(80, () => file.telemetry.span('work', write)).catch((thrown) => thrown)

    expect(error.cause.code).toBe('SQLITE_BUSY')
    expect(file.seen.span('UPDATE products')).toHaveFailed()
    expect(file.seen.span('UPDATE products')).toHaveAttributes({
      'error.type': 'SQLITE_BUSY',
      'db.response.status_code': '5',
      'db.namespace': 'product.sqlite',
    })
    file.other.run('COMMIT')
    await write()
    expect((await file.db.select().from(products))[0]?.stock).toBe(1)
  })

  test('is locked by a transaction from its first statement, even a SELECT', async () => {
    await using file = await openTwice()

    await file.db.transaction(async (tx) => {
      await tx.select().from(products)
      expect(() => file.other.run('UPDATE products SET stock = 99')).toThrow('locked')
      await tx.update(products).set({ stock: 3 })
    })

    expect((await file.db.select().from(products))[0]?.stock).toBe(3)
  })

  test('can be read while another process writes', async () => {
    await using file = await openTwice()
    file.other.run('BEGIN IMMEDIATE')
    file.other.run('UPDATE products SET stock = 99')

    expect((await file.db.select().from(products))[0]?.stock).toBe(5)
    file.other.run('ROLLBACK')
  })

  test('reports the number of requests that wait for its one connection', async () => {
    await using file = await openTwice()
    const count = (state: string) =>
      file.seen.metric('db.client.connection.count', { 'db.client.connection.state': state })
    expect([await count('used'), await count('idle')]).toEqual([0, 1])

    let finish = () => {}
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const read = () => file.db.select().from(products).execute()
    const work = [file.db.transaction(() => held), read(), read()]

    expect([await count('used'), await count('idle')]).toEqual([1, 0])
    expect(await file.seen.metric('db.client.connection.pending_requests')).toBe(2)
    expect(await file.seen.metric('db.client.connection.max')).toBe(1)
    finish()
    await Promise.all(work)
    expect(await file.seen.metric('db.client.connection.pending_requests')).toBe(0)
  })

  test('is opened with foreign keys and a write-ahead log', async () => {
    await using file = await openTwice()

    expect(file.other.query('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
    expect(file.other.query('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  })
})
