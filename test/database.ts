import { onTestFinished } from 'bun:test'
import type { Telemetry } from '@vitrine/telemetry'
import { createConnection } from 'mysql2/promise'
import { dialect } from '../src/database/columns'
import { type OpenDatabase, openDatabase } from '../src/database/database'
import type { Faults } from '../src/faults/faults'

/**
 * Opens an empty database of one service: SQLite in memory, or a new database on the server of `DATABASE_URL` if that is
 * MySQL (`bun run test` runs the same tests there). Call it inside a test: it is closed when that test ends.
 */
export async function openTestDatabase(
  service: string,
  telemetry: Telemetry,
  faults?: Faults,
): Promise<{ database: OpenDatabase; telemetry: Telemetry }> {
  const url = dialect === 'mysql' ? await createOnServer(service) : ':memory:'
  const migrations = new URL(`../services/${service}/migrations`, import.meta.url).pathname
  const database = await openDatabase({ telemetry, url, migrations, faults })
  // An afterAll runs for the first file only, and the server's connections would run out.
  onTestFinished(() => database.close().catch(() => {}))
  return { database, telemetry }
}

let count = 0

/** Creates an empty database on the MySQL server of `DATABASE_URL`. @returns its URL */
export async function createOnServer(service: string): Promise<string> {
  const url = new URL(process.env.DATABASE_URL ?? '')
  const name = `${service}_${process.pid}_${++count}_${Math.random().toString(36).slice(2, 8)}`
  const connection = await createConnection({ uri: url.href })
  await connection.query(`CREATE DATABASE ${name}`)
  await connection.end()
  url.pathname = name
  return url.href
}
