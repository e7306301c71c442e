import { Database as BunDatabase, type SQLQueryBindings } from 'bun:sqlite'
import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseTelemetry, PoolState } from '@vitrine/telemetry'
import { type AsyncRemoteCallback, drizzle } from 'drizzle-orm/sqlite-proxy'
import { remainingMs } from '../deadline'
import { acquireBeforeDeadline } from './acquire'

/** Opens a SQLite file as all parts of Vitrine want it: write-ahead log, foreign keys, and no blocking wait for a lock. */
export function openSqliteFile(path: string): BunDatabase {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const file = new BunDatabase(path, { create: true })
  // Instances that start together on a new file wait here for each other; this once, waiting may block.
  file.run('PRAGMA busy_timeout = 5000')
  file.run('PRAGMA journal_mode = WAL')
  file.run('PRAGMA synchronous = NORMAL')
  file.run('PRAGMA foreign_keys = ON')
  file.run('PRAGMA busy_timeout = 0')
  return file
}

/**
 * One SQLite connection behind drizzle's asynchronous interface. A transaction owns the connection until it settles;
 * everybody else waits in line, without blocking the event loop.
 */
export function sqliteDriver(file: BunDatabase) {
  const owner = new AsyncLocalStorage<symbol>()
  let current: symbol | undefined
  let lineEnd: Promise<void> = Promise.resolve()
  let pending = 0

  return {
    drizzle(telemetry: DatabaseTelemetry) {
      const statement: AsyncRemoteCallback = async (sql, params, method) => {
        const rows = () => telemetry.query(sql, () => patiently(() => run(file, sql, params, method)))
        if (current !== undefined && owner.getStore() === current) return rows()
        return telemetry.withConnection(takeTurn, giveBack, rows)
      }
      // As the third argument: the two-argument form loses the casing.
      return drizzle(statement, undefined, { casing: 'snake_case' })
    },
    /** Runs `work` as the connection's only user. */
    async runExclusively<T>(telemetry: DatabaseTelemetry, work: () => Promise<T>): Promise<T> {
      return telemetry.withConnection(takeTurn, giveBack, async () => {
        const mine = Symbol('transaction')
        current = mine
        try {
          return await owner.run(mine, work)
        } finally {
          current = undefined
        }
      })
    },
    poolState: (): PoolState => ({
      idle: pending === 0 ? 1 : 0,
      used: pending === 0 ? 0 : 1,
      max: 1,
      pending: Math.max(0, pending - 1),
    }),
  }

  function takeTurn(): Promise<() => void> {
    const { promise, resolve: passOn } = Promise.withResolvers<void>()
    const turn = lineEnd.then(() => passOn)
    lineEnd = promise
    pending++
    return pending === 1 ? turn : acquireBeforeDeadline(turn, { cancel: () => pending--, release: () => passOn() })
  }

  function giveBack(passOn: () => void): void {
    pending--
    passOn()
  }
}

function run(file: BunDatabase, sql: string, params: unknown[], method: string): { rows: unknown[] } {
  const statement = file.query(sql)
  const bindings = params as SQLQueryBindings[]
  if (method === 'run') {
    const { changes, lastInsertRowid } = statement.run(...bindings)
    // mysql2's own shape: verbs read `affectedRows`.
    return [{ affectedRows: changes, insertId: Number(lastInsertRowid) }] as unknown as { rows: unknown[] }
  }
  const rows = statement.values(...bindings)
  return { rows: method === 'get' ? (rows[0] ?? []) : rows }
}

// Another process may hold the file's write lock: try again until the deadline, asleep in between.
async function patiently<T>(attempt: () => T): Promise<T> {
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      const isBusy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')
      if (!isBusy || remainingMs() < 25) throw error
      await Bun.sleep(5 + Math.random() * 15)
    }
  }
}
