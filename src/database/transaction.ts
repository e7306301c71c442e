import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage<true>()

/** Whether the current call chain is inside a database transaction. */
export const isInTransaction = (): boolean => storage.getStore() === true

/** Marks `work` as the inside of a transaction. @throws Error when it already is: transactions don't nest here. */
export function runAsTransaction<T>(work: () => T): T {
  if (isInTransaction()) throw new Error('a transaction inside a transaction: pass the outer one on')
  return storage.run(true, work)
}
