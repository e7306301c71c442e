import { Database as BunDatabase, type SQLQueryBindings } from 'bun:sqlite'
import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseTelemetry, PoolState } from '@vitrine/telemetry'
import { type AsyncRemoteCallback, drizzle } from 'drizzle-orm/sqlite-proxy'
import { remainingMs } from '../deadline'
import { acquireBeforeDeadline } from './acquire'

/** Opens a SQLite file with a write-ahead log, foreign keys, and no blocking wait for locks. */
export function openSqliteFile(path: string): BunDatabase {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const file = new BunDatabase(path, { create: true })
  // Instances that start together on a new file wait for each other here. Blocking is acceptable during the start.
  file.run('PRAGMA busy_timeout = 5000')
  enableWriteAheadLog(file)
  file.run('PRAGMA synchronous = NORMAL')
  file.run('PRAGMA foreign_keys = ON')
  file.run('PRAGMA busy_timeout = 0')
  return file
}

// SQLite ignores `busy_timeout` while another process converts a new file to the write-ahead log.
function enableWriteAheadLog(file: BunDatabase): void {
  const endMs = performance.now() + 5000
  for (;;) {
    try {
      file.run('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || performance.now() > endMs) throw error
      Bun.sleepSync(10)
    }
  }
}

/**
 * One SQLite connection behind Drizzle's asynchronous interface. A transaction owns the connection until it settles; other
 * statements wait in a queue without blocking the event loop.
 */
export function sqliteDriver(file: BunDatabase) {
  const transactionOfCaller = new AsyncLocalStorage<symbol>()
  let currentTransaction: symbol | undefined
  let queueEnd: Promise<void> = Promise.resolve()
  /** Statements and transactions in the queue, including the one that has the connection. */
  let queued = 0

  return {
    drizzle(telemetry: DatabaseTelemetry) {
      const statement: AsyncRemoteCallback = async (sql, params, method) => {
        const rows = () => telemetry.query(sql, () => retryWhileBusy(() => run(file, sql, params, method)))
        const isOwner = currentTransaction !== undefined && transactionOfCaller.getStore() === currentTransaction
        if (isOwner) return rows()
        return telemetry.withConnection(acquire, release, rows)
      }
      // The config is the third argument: the two-argument form drops `casing`.
      return drizzle(statement, undefined, { casing: 'snake_case' })
    },
    /** Runs `work` as the connection's only user. */
    async runExclusively<T>(telemetry: DatabaseTelemetry, work: () => Promise<T>): Promise<T> {
      return telemetry.withConnection(acquire, release, async () => {
        const transaction = Symbol('transaction')
        currentTransaction = transaction
        try {
          return await transactionOfCaller.run(transaction, work)
        } finally {
          currentTransaction = undefined
        }
      })
    },
    poolState: (): PoolState => ({
      idle: queued === 0 ? 1 : 0,
      used: queued === 0 ? 0 : 1,
      max: 1,
      pending: Math.max(0, queued - 1),
    }),
  }

  /** Resolves, when the connection is free, with the function that passes it to the next in the queue. */
  function acquire(): Promise<() => void> {
    const { promise, resolve: passOn } = Promise.withResolvers<void>()
    const turn = queueEnd.then(() => passOn)
    queueEnd = promise
    queued++
    return queued === 1 ? turn : acquireBeforeDeadline(turn, { cancel: () => queued--, release: () => passOn() })
  }

  function release(passOn: () => void): void {
    queued--
    passOn()
  }
}

function run(file: BunDatabase, sql: string, params: unknown[], method: string): { rows: unknown[] } {
  // SQLite ends a transaction itself when its disk is full. A failing ROLLBACK would replace that error.
  if (!file.inTransaction && /^\s*rollback\s*$/i.test(sql)) return { rows: [] }
  const statement = file.query(sql)
  const bindings = params as SQLQueryBindings[]
  if (method === 'run') {
    const { changes, lastInsertRowid } = statement.run(...bindings)
    // mysql2's result: verbs read `affectedRows`.
    return [{ affectedRows: changes, insertId: Number(lastInsertRowid) }] as unknown as { rows: unknown[] }
  }
  const rows = statement.values(...bindings)
  return { rows: method === 'get' ? (rows[0] ?? []) : rows }
}

// Another process may hold the file's write lock. Retries until the deadline and sleeps between attempts.
async function retryWhileBusy<T>(attempt: () => T): Promise<T> {
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
