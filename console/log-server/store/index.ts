import { type Labels, noLabels } from '../../logql/labels'
import {
  type LogEntry,
  type LogSource,
  matchesAll,
  requiredValue,
  type Selection,
  type StreamSelection,
  type StreamSize,
  withEventLoopPauses,
} from '../../logql/source'
import type { Mapping } from '../../loki-api/mapping'
import type { UncompressedBody } from '../../receive/body'
import { type DecodedLine, decodeLogs } from '../decode/decode-logs'
import { limitViolation, maxStreams } from '../limits'
import { openDatabase } from './database'
import { createDuplicateFilter, hashOf } from './duplicates'
import { mergeEntries } from './merge'
import { blockReader } from './read-block'
import { createStreams } from './streams'
import { type BlockInfo, blockWriter, readHashes, type StoredLine, traceHash } from './write-block'

export interface LogStoreOptions {
  /** A file, or `:memory:`. */
  path: string
  mapping: Mapping
  /** How long lines are retained. */
  retentionMs: number
  /** Lines per block. */
  blockRows: number
  /** Is called after a block is written, when its lines are garbage. */
  onBlock: () => void
  nowMs: () => number
}

/** What of an export request was not stored. */
export interface Rejected {
  count: number
  /** Why the first of them was not; empty where all were stored. */
  reason: string
}

// The head is written as blocks with fewer lines than `blockRows` where their requests are larger.
const maxHeadBytes = 8 * 1024 * 1024
// Each name takes a column with a row for each line.
const maxBlockNames = 1000
// After a start, new lines are compared with those of so many blocks.
const comparedBlocks = 12
// The head grows to the size of so many blocks while the disk is full.
const maxUnsealedBlocks = 16

/** Stores log lines on disk, with exact nanoseconds. A line is durable when `add` returns: it survives the end of the process. */
export function openLogStore({ path, mapping, retentionMs, blockRows, onBlock, nowMs }: LogStoreOptions) {
  const db = openDatabase(path)
  const streams = createStreams(db)
  const writeBlock = blockWriter(db)
  const openBlock = blockReader(db, streams.labelsOf)
  const duplicates = createDuplicateFilter()
  const insertHead = db.prepare('INSERT INTO head (received_us, is_json, body) VALUES (?, ?, ?)')
  const deleteHead = db.prepare('DELETE FROM head WHERE id <= ?')
  const findBlocks = db.prepare(
    'SELECT id, first_ns, last_ns, row_count, streams FROM blocks WHERE last_ns >= ? AND first_ns < ? ORDER BY last_ns DESC, id DESC',
  )
  const findTrace = db.prepare('SELECT block FROM traces WHERE hash = ?')
  let head: StoredLine[] = []
  let headBytes = 0
  // The newest request of which the head has the lines: after a start there can be newer ones on disk.
  let lastHeadId: number | bigint = 0
  let readers = 0
  let sealProblem: Error | undefined
  const totals = { lines: 0, bytes: 0, duplicates: 0, rejected: 0 }
  recover()
  const source: LogSource = { entries, sizes }
  return { source, totals, add, close: () => db.close() }

  /**
   * Stores the lines of an export request. Lines beyond a limit are rejected, the others are stored.
   * @throws Refused, Malformed for a body that is not OTLP; Error where the disk is full: then no line of it is stored
   */
  function add(body: UncompressedBody): Rejected {
    const receivedUs = Math.floor(nowMs() * 1000)
    const { lines, ...rejected } = withinLimits(decodeLogs(body, { mapping, receivedNs: BigInt(receivedUs) * 1000n }))
    if (lines.length === 0) return rejected
    sealWhenFull()
    if (sealProblem && head.length > blockRows * maxUnsealedBlocks) throw sealProblem
    lastHeadId = insertHead.run(receivedUs, body.isJson ? 1 : 0, body.bytes).lastInsertRowid
    take(lines, body.bytes.byteLength)
    sealWhenFull()
    return rejected
  }

  function withinLimits(all: DecodedLine[]): Rejected & { lines: DecodedLine[] } {
    let reason = ''
    // A new stream is stored before its lines. One without lines does no harm.
    const lines = all.filter((line) => {
      const refusal =
        limitViolation(line) ??
        (streams.idOf(line.labels) === undefined ? `there are ${maxStreams} streams already` : undefined)
      reason ||= refusal ?? ''
      return refusal === undefined
    })
    totals.rejected += all.length - lines.length
    return { lines, count: all.length - lines.length, reason }
  }

  function take(lines: DecodedLine[], bytes: number): void {
    headBytes += bytes
    for (const line of lines) {
      const stream = streams.idOf(line.labels)
      if (stream === undefined) continue
      const hash = hashOf(line, stream)
      if (duplicates.isDuplicate(hash)) {
        totals.duplicates++
        continue
      }
      head.push({ ...line, stream, hash })
      totals.lines++
      totals.bytes += Buffer.byteLength(line.line)
    }
  }

  function sealWhenFull(): void {
    if (head.length >= blockRows || headBytes >= maxHeadBytes) seal()
  }

  /** Writes the head as blocks. On a full disk, the head does not change, neither in memory nor on disk. */
  function seal(): void {
    if (headBytes === 0) return
    try {
      db.transaction(() => {
        for (const lines of inBlocks(inOrder(head), blockRows * 2)) writeBlock(lines)
        deleteHead.run(lastHeadId)
      })()
      head = []
      headBytes = 0
      sealProblem = undefined
      onBlock()
    } catch (error) {
      sealProblem = error as Error
    }
    prune()
  }

  // The hashes of the newest blocks, because a sender may send their lines again; then the requests that are in no block yet.
  function recover(): void {
    const newest = db.prepare('SELECT id FROM blocks ORDER BY id DESC LIMIT ?').all(comparedBlocks) as { id: bigint }[]
    for (const { id } of newest) for (const hash of readHashes(db, Number(id))) duplicates.isDuplicate(hash)
    for (const row of db.prepare('SELECT id, received_us, is_json, body FROM head ORDER BY id').all()) {
      const { id, received_us, is_json, body } = row as HeadRow
      lastHeadId = id
      const lines = decodeLogs({ bytes: body, isJson: is_json === 1n }, { mapping, receivedNs: received_us * 1000n })
      take(withinLimits(lines).lines, body.byteLength)
      sealWhenFull()
    }
    sealWhenFull()
  }

  function entries(selection: Selection): AsyncIterable<LogEntry[]> {
    const wanted = new Set(streams.matching(selection.matchers))
    const ofTrace = traceBlocks(selection)
    const blocks = blocksIn(selection.startNs, selection.endNs).filter(
      ({ id, streams: own }) =>
        (ofTrace === undefined || ofTrace.has(id)) && own.some(([stream]) => wanted.has(stream)),
    )
    const inHead = inOrder(
      head.filter(
        ({ timeNs, stream }) => timeNs >= selection.startNs && timeNs < selection.endNs && wanted.has(stream),
      ),
    ).map(headEntry)
    return reading(withEventLoopPauses(mergeEntries(blocks, openBlock, wanted, inHead, selection)))
  }

  // A block is not deleted while a query reads.
  async function* reading(batches: AsyncIterable<LogEntry[]>): AsyncIterable<LogEntry[]> {
    readers++
    try {
      yield* batches
    } finally {
      readers--
    }
  }

  /** The blocks that can have lines of the trace that the selection requires; `undefined` where it requires none. */
  function traceBlocks({ conditions }: Selection): Set<number> | undefined {
    const traceId = requiredValue(conditions, 'trace_id')
    if (traceId === undefined) return undefined
    const rows = findTrace.all(traceHash(traceId)) as { block: bigint }[]
    return new Set(rows.map(({ block }) => Number(block)))
  }

  function headEntry(stored: StoredLine): LogEntry {
    let labels: Labels | undefined
    const allMetadata = () => {
      labels ??= labelsOfPairs(stored.sharedMetadata, stored.metadata)
      return labels
    }
    return {
      ...{ timeNs: stored.timeNs, line: stored.line, streamLabels: stored.labels, allMetadata },
      get lineBytes() {
        return Buffer.byteLength(stored.line)
      },
      metadata: (name) => allMetadata()[name],
    }
  }

  function sizes({ matchers, startNs, endNs }: StreamSelection): StreamSize[] {
    const byStream = new Map<number, StreamSize>()
    const addTo = (stream: number, chunks: number, entries: number, bytes: number) => {
      const labels = streams.labelsOf(stream)
      const size = byStream.get(stream) ?? { labels, chunks: 0, entries: 0, bytes: 0 }
      size.chunks += chunks
      size.entries += entries
      size.bytes += bytes
      byStream.set(stream, size)
    }
    for (const { streams: own } of blocksIn(startNs, endNs)) {
      for (const [stream, entries, bytes] of own) addTo(stream, 1, entries, bytes)
    }
    for (const { timeNs, stream, line } of head) {
      if (timeNs >= startNs && timeNs < endNs) addTo(stream, 0, 1, Buffer.byteLength(line))
    }
    return [...byStream.values()].filter(({ labels }) => matchesAll(matchers, labels))
  }

  function blocksIn(startNs: bigint, endNs: bigint): BlockInfo[] {
    type Row = Record<'id' | 'first_ns' | 'last_ns' | 'row_count', bigint> & { streams: string }
    return (findBlocks.all(startNs, endNs) as Row[]).map((row) => ({
      id: Number(row.id),
      firstNs: row.first_ns,
      lastNs: row.last_ns,
      rows: Number(row.row_count),
      streams: JSON.parse(row.streams),
    }))
  }

  /** Deletes blocks whose lines are all older than the retention. */
  function prune(): void {
    if (readers > 0) return
    const oldestNs = BigInt(Math.floor(nowMs() - retentionMs)) * 1_000_000n
    const old = db.prepare('SELECT id FROM blocks WHERE last_ns < ?').all(oldestNs) as { id: bigint }[]
    for (const { id } of old) {
      db.transaction(() => {
        db.run('DELETE FROM columns WHERE block = ?', [id])
        db.run('DELETE FROM traces WHERE block = ?', [id])
        db.run('DELETE FROM blocks WHERE id = ?', [id])
      })()
    }
  }
}

interface HeadRow {
  id: bigint
  received_us: bigint
  is_json: bigint
  body: Uint8Array
}

export type LogStore = ReturnType<typeof openLogStore>

function labelsOfPairs(...lists: string[][]): Labels {
  const labels = noLabels()
  for (const pairs of lists) for (let at = 0; at < pairs.length; at += 2) labels[pairs[at] ?? ''] = pairs[at + 1] ?? ''
  return labels
}

/** Sorted lines in pieces that are blocks: with a limit of lines, and of names of their metadata. */
function* inBlocks(sorted: StoredLine[], maxRows: number): Iterable<StoredLine[]> {
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

// The sort is stable: lines of the same time stay in order of arrival.
const inOrder = (lines: StoredLine[]): StoredLine[] =>
  lines.toSorted((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0))
