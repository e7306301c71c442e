import { basename } from 'node:path'
import type { Telemetry } from '@vitrine/telemetry'
import type { Faults } from '../faults/faults'
import { poolResizer } from '../faults/pool-size'
import { slowPool, slowStatements } from '../faults/slow-statements'
import { dialect } from './columns'
import { migrateMySql, migrateSqlite } from './migrate'
import { sharePreparedQueries } from './prepared'
import { poolWithQueryCount, withQueryCount } from './query-count'
import { openSqliteFile, sqliteDriver } from './sqlite'
import { type Database, runAsTransaction, type Transaction } from './transaction'

export type { Database, Transaction } from './transaction'

export interface OpenDatabase {
  db: Database
  /** Rejects while the database is unavailable. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions {
  telemetry: Telemetry
  /** `mysql://…`, or the path of a SQLite file. */
  url: string
  /** The folder with `mysql/` and `sqlite/`, written by drizzle-kit. */
  migrations: string
  /** Faults to inject; none by default. */
  faults?: Faults | undefined
}

/**
 * Opens a service's database and applies missing migrations. Several instances can start at the same time.
 * @throws Error when the dialect of `url` differs from that of `DATABASE_URL`, which the tables use.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { url } = options
  if (url.startsWith('mysql:') !== (dialect === 'mysql')) {
    throw new Error(`the tables use ${dialect}: set DATABASE_URL to this database before the process starts`)
  }
  return dialect === 'mysql' ? openMySql(options) : openSqlite(options)
}

async function openMySql({ telemetry, url, migrations, faults }: DatabaseOptions): Promise<OpenDatabase> {
  const [{ drizzle }, { openPool }] = await Promise.all([import('./mysql-driver'), import('./mysql-pool')])
  await migrateMySql(url, `${migrations}/mysql`)
  const { raw, pool, ping } = openPool(url)
  const slowed = faults ? slowPool(pool, faults) : pool
  const traced = poolWithQueryCount(telemetry.database(slowed, new URL(url).pathname.slice(1)))
  if (faults) applyPoolSizeFault(raw, faults)
  const db = drizzle({ client: traced as unknown as typeof raw, casing: 'snake_case' }) as unknown as Database
  const begin = db.transaction.bind(db)
  db.transaction = (work, config) => runAsTransaction(() => retryDeadlock(() => begin(work, config)))
  return {
    db,
    ping,
    close: () => raw.end(),
  }
}

async function openSqlite({ telemetry, url: path, migrations, faults }: DatabaseOptions): Promise<OpenDatabase> {
  const file = openSqliteFile(path)
  await migrateSqlite(file, `${migrations}/sqlite`)
  const driver = sqliteDriver(file)
  const counting = withQueryCount(
    telemetry.instrumentDatabase({ system: 'sqlite', namespace: basename(path) }, driver.poolState),
  )
  const statements = faults ? slowStatements(counting, faults) : counting
  const lite = driver.drizzle(statements)
  const begin = lite.transaction.bind(lite)
  const transaction: Database['transaction'] = (work) =>
    runAsTransaction(() =>
      driver.runExclusively(statements, () =>
        begin(
          (tx) => {
            sharePreparedQueries(tx as unknown as Transaction, db)
            return work(tx as unknown as Transaction)
          },
          { behavior: 'immediate' },
        ),
      ),
    )
  const db = Object.assign(lite, { transaction }) as unknown as Database
  return {
    db,
    ping: async () => void file.query('SELECT 1').get(),
    close: async () => file.close(),
  }
}

function applyPoolSizeFault(pool: unknown, faults: Faults): void {
  const resize = poolResizer(pool)
  faults.onChange('pool-size', (size) => void resize(size).catch(() => {}))
}

async function retryDeadlock<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (errnoOf(error) !== 1213) throw error
    return attempt()
  }
}

/** Whether an insert failed on a unique index, in either dialect. */
export function isUniqueViolation(error: unknown): boolean {
  const cause = (error as { cause?: unknown }).cause ?? error
  const { code } = cause as { code?: unknown }
  return errnoOf(error) === 1062 || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

const errnoOf = (error: unknown) => ((error as { cause?: unknown }).cause as { errno?: number } | undefined)?.errno
