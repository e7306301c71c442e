import { type Attributes, SeverityNumber } from '@opentelemetry/api'
import { errorType, exceptionAttributes } from '../errors'
import { guarded } from '../guard'
import type { Labels } from '../labels'
import { redactAll, redactText } from '../redact'
import { currentScope, outside } from '../scope'
import type { LogLevel } from '../settings/settings'
import type { WriteLine } from './lines'
import { LogLine, type LogOrigin } from './record'
import type { createRepeats } from './repeats'

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
  writes(level: LogLevel): boolean
  /** @param attributes known to hold nothing secret. */
  wide(name: string, level: LogLevel, message: string, labels: readonly Labels[], attributes: Attributes): void
}

interface LoggerParts {
  serviceName: string
  level: LogLevel
  repeats: ReturnType<typeof createRepeats>
  /** Receives each line for standard output. */
  write: WriteLine
  /** Receives each line as a record. */
  record(line: LogLine): void
  origin: LogOrigin
}

const severities = {
  debug: [SeverityNumber.DEBUG, 'DEBUG'],
  info: [SeverityNumber.INFO, 'INFO'],
  warn: [SeverityNumber.WARN, 'WARN'],
  error: [SeverityNumber.ERROR, 'ERROR'],
  fatal: [SeverityNumber.FATAL, 'FATAL'],
} as const

type Level = keyof typeof severities

const noLabels: readonly Labels[] = []

/** Writes each line twice: as JSON on standard output, and as a log record; both with the same trace id. */
export function createLogger({ serviceName, level, repeats, write, record, origin }: LoggerParts): CoreLogger {
  const reported = new WeakSet<object>()

  const logger: CoreLogger = {
    level,
    debug: (message, attributes) => say('debug', message, attributes),
    info: (message, attributes) => say('info', message, attributes),
    warn: (message, attributes) => say('warn', message, attributes),
    error: (message, attributes) => say('error', message, attributes),
    event(name, attributes = {}, level = 'info', message = name) {
      if (isWritten(level)) emit(level, redactText(message), noLabels, redactAll(attributes), name)
    },
    exception(eventName, error, level = 'error') {
      if (!isWritten(level) || !isNew(error)) return
      const attributes: Attributes = { 'error.type': errorType(error), ...exceptionAttributes(error) }
      const message = String(attributes['exception.message'])
      if (level === 'fatal' || admits(level, message, eventName)) emit(level, message, noLabels, attributes, eventName)
    },
    writes: isWritten,
    wide(name, level, message, labels, attributes) {
      if (isWritten(level)) emit(level, message, labels, attributes, name)
    },
  }
  return logger

  function say(level: LogLevel, message: string, attributes: Attributes = {}): void {
    if (!isWritten(level)) return
    const body = redactText(message)
    if (admits(level, body)) emit(level, body, noLabels, redactAll(attributes))
  }

  function isWritten(level: Level): boolean {
    return severities[level][0] >= severities[logger.level][0]
  }

  function isNew(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return true
    if (reported.has(error)) return false
    reported.add(error)
    return true
  }

  function admits(level: Level, body: string, eventName = ''): boolean {
    const report = (heldBack: number) =>
      // What began in one request reports on many.
      outside(() => emit(level, `held back: ${body}`, noLabels, { 'log.held_back.count': heldBack }))
    return repeats.admits(`${level} ${eventName} ${body}`, report)
  }

  function emit(level: Level, body: string, labels: readonly Labels[], own: Attributes, eventName?: string): void {
    const [severityNumber, severityText] = severities[level]
    const spanContext = currentScope()?.span.spanContext()
    const line = new LogLine(
      origin,
      Date.now(),
      severityNumber,
      severityText,
      body,
      eventName,
      labels,
      own,
      spanContext,
    )
    guarded('a writer of log lines', () => write(line, serviceName))
    guarded('a log record processor', () => record(line))
  }
}
