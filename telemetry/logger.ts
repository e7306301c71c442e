import {
  type Attributes,
  type Logger as OtelLogger,
  ROOT_CONTEXT,
  SeverityNumber,
  TraceFlags,
} from '@opentelemetry/api'
import { errorType, exceptionAttributes } from './errors'
import { currentScope } from './scope'
import type { LogLevel } from './settings'

export interface Logger {
  debug(message: string, attributes?: Attributes): void
  info(message: string, attributes?: Attributes): void
  warn(message: string, attributes?: Attributes): void
  error(message: string, attributes?: Attributes): void
  /** A named event (`checkout.refused`). Source: OTel logs data model, `EventName`. */
  event(name: string, attributes?: Attributes, level?: LogLevel, message?: string): void
  /** An exception as a log event; the same error object is written once, however many layers report it. */
  exception(eventName: string, error: unknown, level?: LogLevel | 'fatal'): void
}

const severities = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
}

interface LoggerParts {
  otel: OtelLogger
  serviceName: string
  level: LogLevel
  /** Receives each line of JSON, without its end of line. */
  write(line: string): void
}

/** Writes each record twice: a line of JSON on standard output, and an OTLP log record; both with the same trace id. */
export function createLogger({ otel, serviceName, level: least, write }: LoggerParts): Logger {
  const reported = new WeakSet<object>()
  const exceptionOnce = (eventName: string, error: unknown, level: LogLevel | 'fatal') => {
    if (typeof error === 'object' && error !== null) {
      if (reported.has(error)) return
      reported.add(error)
    }
    const attributes: Attributes = { 'error.type': errorType(error), ...exceptionAttributes(error) }
    emit(level, String(attributes['exception.message']), attributes, eventName)
  }
  return {
    debug: (message, attributes) => emit('debug', message, attributes),
    info: (message, attributes) => emit('info', message, attributes),
    warn: (message, attributes) => emit('warn', message, attributes),
    error: (message, attributes) => emit('error', message, attributes),
    event: (name, attributes, level = 'info', message = name) => emit(level, message, attributes, name),
    exception: (eventName, error, level = 'error') => exceptionOnce(eventName, error, level),
  }

  function emit(level: LogLevel | 'fatal', body: string, attributes: Attributes = {}, eventName?: string): void {
    if (severities[level] < severities[least]) return
    const now = Date.now()
    const scope = currentScope()
    const span = scope?.span.spanContext()
    write(
      JSON.stringify({
        timestamp: new Date(now).toISOString(),
        level,
        service: serviceName,
        message: body,
        ...(span && {
          trace_id: span.traceId,
          span_id: span.spanId,
          trace_flags: span.traceFlags & TraceFlags.SAMPLED,
        }),
        ...(eventName && { event: eventName }),
        ...attributes,
      }),
    )
    otel.emit({
      timestamp: now,
      severityNumber: severities[level],
      severityText: level.toUpperCase(),
      body,
      attributes,
      context: scope?.context ?? ROOT_CONTEXT,
      ...(eventName && { eventName }),
    })
  }
}
