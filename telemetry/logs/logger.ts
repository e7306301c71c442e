import type { Attributes, SpanContext } from '@opentelemetry/api'
import { activeContext, withoutContext } from '../active-context'
import { reportFailure } from '../diagnostics'
import { type Level, LogRecordKind, severities } from '../encode/log-record-kind'
import { errorType, exceptionAttributes, safeMessage } from '../errors'
import { memoize } from '../memoize'
import { redactAll, redactText } from '../redact'
import type { LogLevel } from '../settings/settings'
import { noSharedAttributes, type SharedAttributes } from '../shared-attributes'
import { type LoggerSharedState, LogRecord } from './log-record'
import type { LogOutput } from './output'
import type { createRepeatFilter } from './repeat-filter'

/**
 * Logs to standard output and over OTLP, with the ids of the current span. Secrets in messages and attributes are replaced
 * by `REDACTED`.
 */
export interface Logger {
  debug(message: string, attributes?: Attributes): void
  info(message: string, attributes?: Attributes): void
  warn(message: string, attributes?: Attributes): void
  error(message: string, attributes?: Attributes): void
  /** Logs a named event (`checkout.refused`). Events are never held back. Source: OTel logs data model, `EventName`. */
  event(name: string, attributes?: Attributes, level?: LogLevel, message?: string): void
  /** Logs an exception as an event. An error object is logged once per trace, however often it is reported. */
  exception(eventName: string, error: unknown, level?: LogLevel | 'fatal'): void
  /** The minimum severity that is logged; may be changed at any time. */
  level: LogLevel
}

/** The logger of the instrumentation: it skips redaction where attributes are known to be clean. */
export interface CoreLogger extends Logger {
  /** Whether records of this level are logged: lets the caller skip building one. */
  isEnabled(level: LogLevel): boolean
  /** Creates a kind of log records. Callers that emit many records of a kind cache it. */
  createKind(level: LogLevel, eventName: string, shared: SharedAttributes): LogRecordKind
  /** Emits a log record. @param attributes without secrets, and without keys of the kind's shared attributes. */
  emit(kind: LogRecordKind, message: string, attributes: Attributes, spanContext: SpanContext): void
}

interface LoggerParts {
  serviceName: string
  level: LogLevel
  repeatFilter: ReturnType<typeof createRepeatFilter>
  output: LogOutput
  /** Passes a record to the log record processors. */
  emitLogRecord(record: LogRecord): void
  sharedState: LoggerSharedState
}

/** Emits each record twice: as a line of JSON on standard output, and to the log record processors. */
export function createLogger({
  serviceName,
  level,
  repeatFilter,
  output,
  emitLogRecord,
  sharedState,
}: LoggerParts): CoreLogger {
  // The trace in which an error was last logged.
  const traceIdOf = new WeakMap<object, string>()
  const kinds = memoize((level: Level) =>
    memoize((eventName: string) => new LogRecordKind(serviceName, level, eventName || undefined, noSharedAttributes)),
  )
  const kindOf = (level: Level, eventName = '') => kinds(level)(eventName)

  const logger: CoreLogger = {
    level,
    debug: (message, attributes) => log('debug', message, attributes),
    info: (message, attributes) => log('info', message, attributes),
    warn: (message, attributes) => log('warn', message, attributes),
    error: (message, attributes) => log('error', message, attributes),
    event(name, attributes = {}, level = 'info', message = name) {
      if (isEnabled(level)) emit(kindOf(level, name), redactText(textOf(message)), redactAll(attributes))
    },
    exception(eventName, error, level = 'error') {
      // The error that ends the process is always logged, even if it was logged before.
      if (!isEnabled(level) || (!isNew(error) && level !== 'fatal')) return
      const attributes: Attributes = { 'error.type': errorType(error), ...exceptionAttributes(error) }
      const message = String(attributes['exception.message'])
      if (level === 'fatal' || isAllowed(level, message, eventName)) emit(kindOf(level, eventName), message, attributes)
    },
    isEnabled,
    createKind: (level, eventName, shared) => new LogRecordKind(serviceName, level, eventName, shared),
    emit,
  }
  return logger

  function log(level: LogLevel, message: string, attributes: Attributes = {}): void {
    if (!isEnabled(level)) return
    const body = redactText(textOf(message))
    if (isAllowed(level, body)) emit(kindOf(level), body, redactAll(attributes))
  }

  function isEnabled(level: Level): boolean {
    return severities[level] >= severities[logger.level]
  }

  // Once per trace: a program may throw the same error object in many requests.
  function isNew(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return true
    const traceId = activeContext()?.span.spanContext().traceId ?? ''
    if (traceIdOf.get(error) === traceId) return false
    traceIdOf.set(error, traceId)
    return true
  }

  function isAllowed(level: Level, body: string, eventName = ''): boolean {
    const report = (heldBack: number) =>
      // The report covers many requests: it belongs to none of their traces.
      withoutContext(() => emit(kindOf(level), `held back: ${body}`, { 'log.held_back.count': heldBack }))
    return repeatFilter.allows(`${level} ${eventName} ${body}`, report)
  }

  function emit(
    kind: LogRecordKind,
    body: string,
    attributes: Attributes,
    spanContext = activeContext()?.span.spanContext(),
  ): void {
    const record = new LogRecord(sharedState, kind, Date.now(), body, attributes, spanContext)
    try {
      emitLogRecord(record)
    } catch (error) {
      reportFailure('a log record processor', error)
    }
    try {
      output.write(record)
    } catch (error) {
      reportFailure('a writer of log lines', error)
    }
  }
}

// Callers in JavaScript may pass anything as a message.
function textOf(message: unknown): string {
  if (typeof message === 'string') return message
  return message instanceof Error ? safeMessage(message) : String(message)
}
