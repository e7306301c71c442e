import { AsyncLocalStorage } from 'node:async_hooks'

/** Milliseconds that a request and all calls below it may take. */
export const defaultRequestBudgetMs = 2000

/** Passes the caller's remaining time to another service, in milliseconds. Trusted only with the service key. */
export const timeoutHeader = 'X-Timeout-Ms'

const deadlines = new AsyncLocalStorage<number>()

/** Runs `work` with a deadline `budgetMs` from now. An outer deadline that ends earlier still applies. */
export function withDeadline<T>(budgetMs: number, work: () => T): T {
  const outer = deadlines.getStore() ?? Number.POSITIVE_INFINITY
  return deadlines.run(Math.min(performance.now() + budgetMs, outer), work)
}

/** Milliseconds until the current deadline; `defaultMs` without one. */
export function remainingMs(defaultMs = defaultRequestBudgetMs): number {
  const deadline = deadlines.getStore()
  return deadline === undefined ? defaultMs : deadline - performance.now()
}
