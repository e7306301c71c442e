import { onTestFinished } from 'bun:test'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
  const database = await openDatabase({ telemetry, url, migrations: migrationsOf(service), faults })
  closeWhenTestEnds(database)
  return { database, telemetry }
}

/**
 * Opens an empty database with only the first `count` migrations of a service. `migrate()` closes it and opens it with all
 * migrations, as the start of a new version does.
 */
export async function openEarlierDatabase(service: string, count: number, telemetry: Telemetry) {
  const url = await createEmptyDatabase(service)
  let database = await open(await copyMigrations(service, count))
  return {
    database,
    async migrate(): Promise<OpenDatabase> {
      await database.close()
      database = await open(migrationsOf(service))
      return database
    },
  }

  async function open(migrations: string): Promise<OpenDatabase> {
    const opened = await openDatabase({ telemetry, url, migrations })
    closeWhenTestEnds(opened)
    return opened
  }
}

/** The URL of a new, empty database, in a file or on the server. The file is deleted when the test ends. */
export async function createEmptyDatabase(service: string): Promise<string> {
  return dialect === 'mysql' ? createOnServer(service) : `${createFolder()}/new/folder/${service}.sqlite`
}

export const migrationsOf = (service: string): string =>
  new URL(`../services/${service}/migrations`, import.meta.url).pathname

async function copyMigrations(service: string, count: number): Promise<string> {
  const folder = createFolder()
  cpSync(migrationsOf(service), folder, { recursive: true })
  const journal = Bun.file(`${folder}/${dialect}/meta/_journal.json`)
  const { entries, ...rest } = await journal.json()
  await journal.write(JSON.stringify({ ...rest, entries: entries.slice(0, count) }))
  return folder
}

function createFolder(): string {
  const folder = mkdtempSync(`${tmpdir()}/vitrine-database-`)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

// An afterAll runs for the first file only, and the server's connections would run out.
function closeWhenTestEnds(database: OpenDatabase): void {
  onTestFinished(() => database.close().catch(() => {}))
}

let created = 0

/** Creates an empty database on the MySQL server of `DATABASE_URL`. @returns its URL */
export async function createOnServer(service: string): Promise<string> {
  const url = new URL(process.env.DATABASE_URL ?? '')
  const name = `${service}_${process.pid}_${++created}_${Math.random().toString(36).slice(2, 8)}`
  const connection = await createConnection({ uri: url.href })
  await connection.query(`CREATE DATABASE ${name}`)
  await connection.end()
  url.pathname = name
  return url.href
}
