import type { Database } from 'bun:sqlite'
import { type Labels, noLabels } from '../../logql/labels'
import type { LabelFilter, LabelTest, LineFilter } from '../../logql/query'
import type { LogEntry, Selection } from '../../logql/source'
import type { BlockInfo } from './blocks'
import { type Column, decodeColumn } from './columns'
import { type PackedTexts, unpackTexts } from './packed-texts'
import { fixedColumns } from './write-block'

/** Opens blocks. A block reads a column when a query needs it. */
export function blockReader(db: Database, labelsOf: (stream: number) => Labels) {
  const readColumn = db.prepare('SELECT data FROM columns WHERE block = ? AND name = ?')
  const readNames = db.prepare("SELECT name FROM columns WHERE block = ? AND name NOT LIKE '#%'")
  return (info: BlockInfo) =>
    new OpenBlock(info, {
      labelsOf,
      bytesOf: (name) => (readColumn.get(info.id, name) as { data: Uint8Array } | null)?.data,
      labelNames: () => (readNames.all(info.id) as { name: string }[]).map(({ name }) => name),
    })
}

interface BlockStorage {
  labelsOf(stream: number): Labels
  /** The bytes of a column. */
  bytesOf(name: string): Uint8Array | undefined
  /** The labels that have a column. */
  labelNames(): string[]
}

/** A block while a query reads it. */
export class OpenBlock {
  readonly timesNs: BigInt64Array
  readonly streamIds: Uint32Array
  readonly #columns = new Map<string, Column | undefined>()
  #lines: PackedTexts | undefined
  #labelNames: string[] | undefined

  constructor(
    readonly info: BlockInfo,
    readonly storage: BlockStorage,
  ) {
    this.timesNs = new BigInt64Array(this.#bytesOf(fixedColumns.times).buffer)
    this.streamIds = new Uint32Array(this.#bytesOf(fixedColumns.streams).buffer)
  }

  /** A mask with 1 for each row that is in the selection. The conditions `|~` and `!~` on lines are not tested. */
  select(streams: Set<number>, { startNs, endNs, conditions }: Selection): Uint8Array {
    const mask = new Uint8Array(this.info.rows)
    const end = lowerBound(this.timesNs, endNs)
    for (let row = lowerBound(this.timesNs, startNs); row < end; row++) {
      if (streams.has(this.streamIds[row] ?? 0)) mask[row] = 1
    }
    for (const condition of conditions) {
      if (!mask.includes(1)) break
      if (condition.kind === 'line') this.#filterByLine(mask, condition)
      else this.#filterByLabels(mask, condition)
    }
    return mask
  }

  #filterByLine(mask: Uint8Array, { operator, texts }: LineFilter): void {
    if (operator === '|=' || operator === '!=') this.lines.filter(mask, texts, operator === '!=')
  }

  #filterByLabels(mask: Uint8Array, filter: LabelFilter): void {
    if (filter.kind === 'label') this.#filterByLabel(mask, filter)
    else if (filter.kind === 'and') {
      this.#filterByLabels(mask, filter.left)
      this.#filterByLabels(mask, filter.right)
    } else {
      const other = mask.slice()
      this.#filterByLabels(mask, filter.left)
      this.#filterByLabels(other, filter.right)
      for (let row = 0; row < mask.length; row++) mask[row] = (mask[row] ?? 0) | (other[row] ?? 0)
    }
  }

  #filterByLabel(mask: Uint8Array, test: LabelTest): void {
    const column = this.column(test.name)
    const isIndexed = this.info.streams.some(([stream]) => this.storage.labelsOf(stream)[test.name] !== undefined)
    if (column && !isIndexed) {
      column.filter(mask, test)
      return
    }
    // The index label of a stream hides a column of the same name.
    const accepted = new Map<number, boolean>()
    for (const [stream] of this.info.streams)
      accepted.set(stream, test.accepts(this.storage.labelsOf(stream)[test.name]))
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] === 0) continue
      const stream = this.streamIds[row] ?? 0
      const isOfStream = this.storage.labelsOf(stream)[test.name] !== undefined
      const isAccepted = isOfStream || !column ? accepted.get(stream) : test.accepts(column.text(row))
      if (!isAccepted) mask[row] = 0
    }
  }

  column(name: string): Column | undefined {
    if (this.#columns.has(name)) return this.#columns.get(name)
    const bytes = this.storage.bytesOf(name)
    const column = bytes && decodeColumn(bytes, this.info.rows)
    this.#columns.set(name, column)
    return column
  }

  get lines(): PackedTexts {
    this.#lines ??= unpackTexts(this.#bytesOf(fixedColumns.lines), this.info.rows)
    return this.#lines
  }

  get labelNames(): string[] {
    this.#labelNames ??= this.storage.labelNames()
    return this.#labelNames
  }

  // A typed array on the whole buffer needs bytes that fill it.
  #bytesOf(name: string): Uint8Array<ArrayBuffer> {
    const bytes = this.storage.bytesOf(name) ?? new Uint8Array()
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
    return this.block.storage.labelsOf(this.block.streamIds[this.row] ?? 0)
  }

  metadata(name: string): string | undefined {
    return this.block.column(name)?.text(this.row)
  }

  allMetadata(): Labels {
    const labels = noLabels()
    for (const name of this.block.labelNames) {
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
