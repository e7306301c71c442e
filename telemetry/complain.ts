import { diag } from '@opentelemetry/api'

/** Tells the API's diagnostics that something passed in from outside has thrown: a request must not suffer from it. */
export const complain = (what: string, error: unknown): void => diag.error(`${what} failed`, error)
