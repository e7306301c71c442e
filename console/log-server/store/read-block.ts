import type { Database } from 'bun:sqlite'
import { type Labels, noLabels } from '../../logql/labels'
import type { LabelFilter, LabelTest, LineFilter } from '../../logql/query'
import type { LogEntry, Selection } from '../../logql/source'
import { type Column, decodeColumn } from './columns'
import { decodeLines, type Lines } from './lines'
import { type BlockInfo, fixed } from './write-block'

/** Opens blocks, whose columns are read when they are needed. */
export function blockReader(db: Database, labelsOf: (stream: number) => Labels) {
  const readColumn = db.prepare('SELECT data FROM columns WHERE block = ? AND name = ?')
  const readNames = db.prepare("SELECT name FROM columns WHERE block = ? AND name NOT LIKE '#%'")
  return (info: BlockInfo) =>
    new OpenBlock(info, {
      labelsOf,
      data: (name) => (readColumn.get(info.id, name) as { data: Uint8Array } | null)?.data,
      names: () => (readNames.all(info.id) as { name: string }[]).map(({ name }) => name),
    })
}

interface Reading {
  labelsOf(stream: number): Labels
  data(name: string): Uint8Array | undefined
  names(): string[]
}

/** A block that a query reads. */
export class OpenBlock {
  readonly timesNs: BigInt64Array
  readonly streamIds: Uint32Array
  readonly #columns = new Map<string, Column | undefined>()
  #lines: Lines | undefined
  #names: string[] | undefined

  constructor(
    readonly info: BlockInfo,
    readonly reading: Reading,
  ) {
    this.timesNs = new BigInt64Array(this.#fixed(fixed.times).buffer)
    this.streamIds = new Uint32Array(this.#fixed(fixed.streams).buffer)
  }

  /** Which rows are of one of the streams, lie between two times and meet the conditions: 1 in the mask. */
  select(streams: Set<number>, { startNs, endNs, conditions }: Selection): Uint8Array {
    const mask = new Uint8Array(this.info.rows)
    const end = lowerBound(this.timesNs, endNs)
    for (let row = lowerBound(this.timesNs, startNs); row < end; row++) {
      if (streams.has(this.streamIds[row] ?? 0)) mask[row] = 1
    }
    for (const condition of conditions) {
      if (!mask.includes(1)) break
      if (condition.kind === 'line') this.#keepLines(mask, condition)
      else this.#keepLabels(mask, condition)
    }
    return mask
  }

  #keepLines(mask: Uint8Array, { operator, texts }: LineFilter): void {
    if (operator === '|=' || operator === '!=') this.lines.keep(mask, texts, operator === '!=')
  }

  #keepLabels(mask: Uint8Array, filter: LabelFilter): void {
    if (filter.kind === 'label') this.#keepLabel(mask, filter)
    else if (filter.kind === 'and') {
      this.#keepLabels(mask, filter.left)
      this.#keepLabels(mask, filter.right)
    } else {
      const other = mask.slice()
      this.#keepLabels(mask, filter.left)
      this.#keepLabels(other, filter.right)
      for (let row = 0; row < mask.length; row++) mask[row] = (mask[row] ?? 0) | (other[row] ?? 0)
    }
  }

  #keepLabel(mask: Uint8Array, test: LabelTest): void {
    const column = this.column(test.name)
    const isIndexed = this.info.streams.some(([stream]) => this.reading.labelsOf(stream)[test.name] !== undefined)
    if (column && !isIndexed) {
      column.keep(mask, test)
      return
    }
    // An index label is of the stream, and then no column of its lines.
    const accepted = new Map<number, boolean>()
    for (const [stream] of this.info.streams)
      accepted.set(stream, test.accepts(this.reading.labelsOf(stream)[test.name]))
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] === 0) continue
      const stream = this.streamIds[row] ?? 0
      const isOfStream = this.reading.labelsOf(stream)[test.name] !== undefined
      const isAccepted = isOfStream || !column ? accepted.get(stream) : test.accepts(column.text(row))
      if (!isAccepted) mask[row] = 0
    }
  }

  column(name: string): Column | undefined {
    const before = this.#columns.get(name)
    if (before || this.#columns.has(name)) return before
    const data = this.reading.data(name)
    const column = data && decodeColumn(data, this.info.rows)
    this.#columns.set(name, column)
    return column
  }

  get lines(): Lines {
    this.#lines ??= decodeLines(this.#fixed(fixed.lines), this.info.rows)
    return this.#lines
  }

  get names(): string[] {
    this.#names ??= this.reading.names()
    return this.#names
  }

  // Typed arrays need a buffer of their own.
  #fixed(name: string): Uint8Array<ArrayBuffer> {
    const bytes = this.reading.data(name) ?? new Uint8Array()
    const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
    return (isWhole ? bytes : bytes.slice()) as Uint8Array<ArrayBuffer>
  }
}

/** A row of an open block. */
export class BlockEntry implements LogEntry {
  constructor(
    private readonly block: OpenBlock,
    private readonly row: number,
  ) {}

  get timeNs(): bigint {
    return this.block.timesNs[this.row] ?? 0n
  }

  get line(): string {
    return this.block.lines.text(this.row)
  }

  get lineBytes(): number {
    return this.block.lines.bytes(this.row)
  }

  get streamLabels(): Labels {
    return this.block.reading.labelsOf(this.block.streamIds[this.row] ?? 0)
  }

  metadata(name: string): string | undefined {
    return this.block.column(name)?.text(this.row)
  }

  allMetadata(): Labels {
    const labels = noLabels()
    for (const name of this.block.names) {
      const value = this.metadata(name)
      if (value !== undefined) labels[name] = value
    }
    return labels
  }
}

/** The first index whose time is not before `timeNs`. */
function lowerBound(timesNs: BigInt64Array, timeNs: bigint): number {
  let low = 0
  let high = timesNs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((timesNs[middle] ?? 0n) < timeNs) low = middle + 1
    else high = middle
  }
  return low
}
