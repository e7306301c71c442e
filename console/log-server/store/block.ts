import type { Database } from 'bun:sqlite'
import type { LabelFilter, LineFilter } from '../../logql/query'
import { type Labels, type LogEntry, noLabels, type Selection } from '../../logql/source'
import type { NewLine } from '../decode/decode-logs'
import { type Column, decodeColumn, encodeColumn } from './columns'
import { decodeLines, encodeLines, type Lines } from './lines'

/** A line before it is part of a block. */
export interface StoredLine extends NewLine {
  /** Id of its stream. */
  stream: number
}

export interface BlockInfo {
  id: number
  firstNs: bigint
  lastNs: bigint
  rows: number
  lineBytes: number
  streams: [id: number, rows: number, bytes: number][]
}

const times = '#time'
const streams = '#stream'
const lines = '#line'

/** A positive hash of a trace id that SQLite and a number hold exactly. */
export const traceHash = (traceId: string): number => Number(BigInt(Bun.hash(traceId)) & 0x1f_ffff_ffff_ffffn)

/** Writes lines as a block. They must be sorted by time. */
export function blockWriter(db: Database) {
  const insertBlock = db.prepare(
    'INSERT INTO blocks (first_ns, last_ns, row_count, line_bytes, streams) VALUES (?, ?, ?, ?, ?) RETURNING id',
  )
  const insertColumn = db.prepare('INSERT INTO columns (block, name, data) VALUES (?, ?, ?)')
  const insertTrace = db.prepare('INSERT INTO traces VALUES (?, ?)')

  return function write(sorted: StoredLine[]): BlockInfo {
    const firstNs = sorted[0]?.timeNs ?? 0n
    const lastNs = sorted.at(-1)?.timeNs ?? 0n
    const { perStream, lineBytes } = sizes(sorted)
    const info = { firstNs, lastNs, rows: sorted.length, lineBytes, streams: perStream }
    const { id } = insertBlock.get(firstNs, lastNs, info.rows, lineBytes, JSON.stringify(perStream)) as { id: number }
    insertColumn.run(id, times, bytesOf(new BigInt64Array(sorted.map(({ timeNs }) => timeNs))))
    insertColumn.run(id, streams, bytesOf(new Uint32Array(sorted.map(({ stream }) => stream))))
    insertColumn.run(id, lines, encodeLines(sorted.map(({ line }) => line)))
    for (const [name, values] of columnsOf(sorted)) insertColumn.run(id, name, encodeColumn(values))
    const hashes = new Set<number>()
    for (const { metadata } of sorted) {
      const at = metadata.indexOf('trace_id')
      if (at >= 0 && at % 2 === 0) hashes.add(traceHash(metadata[at + 1] ?? ''))
    }
    for (const hash of [...hashes].sort((a, b) => a - b)) insertTrace.run(hash, id)
    return { id, ...info }
  }
}

const bytesOf = ({ buffer }: BigInt64Array | Uint32Array) => new Uint8Array(buffer as ArrayBuffer)

function sizes(sorted: StoredLine[]) {
  const byStream = new Map<number, [id: number, rows: number, bytes: number]>()
  let lineBytes = 0
  for (const { stream, line } of sorted) {
    const bytes = Buffer.byteLength(line)
    const size = byStream.get(stream) ?? [stream, 0, 0]
    size[1]++
    size[2] += bytes
    lineBytes += bytes
    byStream.set(stream, size)
  }
  return { perStream: [...byStream.values()], lineBytes }
}

function columnsOf(sorted: StoredLine[]): Map<string, (string | undefined)[]> {
  const columns = new Map<string, (string | undefined)[]>()
  const columnOf = (name: string) => {
    const values = columns.get(name) ?? new Array<string | undefined>(sorted.length)
    columns.set(name, values)
    return values
  }
  sorted.forEach(({ metadata, sharedMetadata }, row) => {
    for (let at = 0; at < sharedMetadata.length; at += 2)
      columnOf(sharedMetadata[at] ?? '')[row] = sharedMetadata[at + 1]
    for (let at = 0; at < metadata.length; at += 2) columnOf(metadata[at] ?? '')[row] = metadata[at + 1]
  })
  return columns
}

/** Reads blocks, column by column. */
export function blockReader(db: Database, labelsOf: (stream: number) => Labels) {
  const readColumn = db.prepare('SELECT data FROM columns WHERE block = ? AND name = ?')
  const readNames = db.prepare("SELECT name FROM columns WHERE block = ? AND name NOT LIKE '#%'")

  return function open(info: BlockInfo) {
    const { id, rows } = info
    const timesNs = new BigInt64Array(aligned(bytesOfColumn(times)).buffer)
    const streamIds = new Uint32Array(aligned(bytesOfColumn(streams)).buffer)
    const opened = new Map<string, Column | undefined>()
    let openedLines: Lines | undefined
    let names: string[] | undefined
    return { timesNs, streamIds, select, entry }

    /** The rows between two times that are of one of the streams and meet the conditions: 1 in the mask, from `from` on. */
    function select(wanted: Set<number>, { startNs, endNs, conditions }: Selection): Uint8Array {
      const mask = new Uint8Array(rows)
      const from = lowerBound(timesNs, startNs)
      const to = lowerBound(timesNs, endNs)
      for (let row = from; row < to; row++) mask[row] = wanted.has(streamIds[row] ?? 0) ? 1 : 0
      for (const condition of conditions) {
        if (!mask.includes(1)) break
        keep(mask, condition)
      }
      return mask
    }

    function keep(mask: Uint8Array, condition: LineFilter | LabelFilter): void {
      if (condition.kind === 'line') {
        const { operator, texts } = condition
        if (operator === '|=' || operator === '!=') textLines().keep(mask, texts, operator === '!=')
      } else keepLabels(mask, condition)
    }

    function keepLabels(mask: Uint8Array, filter: LabelFilter): void {
      if (filter.kind === 'and') {
        keepLabels(mask, filter.left)
        keepLabels(mask, filter.right)
      } else if (filter.kind === 'or') {
        const other = mask.slice()
        keepLabels(mask, filter.left)
        keepLabels(other, filter.right)
        for (let row = 0; row < mask.length; row++) mask[row] = (mask[row] ?? 0) | (other[row] ?? 0)
      } else keepLabel(mask, filter)
    }

    function keepLabel(mask: Uint8Array, test: Extract<LabelFilter, { kind: 'label' }>): void {
      // An index label is of the stream, and then no column.
      const ofStreams = new Map(info.streams.map(([stream]) => [stream, labelsOf(stream)[test.name]]))
      const isIndexed = [...ofStreams.values()].some((value) => value !== undefined)
      const ofRows = column(test.name)
      if (!isIndexed && ofRows) ofRows.keep(mask, test)
      else {
        for (let row = 0; row < mask.length; row++) {
          if (mask[row] === 0) continue
          const value = ofStreams.get(streamIds[row] ?? 0) ?? ofRows?.text(row)
          if (!test.accepts(value)) mask[row] = 0
        }
      }
    }

    function column(name: string): Column | undefined {
      if (!opened.has(name)) {
        const found = readColumn.get(id, name) as { data: Uint8Array } | null
        opened.set(name, found ? decodeColumn(found.data, rows) : undefined)
      }
      return opened.get(name)
    }

    function textLines(): Lines {
      openedLines ??= decodeLines(bytesOfColumn(lines), rows)
      return openedLines
    }

    function bytesOfColumn(name: string): Uint8Array {
      return (readColumn.get(id, name) as { data: Uint8Array }).data
    }

    function allMetadata(row: number): Labels {
      names ??= (readNames.all(id) as { name: string }[]).map(({ name }) => name)
      const labels = noLabels()
      for (const name of names) {
        const value = column(name)?.text(row)
        if (value !== undefined) labels[name] = value
      }
      return labels
    }

    function entry(row: number): LogEntry {
      return {
        timeNs: timesNs[row] ?? 0n,
        get line() {
          return textLines().text(row)
        },
        get lineBytes() {
          return textLines().bytes(row)
        },
        streamLabels: labelsOf(streamIds[row] ?? 0),
        metadata: (name) => column(name)?.text(row),
        allMetadata: () => allMetadata(row),
      }
    }
  }
}

export type OpenBlock = ReturnType<ReturnType<typeof blockReader>>

// Typed arrays need their own start.
const aligned = (bytes: Uint8Array) =>
  (bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
    ? bytes
    : bytes.slice()) as Uint8Array<ArrayBuffer>

/** The first index whose time is not before `timeNs`. */
export function lowerBound(timesNs: BigInt64Array, timeNs: bigint): number {
  let low = 0
  let high = timesNs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((timesNs[middle] ?? 0n) < timeNs) low = middle + 1
    else high = middle
  }
  return low
}
