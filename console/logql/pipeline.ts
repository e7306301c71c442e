import { addedName, type Labels, labelNameOf, noLabels } from './labels'
import type { LabelFilter, LineFormat, Stage } from './query'
import type { LogEntry } from './source'

/** An entry in a pipeline: its line and labels after the stages that have run. */
export class Row {
  // Labels that stages have set; `undefined` for one that a stage has dropped.
  #changed: Map<string, string | undefined> | undefined

  #line: string | undefined

  constructor(readonly entry: LogEntry) {}

  // Read from the entry on demand.
  get line(): string {
    this.#line ??= this.entry.line
    return this.#line
  }

  set line(text: string) {
    this.#line = text
  }

  /** The line's length in UTF-8. */
  get lineBytes(): number {
    return this.#line === undefined ? this.entry.lineBytes : Buffer.byteLength(this.#line)
  }

  /** The value of a label. */
  label(name: string): string | undefined {
    if (this.#changed?.has(name)) return this.#changed.get(name)
    return this.entry.streamLabels[name] ?? this.entry.metadata(name)
  }

  /** Sets a label; drops it without a value. */
  set(name: string, value: string | undefined): void {
    this.#changed ??= new Map()
    this.#changed.set(name, value)
  }

  drop(name: string): void {
    if (this.label(name) !== undefined) this.set(name, undefined)
  }

  /** The labels that stages have set. */
  parsed(): Labels {
    const labels = noLabels()
    for (const [name, value] of this.#changed ?? []) if (value !== undefined) labels[name] = value
    return labels
  }

  /** Index labels and structured metadata, without those that a stage has dropped or replaced. */
  stored(): { stream: Labels; metadata: Labels } {
    const stream = this.entry.streamLabels
    const metadata = this.entry.allMetadata()
    const changed = this.#changed
    if (!changed) return { stream, metadata }
    const left = (labels: Labels) => Object.fromEntries(Object.entries(labels).filter(([name]) => !changed.has(name)))
    return { stream: left(stream), metadata: left(metadata) }
  }

  /** All labels together. */
  labels(): Labels {
    const { stream, metadata } = this.stored()
    return Object.assign(noLabels(), metadata, stream, this.parsed())
  }
}

/** Runs all stages on a row. Returns false when a filter rejects it. */
export function runStages(stages: Stage[], row: Row): boolean {
  for (const stage of stages) {
    if (stage.kind === 'line') {
      if (!stage.accepts(row.line)) return false
    } else if (stage.kind === 'json') extractJson(row)
    else if (stage.kind === 'line_format') row.line = formatted(stage, row)
    else if (stage.kind === 'drop') for (const name of stage.names) row.drop(name)
    else if (!accepts(stage, row)) return false
  }
  return true
}

function accepts(filter: LabelFilter, row: Row): boolean {
  if (filter.kind === 'and') return accepts(filter.left, row) && accepts(filter.right, row)
  if (filter.kind === 'or') return accepts(filter.left, row) || accepts(filter.right, row)
  // Only a comparison of texts can reject a line that has an error.
  if (filter.compares && row.label('__error__') !== undefined) return true
  const value = row.label(filter.name)
  if (!filter.accepts(value)) return false
  if (filter.failsOn(value)) fail(row, 'LabelFilterErr', `${filter.name} can't be compared: ${value}`)
  return true
}

function formatted({ parts }: LineFormat, row: Row): string {
  return parts
    .map((part) => ('text' in part ? part.text : 'line' in part ? row.line : (row.label(part.label) ?? '')))
    .join('')
}

function fail(row: Row, error: string, details: string): void {
  row.set('__error__', error)
  row.set('__error_details__', details)
}

/** `json`: properties become labels, those of nested objects with `_` between the names. Arrays do not. */
function extractJson(row: Row): void {
  try {
    const value: unknown = JSON.parse(row.line, keepNumbers)
    if (isObject(value)) extractMembers(row, value, '')
    else fail(row, 'JSONParserErr', 'the line is not a JSON object')
  } catch (error) {
    fail(row, 'JSONParserErr', (error as Error).message)
  }
}

// A number stays as it is written, for example 1.0 or 12345678901234567890.
function keepNumbers(this: unknown, _name: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? context.source : value
}

function extractMembers(row: Row, object: object, prefix: string): void {
  for (const [name, value] of Object.entries(object)) {
    const key = prefix === '' ? name : `${prefix}_${name}`
    if (isObject(value)) extractMembers(row, value, key)
    else if (value !== null && value !== '' && !Array.isArray(value)) extract(row, labelNameOf(key), String(value))
  }
}

function extract(row: Row, name: string, value: string): void {
  if (name === '') return
  const isTaken = row.entry.streamLabels[name] !== undefined || row.entry.metadata(name) !== undefined
  row.set(addedName(name, isTaken), value)
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
