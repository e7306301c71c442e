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
import { decodeLogs } from '../decode/decode-logs'
import type { DecodedLine } from '../decode/decoded-line'
import { limitViolation, maxStreams } from '../limits'
import { createBlockIndex } from './blocks'
import { openDatabase } from './database'
import { createDuplicateFilter, hashOf } from './duplicates'
import { headEntry } from './head-entry'
import { mergeEntries } from './merge'
import { blockReader } from './read-block'
import { createStreams } from './streams'
import { blockWriter, readHashes, type StoredLine, splitIntoBlocks } from './write-block'

export interface LogStoreOptions {
  /** A file, or `:memory:`. */
  path: string
  mapping: Mapping
  /** How long lines are retained. */
  retentionMs: number
  /** Lines per block. */
  blockRows: number
  /** Called after a block is written, when its lines can be garbage-collected. */
  onBlock: () => void
  nowMs: () => number
}

/** The lines of an export request that were not stored. */
export interface Rejected {
  count: number
  /** Why the first of them was not stored; empty when all were stored. */
  reason: string
}

// When requests are large, the head is written as a block before it has `blockRows` lines.
const maxHeadBytes = 8 * 1024 * 1024
// After a start, new lines are compared with the lines of this number of blocks.
const comparedBlocks = 12
// While the disk is full, the head grows up to the size of this number of blocks.
const maxUnsealedBlocks = 16

/** Stores log lines on disk, with exact nanoseconds. A line is durable when `add` returns: it survives the end of the process. */
export function openLogStore({ path, mapping, retentionMs, blockRows, onBlock, nowMs }: LogStoreOptions) {
  const db = openDatabase(path)
  const streams = createStreams(db)
  const blockIndex = createBlockIndex(db)
  const writeBlock = blockWriter(db)
  const openBlock = blockReader(db, streams.labelsOf)
  const duplicates = createDuplicateFilter()
  const insertHead = db.prepare('INSERT INTO head (received_us, is_json, body) VALUES (?, ?, ?)')
  const deleteHead = db.prepare('DELETE FROM head WHERE id <= ?')
  let head: StoredLine[] = []
  let headBytes = 0
  // The id of the newest request whose lines are in memory. While the store recovers, the table has newer ones.
  let lastHeadId: number | bigint = 0
  let readers = 0
  let sealError: Error | undefined
  const totals = { lines: 0, bytes: 0, duplicates: 0, rejected: 0 }
  recover()
  const source: LogSource = { entries, sizes }
  return { source, totals, add, close: () => db.close() }

  /**
   * Stores the lines of an export request. Lines beyond a limit are rejected, the others are stored.
   * @throws HttpError for a body that is not OTLP; Error when the disk is full, in which case no line is stored
   */
  function add(body: UncompressedBody): Rejected {
    const receivedUs = Math.floor(nowMs() * 1000)
    const { lines, ...rejected } = withinLimits(decodeLogs(body, { mapping, receivedNs: BigInt(receivedUs) * 1000n }))
    if (lines.length === 0) return rejected
    sealWhenFull()
    if (sealError && head.length > blockRows * maxUnsealedBlocks) throw sealError
    lastHeadId = insertHead.run(receivedUs, body.isJson ? 1 : 0, body.bytes).lastInsertRowid
    addToHead(lines, body.bytes.byteLength)
    sealWhenFull()
    return rejected
  }

  function withinLimits(all: DecodedLine[]): Rejected & { lines: DecodedLine[] } {
    let reason = ''
    // A new stream is stored before its lines. One without lines does no harm.
    const lines = all.filter((line) => {
      const violation =
        limitViolation(line) ??
        (streams.idOf(line.labels) === undefined ? `there are ${maxStreams} streams already` : undefined)
      reason ||= violation ?? ''
      return violation === undefined
    })
    totals.rejected += all.length - lines.length
    return { lines, count: all.length - lines.length, reason }
  }

  function addToHead(lines: DecodedLine[], bytes: number): void {
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
        for (const lines of splitIntoBlocks(inOrder(head), blockRows * 2)) writeBlock(lines)
        deleteHead.run(lastHeadId)
      })()
      head = []
      headBytes = 0
      sealError = undefined
      onBlock()
    } catch (error) {
      sealError = error as Error
    }
    if (readers === 0) blockIndex.deleteOlder(BigInt(Math.floor(nowMs() - retentionMs)) * 1_000_000n)
  }

  // Reads the hashes of the newest blocks, because a sender may send their lines again, and then the requests that are in no block yet.
  function recover(): void {
    for (const id of blockIndex.newest(comparedBlocks))
      for (const hash of readHashes(db, id)) duplicates.isDuplicate(hash)
    for (const row of db.prepare('SELECT id, received_us, is_json, body FROM head ORDER BY id').all()) {
      const { id, received_us, is_json, body } = row as HeadRow
      lastHeadId = id
      const lines = decodeLogs({ bytes: body, isJson: is_json === 1n }, { mapping, receivedNs: received_us * 1000n })
      addToHead(withinLimits(lines).lines, body.byteLength)
      sealWhenFull()
    }
    sealWhenFull()
  }

  function entries(selection: Selection): AsyncIterable<LogEntry[]> {
    const wanted = new Set(streams.matching(selection.matchers))
    const traceId = requiredValue(selection.conditions, 'trace_id')
    const ofTrace = traceId === undefined ? undefined : blockIndex.ofTrace(traceId)
    const blocks = blockIndex
      .inRange(selection.startNs, selection.endNs)
      .filter(
        ({ id, streams: own }) =>
          (ofTrace === undefined || ofTrace.has(id)) && own.some(([stream]) => wanted.has(stream)),
      )
    const inHead = inOrder(
      head.filter(
        ({ timeNs, stream }) => timeNs >= selection.startNs && timeNs < selection.endNs && wanted.has(stream),
      ),
    ).map(headEntry)
    return countReader(withEventLoopPauses(mergeEntries(blocks, openBlock, wanted, inHead, selection)))
  }

  // Blocks are not deleted while a query reads.
  async function* countReader(batches: AsyncIterable<LogEntry[]>): AsyncIterable<LogEntry[]> {
    readers++
    try {
      yield* batches
    } finally {
      readers--
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
    for (const { streams: own } of blockIndex.inRange(startNs, endNs)) {
      for (const [stream, entries, bytes] of own) addTo(stream, 1, entries, bytes)
    }
    for (const { timeNs, stream, line } of head) {
      if (timeNs >= startNs && timeNs < endNs) addTo(stream, 0, 1, Buffer.byteLength(line))
    }
    return [...byStream.values()].filter(({ labels }) => matchesAll(matchers, labels))
  }
}

interface HeadRow {
  id: bigint
  received_us: bigint
  is_json: bigint
  body: Uint8Array
}

export type LogStore = ReturnType<typeof openLogStore>

// The sort is stable: lines of the same time stay in order of arrival.
const inOrder = (lines: StoredLine[]): StoredLine[] =>
  lines.toSorted((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0))
