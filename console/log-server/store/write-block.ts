import type { Database } from 'bun:sqlite'
import type { DecodedLine } from '../decode/decoded-line'
import { encodeColumn } from './columns'
import { packTexts } from './packed-texts'

/** A line before it is part of a block. */
export interface StoredLine extends DecodedLine {
  /** The id of its stream. */
  stream: number
  /** Of time, labels, text and metadata, to recognize a duplicate. */
  hash: bigint
}

// Each name takes a column with a row for each line.
const maxBlockNames = 1000

/** The columns that are not labels. A label name can't contain `#`. */
export const fixedColumns = { times: '#time', streams: '#stream', lines: '#line', hashes: '#hash' }

/** A hash of a trace id: a whole number below 2^53. */
export const traceHash = (traceId: string): number => Number(BigInt(Bun.hash(traceId)) & 0x1f_ffff_ffff_ffffn)

/** Writes lines as a block. The lines must be sorted by time. */
export function blockWriter(db: Database) {
  const insertBlock = db.prepare(
    'INSERT INTO blocks (first_ns, last_ns, row_count, line_bytes, streams) VALUES (?, ?, ?, ?, ?) RETURNING id',
  )
  const insertColumn = db.prepare('INSERT INTO columns (block, name, data) VALUES (?, ?, ?)')
  const insertTrace = db.prepare('INSERT INTO traces VALUES (?, ?)')

  return function write(sorted: StoredLine[]): void {
    const firstNs = sorted[0]?.timeNs ?? 0n
    const lastNs = sorted.at(-1)?.timeNs ?? 0n
    const { perStream, lineBytes } = sizes(sorted)
    const inserted = insertBlock.get(firstNs, lastNs, sorted.length, lineBytes, JSON.stringify(perStream))
    const { id } = inserted as { id: bigint }
    insertColumn.run(id, fixedColumns.times, bytesOf(new BigInt64Array(sorted.map(({ timeNs }) => timeNs))))
    insertColumn.run(id, fixedColumns.streams, bytesOf(new Uint32Array(sorted.map(({ stream }) => stream))))
    insertColumn.run(id, fixedColumns.hashes, bytesOf(new BigUint64Array(sorted.map(({ hash }) => hash))))
    insertColumn.run(id, fixedColumns.lines, packTexts(sorted.map(({ line }) => line)))
    for (const [name, values] of columnsOf(sorted)) insertColumn.run(id, name, encodeColumn(values))
    const hashes = new Set<number>()
    for (const { metadata, sharedMetadata } of sorted) {
      const traceId = lastValue(metadata, 'trace_id') ?? lastValue(sharedMetadata, 'trace_id')
      if (traceId) hashes.add(traceHash(traceId))
    }
    for (const hash of [...hashes].sort((a, b) => a - b)) insertTrace.run(hash, id)
  }
}

const bytesOf = ({ buffer }: BigInt64Array | BigUint64Array | Uint32Array) => new Uint8Array(buffer as ArrayBuffer)

function lastValue(pairs: string[], name: string): string | undefined {
  for (let at = pairs.length - 2; at >= 0; at -= 2) if (pairs[at] === name) return pairs[at + 1]
  return undefined
}

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

/** The hashes of a block's lines. */
export function readHashes(db: Database, block: number): BigUint64Array {
  const row = db.prepare('SELECT data FROM columns WHERE block = ? AND name = ?').get(block, fixedColumns.hashes)
  return new BigUint64Array((row as { data: Uint8Array }).data.slice().buffer)
}

/** Splits sorted lines into blocks of at most `maxRows` lines, and of a limited number of metadata names. */
export function* splitIntoBlocks(sorted: StoredLine[], maxRows: number): Iterable<StoredLine[]> {
  let block: StoredLine[] = []
  const names = new Set<string>()
  let shared: string[] | undefined
  for (const line of sorted) {
    if (line.sharedMetadata !== shared) addNames(names, line.sharedMetadata)
    shared = line.sharedMetadata
    addNames(names, line.metadata)
    block.push(line)
    if (block.length < maxRows && names.size < maxBlockNames) continue
    yield block
    block = []
    names.clear()
    shared = undefined
  }
  if (block.length > 0) yield block
}

function addNames(names: Set<string>, pairs: string[]): void {
  for (let at = 0; at < pairs.length; at += 2) names.add(pairs[at] ?? '')
}
