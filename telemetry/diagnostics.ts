import { diag } from '@opentelemetry/api'

/** Does what was passed in from outside; what it throws is told, and ends here. */
export function runSafely(what: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    reportFailure(what, error)
  }
}

/** Tells the API's diagnostics that something passed in from outside has thrown: a request must not suffer from it. */
export const reportFailure = (what: string, error: unknown): void => diag.error(`${what} failed`, error)
