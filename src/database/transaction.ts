import { AsyncLocalStorage } from 'node:async_hooks'
import type { MySql2Database } from 'drizzle-orm/mysql2'

/** Drizzle's database. On SQLite the same queries run with MySQL's types. */
export type Database = MySql2Database<Record<string, never>>
/** The transaction that `db.transaction` passes to its callback. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

const storage = new AsyncLocalStorage<true>()

/** Whether the current call chain is inside a database transaction. */
export const isInTransaction = (): boolean => storage.getStore() === true

/** Runs `work` as the callback of a transaction. @throws Error inside another transaction: they cannot be nested. */
export function runAsTransaction<T>(work: () => T): T {
  if (isInTransaction()) throw new Error('nested transaction: pass the outer transaction as a parameter')
  return storage.run(true, work)
}
