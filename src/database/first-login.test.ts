import { describe, expect, onTestFinished, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { type Connection, createConnection } from 'mysql2/promise'
import { reservations } from '../../services/product/schema'
import { seedId } from '../../services/product/seed'
import { createEmptyDatabase, migrationsOf } from '../../test/database'
import { dialect } from './columns'
import { openDatabase } from './database'

const rowsOf = async (connection: Connection, sql: string) =>
  (await connection.query(sql))[0] as Record<string, string>[]

describe.skipIf(dialect !== 'mysql')('a user with a password, of a server without TLS', () => {
  test('signs in with the first connection, and reads times and JSON as they were written', async () => {
    const url = new URL(await createEmptyDatabase('product'))
    const [name, password] = [url.pathname.slice(1), 'a pass/word: %?#@']
    const admin = await createConnection({ uri: url.href })
    onTestFinished(() => admin.end())
    // A new user is in no cache of the server: MySQL exchanges keys before it accepts the password.
    await admin.query(`CREATE USER ${name} IDENTIFIED BY '${password}'`)
    await admin.query(`GRANT ALL ON ${name}.* TO ${name}`)
    Object.assign(url, { username: name, password: encodeURIComponent(password) })

    const telemetry = recordTelemetry().telemetry('product-service')
    const { db, close } = await openDatabase({ telemetry, url: url.href, migrations: migrationsOf('product') })
    onTestFinished(close)
    const reservation = {
      orderId: Bun.randomUUIDv7(),
      status: 'held' as const,
      items: [{ product_id: seedId(1), quantity: 2 }],
      createdAt: new Date(1_700_000_000_123),
    }
    await db.insert(reservations).values(reservation)

    expect(await db.select().from(reservations)).toEqual([{ ...reservation, settledAt: null }])
    const [server] = await rowsOf(admin, 'SELECT VERSION() AS version')
    if (server?.version?.includes('MariaDB')) return
    expect(await rowsOf(admin, `SELECT plugin FROM mysql.user WHERE user = '${name}'`)).toEqual([
      { plugin: 'caching_sha2_password' },
    ])
    const wrong = new URL(url)
    wrong.password = 'wrong'
    const refused = await createConnection({ uri: wrong.href }).then(
      () => undefined,
      (error: { code: string }) => error.code,
    )
    expect(refused).toBe('ER_ACCESS_DENIED_ERROR')
  })
})
