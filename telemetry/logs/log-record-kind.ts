import { SeverityNumber } from '@opentelemetry/api'
import { createLogLineTemplate, type LogLineTemplate } from '../encode/log-line-template'
import { createLogRecordTemplate, type LogRecordTemplate } from '../encode/log-record-template'
import type { LogLevel } from '../settings/settings'
import type { SharedAttributes } from '../shared-attributes'

export type Level = LogLevel | 'fatal'

export const severities = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
} as const

/** What log lines of a kind have in common; their JSON, for standard output and for OTLP, is put together once. */
export class LogRecordKind {
  readonly severityNumber: SeverityNumber
  readonly severityText: string
  /** Without and with a trace. */
  private readonly records: [LogRecordTemplate | undefined, LogRecordTemplate | undefined] = [undefined, undefined]
  private readonly lines: [LogLineTemplate | undefined, LogLineTemplate | undefined] = [undefined, undefined]

  constructor(
    readonly service: string,
    readonly level: Level,
    readonly eventName: string | undefined,
    readonly sharedAttributes: SharedAttributes,
  ) {
    this.severityNumber = severities[level]
    this.severityText = level.toUpperCase()
  }

  recordTemplate(isTraced: boolean): LogRecordTemplate {
    const at = isTraced ? 1 : 0
    this.records[at] ??= createLogRecordTemplate(this, this.sharedAttributes, isTraced)
    return this.records[at]
  }

  lineTemplate(isTraced: boolean): LogLineTemplate {
    const at = isTraced ? 1 : 0
    this.lines[at] ??= createLogLineTemplate(this, this.sharedAttributes, isTraced)
    return this.lines[at]
  }
}
