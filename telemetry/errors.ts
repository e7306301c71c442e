import type { Attributes } from '@opentelemetry/api'
import { redactText } from './redact'

/**
 * The low-cardinality name of what went wrong, the same on span, metric and log: a code where the error has one
 * (`ECONNREFUSED`, `1062`), else its class. Source: semantic conventions, `error.type`.
 */
export function errorType(thrown: unknown): string {
  const error = rootOfDatabaseError(thrown)
  if (!(error instanceof Error)) return typeof error === 'object' ? 'object' : typeof error
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  if (typeof code === 'string') return code
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return error.name
  if (typeof errno === 'number') return String(errno)
  return nameOf(error)
}

/** The attributes of an exception event. Source: semantic conventions 1.44, "Exceptions in logs". */
export function exceptionAttributes(thrown: unknown): Attributes {
  const error = rootOfDatabaseError(thrown)
  if (!(error instanceof Error))
    return { 'exception.type': typeof error, 'exception.message': 'a non-Error was thrown' }
  const causes = [error, ...causesOf(error)]
  return {
    'exception.type': nameOf(error),
    'exception.message': causes.map(safeMessage).join(' ← ').slice(0, 2000),
    'exception.stacktrace': causes.map(stackOf).join('\nCaused by: ').slice(0, 8000),
  }
}

function causesOf(error: Error): Error[] {
  const causes: Error[] = []
  let cause = rootOfDatabaseError(error.cause)
  while (cause instanceof Error && causes.length < 3) {
    causes.push(cause)
    cause = rootOfDatabaseError(cause.cause)
  }
  return causes
}

function stackOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [`${error.name}: ${safeMessage(error)}`, ...frames].join('\n')
}

/** What an error says, without secrets and without the values that a database quotes in its messages. */
export function safeMessage(thrown: unknown): string {
  const error = rootOfDatabaseError(thrown)
  if (!(error instanceof Error)) return 'a non-Error was thrown'
  return redactText(isDatabaseError(error) ? withoutValues(error.message) : error.message)
}

// drizzle's own error quotes the parameters of the statement in its message; the driver's error beneath it does not.
function rootOfDatabaseError(error: unknown): unknown {
  if (error instanceof Error && error.message.startsWith('Failed query:') && error.cause) return error.cause
  return error
}

const nameOf = (error: Error) => (error.name === 'Error' ? error.constructor.name : error.name) || 'Error'
const isDatabaseError = (error: Error) => 'sqlState' in error || 'sqlMessage' in error || error.name === 'SQLiteError'

// "Duplicate entry 'alice@example.org' for key …" names a person.
const withoutValues = (message: string) => message.replace(/'[^']*'/g, "'?'").replace(/"[^"]*"/g, '"?"')
