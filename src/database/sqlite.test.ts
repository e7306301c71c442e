import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { products } from '../../services/product/schema'
import { seedCatalogue } from '../../services/product/seed'
import { withDeadline } from '../deadline'
import { dialect } from './columns'
import { openDatabase } from './database'
import { openSqliteFile } from './sqlite'

expect.extend(matchers)

const migrations = new URL('../../services/product/migrations', import.meta.url).pathname

/** A database in a file, and another connection to that file, as another process would have it. */
async function openTwice() {
  const folder = mkdtempSync(`${tmpdir()}/vitrine-`)
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const url = `${folder}/product.sqlite`
  const database = await openDatabase({ telemetry, url, migrations })
  await seedCatalogue(database.db, 5)
  const other = openSqliteFile(url)
  const close = async () => {
    other.close()
    await database.close()
    rmSync(folder, { recursive: true })
  }
  return { seen, telemetry, db: database.db, other, [Symbol.asyncDispose]: close }
}

describe.skipIf(dialect === 'mysql')('a SQLite file', () => {
  test('that another process writes to is waited for, without stopping this one', async () => {
    await using file = await openTwice()
    file.other.run('BEGIN IMMEDIATE')
    let turns = 0
    // The other lets go after twenty turns of this process: were it stopped, never.
    const timer = setInterval(() => ++turns === 20 && file.other.run('COMMIT'), 2)

    await Promise.all([
      file.db.update(products).set({ stock: 1 }).execute(),
      file.db.transaction((tx) => tx.update(products).set({ stock: 2 })),
    ])

    clearInterval(timer)
    expect(turns).toBeGreaterThanOrEqual(20)
    expect((await file.db.select().from(products))[0]?.stock).toBe(2)
  })

  test('that stays locked past the deadline is an error, and usable again afterwards', async () => {
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

  test('belongs to a transaction from its first statement on, even if that only reads', async () => {
    await using file = await openTwice()

    await file.db.transaction(async (tx) => {
      await tx.select().from(products)
      expect(() => file.other.run('UPDATE products SET stock = 99')).toThrow('locked')
      await tx.update(products).set({ stock: 3 })
    })

    expect((await file.db.select().from(products))[0]?.stock).toBe(3)
  })

  test('is read by this process while another one writes', async () => {
    await using file = await openTwice()
    file.other.run('BEGIN IMMEDIATE')
    file.other.run('UPDATE products SET stock = 99')

    expect((await file.db.select().from(products))[0]?.stock).toBe(5)
    file.other.run('ROLLBACK')
  })

  test('shows how many wait for its one connection', async () => {
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

  test('is opened with its foreign keys on', async () => {
    await using file = await openTwice()

    expect(file.other.query('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
    expect(file.other.query('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  })
})
