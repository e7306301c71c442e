import type { Attributes, SpanContext } from '@opentelemetry/api'
import { activeContext, withoutContext } from '../active-context'
import { reportFailure } from '../diagnostics'
import { errorType, exceptionAttributes, safeMessage } from '../errors'
import { redactAll, redactText } from '../redact'
import type { LogLevel } from '../settings/settings'
import { memo, noSharedAttributes, type SharedAttributes } from '../shared-attributes'
import { type LoggerSharedState, LogRecord } from './log-record'
import { type Level, LogRecordKind, severities } from './log-record-kind'
import type { LogOutput } from './output'
import type { createRepeatFilter } from './repeat-filter'

export interface Logger {
  debug(message: string, attributes?: Attributes): void
  info(message: string, attributes?: Attributes): void
  warn(message: string, attributes?: Attributes): void
  error(message: string, attributes?: Attributes): void
  /** A named event (`checkout.refused`). Never held back. Source: OTel logs data model, `EventName`. */
  event(name: string, attributes?: Attributes, level?: LogLevel, message?: string): void
  /** An exception as a log event; the same error object is written once, however many layers report it. */
  exception(eventName: string, error: unknown, level?: LogLevel | 'fatal'): void
  /** The least severity that is written; may be changed at any time. */
  level: LogLevel
}

/** What the instrumentation writes: attributes that are clean and, where they repeat, rendered. */
export interface CoreLogger extends Logger {
  /** Whether lines of that level are written now: what is not need not be put together. */
  isEnabled(level: LogLevel): boolean
  /** A kind of lines, to be kept by who writes many of it. */
  createKind(level: LogLevel, eventName: string, labels: SharedAttributes): LogRecordKind
  /** Writes a line of a kind. @param attributes known to hold nothing secret, and none of the kind's labels. */
  emit(kind: LogRecordKind, message: string, attributes: Attributes, spanContext: SpanContext): void
}

interface LoggerParts {
  serviceName: string
  level: LogLevel
  repeatFilter: ReturnType<typeof createRepeatFilter>
  /** Receives each line, for standard output. */
  output: LogOutput
  /** Receives each line as a record. */
  emitLogRecord(line: LogRecord): void
  sharedState: LoggerSharedState
}

/** Writes each line twice: as JSON on standard output, and as a log record; both with the same trace id. */
export function createLogger({
  serviceName,
  level,
  repeatFilter,
  output,
  emitLogRecord,
  sharedState,
}: LoggerParts): CoreLogger {
  const reported = new WeakMap<object, string>()
  const kinds = memo((level: Level) =>
    memo((eventName: string) => new LogRecordKind(serviceName, level, eventName || undefined, noSharedAttributes)),
  )
  const kindOf = (level: Level, eventName = '') => kinds(level)(eventName)

  const logger: CoreLogger = {
    level,
    debug: (message, attributes) => say('debug', message, attributes),
    info: (message, attributes) => say('info', message, attributes),
    warn: (message, attributes) => say('warn', message, attributes),
    error: (message, attributes) => say('error', message, attributes),
    event(name, attributes = {}, level = 'info', message = name) {
      if (isWritten(level)) emit(kindOf(level, name), redactText(asText(message)), redactAll(attributes))
    },
    exception(eventName, error, level = 'error') {
      // What ends the process is told, whoever told it before.
      if (!isWritten(level) || (!isNew(error) && level !== 'fatal')) return
      const attributes: Attributes = { 'error.type': errorType(error), ...exceptionAttributes(error) }
      const message = String(attributes['exception.message'])
      if (level === 'fatal' || admits(level, message, eventName)) emit(kindOf(level, eventName), message, attributes)
    },
    isEnabled: isWritten,
    createKind: (level, eventName, labels) => new LogRecordKind(serviceName, level, eventName, labels),
    emit,
  }
  return logger

  function say(level: LogLevel, message: string, attributes: Attributes = {}): void {
    if (!isWritten(level)) return
    const body = redactText(asText(message))
    if (admits(level, body)) emit(kindOf(level), body, redactAll(attributes))
  }

  function isWritten(level: Level): boolean {
    return severities[level] >= severities[logger.level]
  }

  function isNew(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return true
    // The same object may be thrown in request after request.
    const traceId = activeContext()?.span.spanContext().traceId ?? ''
    if (reported.get(error) === traceId) return false
    reported.set(error, traceId)
    return true
  }

  function admits(level: Level, body: string, eventName = ''): boolean {
    const report = (heldBack: number) =>
      // What began in one request reports on many.
      withoutContext(() => emit(kindOf(level), `held back: ${body}`, { 'log.held_back.count': heldBack }))
    return repeatFilter.allows(`${level} ${eventName} ${body}`, report)
  }

  function emit(
    kind: LogRecordKind,
    body: string,
    own: Attributes,
    spanContext = activeContext()?.span.spanContext(),
  ): void {
    const line = new LogRecord(sharedState, kind, Date.now(), body, own, spanContext)
    try {
      emitLogRecord(line)
    } catch (error) {
      reportFailure('a log record processor', error)
    }
    try {
      output.write(line)
    } catch (error) {
      reportFailure('a writer of log lines', error)
    }
  }
}

// JavaScript passes whatever it has.
function asText(message: unknown): string {
  if (typeof message === 'string') return message
  return message instanceof Error ? safeMessage(message) : String(message)
}
