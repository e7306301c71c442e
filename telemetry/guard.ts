import { diag } from '@opentelemetry/api'

/** Runs what was passed in from outside. If it throws, that is told to the API's diagnostics: a request must not suffer. */
export function guarded(what: string, run: () => void): void {
  try {
    run()
  } catch (error) {
    diag.error(`${what} failed`, error)
  }
}
