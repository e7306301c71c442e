import type { Database as BunDatabase } from 'bun:sqlite'
import { drizzle as drizzleProxy } from 'drizzle-orm/sqlite-proxy'
import { migrate as applySqlite } from 'drizzle-orm/sqlite-proxy/migrator'
import type { RowDataPacket } from 'mysql2/promise'

const lockTimeoutS = 30

/**
 * Applies missing migrations to a MySQL database. A named lock makes instances that start together wait for each other.
 * @param folder with `meta/_journal.json` @throws Error when another instance holds the lock for 30 s
 */
export async function migrateMySql(url: string, folder: string): Promise<void> {
  const { createConnection, drizzle, migrate } = await import('./mysql-driver')
  const connection = await createConnection({ uri: url, connectTimeout: 5000 })
  try {
    const [rows] = await connection.query<RowDataPacket[]>("SELECT GET_LOCK('vitrine.migrate', ?) AS got", [
      lockTimeoutS,
    ])
    if (rows[0]?.got !== 1) throw new Error(`another instance has held the migration lock for ${lockTimeoutS} s`)
    await migrate(drizzle({ client: connection }), { migrationsFolder: folder })
  } finally {
    await connection.end()
  }
}

/**
 * Applies missing migrations to a SQLite file. An immediate transaction locks the file before the list of applied migrations
 * is read: instances that start together wait for each other. @throws Error when another instance holds the lock for 30 s
 */
export async function migrateSqlite(file: BunDatabase, folder: string): Promise<void> {
  await begin(file)
  try {
    const migrationsTable = drizzleProxy(async (sql, params, method) => {
      const statement = file.query(sql)
      const values = params as string[]
      return { rows: method === 'run' ? [statement.run(...values)] : statement.values(...values) }
    })
    const apply = async (queries: string[]) => {
      for (const query of queries) file.run(query)
    }
    await applySqlite(migrationsTable, apply, { migrationsFolder: folder })
    file.run('COMMIT')
  } catch (error) {
    if (file.inTransaction) file.run('ROLLBACK')
    throw error
  }
}

// Sleeps between attempts. SQLite's busy_timeout would block the event loop, even when this process holds the lock.
async function begin(file: BunDatabase): Promise<void> {
  const deadlineMs = performance.now() + lockTimeoutS * 1000
  for (;;) {
    try {
      file.run('BEGIN IMMEDIATE')
      return
    } catch (error) {
      const isBusy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')
      if (!isBusy || performance.now() > deadlineMs) throw error
      await Bun.sleep(10 + Math.random() * 20)
    }
  }
}
