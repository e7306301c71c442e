import type { Attributes } from '@opentelemetry/api'
import { redactText } from './redact'

// `error.type` is a metric attribute: only short identifiers qualify, not sentences or addresses.
const identifier = /^[\w.:$-]{1,64}$/

/**
 * The `error.type` of an error, of low cardinality: its code if it has one (`ECONNREFUSED`, `1062`), else its class.
 * Source: semantic conventions 1.44, `error.type`.
 */
export function errorType(thrown: unknown): string {
  const error = rootOfDatabaseError(thrown)
  if (!(error instanceof Error)) return typeof error === 'object' ? 'object' : typeof error
  const code = textOf(error, 'code') || codeOfFetch(error)
  if (identifier.test(code)) return code
  const name = nameOf(error)
  if (name === 'TimeoutError' || name === 'AbortError') return name
  const errno = read(error, 'errno')
  return typeof errno === 'number' ? String(errno) : name
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

/** An error's message without secrets and without the values that databases quote in their messages. */
export function safeMessage(thrown: unknown): string {
  const error = rootOfDatabaseError(thrown)
  if (!(error instanceof Error)) return 'a non-Error was thrown'
  const message = textOf(error, 'message')
  return redactText(isDatabaseError(error) ? withoutValues(message) : message)
}

function causesOf(error: Error): Error[] {
  const causes: Error[] = []
  let cause = rootOfDatabaseError(read(error, 'cause'))
  while (cause instanceof Error && causes.length < 3) {
    causes.push(cause)
    cause = rootOfDatabaseError(read(cause, 'cause'))
  }
  return causes
}

function stackOf(error: Error): string {
  const frames = textOf(error, 'stack')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return [`${nameOf(error)}: ${safeMessage(error)}`, ...frames].join('\n')
}

// drizzle quotes the statement's parameters in its error message; the driver's error, its cause, does not.
function rootOfDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || !textOf(error, 'message').startsWith('Failed query:')) return error
  return read(error, 'cause') ?? error
}

// Node's fetch has the error code on the cause only.
function codeOfFetch(error: Error): string {
  const cause = textOf(error, 'message') === 'fetch failed' ? read(error, 'cause') : undefined
  return cause instanceof Error ? textOf(cause, 'code') : ''
}

function nameOf(error: Error): string {
  const name = textOf(error, 'name')
  if (name !== 'Error' && identifier.test(name)) return name
  const errorClass = read(error, 'constructor')
  return (typeof errorClass === 'function' && identifier.test(errorClass.name) && errorClass.name) || 'Error'
}

const isDatabaseError = (error: Error) =>
  'sqlState' in error || 'sqlMessage' in error || textOf(error, 'name') === 'SQLiteError'

// "Duplicate entry 'alice@example.org' for key …" contains personal data, and the value may contain quotes.
const withoutValues = (message: string) =>
  message
    .replace(/'.*' for (key|column)\b/gs, "'?' for $1")
    .replace(/'[^']*'/g, "'?'")
    .replace(/"[^"]*"/g, '"?"')

/** A string property of an error; empty if it is absent, of another type, or its getter throws. */
function textOf(error: Error, key: string): string {
  const value = read(error, key)
  return typeof value === 'string' ? value : ''
}

function read(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}
