import { SeverityNumber } from '@opentelemetry/api'
import type { Labels } from '../labels'
import type { LogLevel } from '../settings/settings'
import { type LineForm, lineForm } from './line-form'
import { type RecordForm, recordForm } from './record-form'

export type Level = LogLevel | 'fatal'

export const severities = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
} as const

/** What log lines of a kind have in common; their JSON, for standard output and for OTLP, is put together once. */
export class LineKind {
  readonly severityNumber: SeverityNumber
  readonly severityText: string
  /** Without and with a trace. */
  private readonly records: [RecordForm | undefined, RecordForm | undefined] = [undefined, undefined]
  private readonly lines: [LineForm | undefined, LineForm | undefined] = [undefined, undefined]

  constructor(
    readonly service: string,
    readonly level: Level,
    readonly eventName: string | undefined,
    readonly labels: Labels,
  ) {
    this.severityNumber = severities[level]
    this.severityText = level.toUpperCase()
  }

  recordForm(isTraced: boolean): RecordForm {
    const at = isTraced ? 1 : 0
    this.records[at] ??= recordForm(this, this.labels, isTraced)
    return this.records[at]
  }

  lineForm(isTraced: boolean): LineForm {
    const at = isTraced ? 1 : 0
    this.lines[at] ??= lineForm(this, this.labels, isTraced)
    return this.lines[at]
  }
}
