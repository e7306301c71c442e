import { diag } from '@opentelemetry/api'

/** Runs code passed in by the program, such as a processor. An exception is reported and not rethrown. */
export function runSafely(what: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    reportFailure(what, error)
  }
}

/** Reports an exception of code passed in by the program to the API's `diag`: it must not fail the request. */
export const reportFailure = (what: string, error: unknown): void => diag.error(`${what} failed`, error)
