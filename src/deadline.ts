import { AsyncLocalStorage } from 'node:async_hooks'

/** Milliseconds that a request and all calls below it may take. */
export const defaultRequestBudgetMs = 2000

const endsAt = new AsyncLocalStorage<number>()

/** Runs `work` with a deadline `budgetMs` from now; a deadline that is already nearer stays. */
export function withDeadline<T>(budgetMs: number, work: () => T): T {
  const outer = endsAt.getStore() ?? Number.POSITIVE_INFINITY
  return endsAt.run(Math.min(performance.now() + budgetMs, outer), work)
}

/** Milliseconds left of the current deadline; the whole budget where none was set. */
export function remainingMs(): number {
  const end = endsAt.getStore()
  return end === undefined ? defaultRequestBudgetMs : end - performance.now()
}
