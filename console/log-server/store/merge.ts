import type { LogEntry, Selection } from '../../logql/source'
import { BlockEntry, type OpenBlock } from './read-block'
import type { BlockInfo } from './write-block'

interface Cursor {
  /** The time of its next entry. */
  timeNs: bigint
  /** Later arrivals have a higher rank. */
  rank: number
  next(): LogEntry
  /** Moves on; returns false at the end. */
  advance(): boolean
}

const batchSize = 256

/**
 * Entries of blocks and of the head in the selection's order, in batches. A block is opened when its time has come; as that
 * takes long, a batch ends there.
 */
export function* inTimeOrder(
  blocks: BlockInfo[],
  open: (info: BlockInfo) => OpenBlock,
  streams: Set<number>,
  head: LogEntry[],
  selection: Selection,
): Iterable<LogEntry[]> {
  const isBackward = selection.direction === 'backward'
  const pending = isBackward
    ? blocks.toSorted((a, b) => compare(a.lastNs, b.lastNs))
    : blocks.toSorted((a, b) => compare(b.firstNs, a.firstNs))
  const cursors: Cursor[] = []
  const first = cursorOf(
    head.length,
    Number.MAX_SAFE_INTEGER,
    (at) => head[at] as LogEntry,
    (at) => head[at]?.timeNs ?? 0n,
  )
  if (first) cursors.push(first)
  let batch: LogEntry[] = []
  while (pending.length > 0 || cursors.length > 0) {
    const best = cursors.reduce<Cursor | undefined>((a, b) => (a && !isBefore(b, a) ? a : b), undefined)
    const due = pending.at(-1)
    if (due && (!best || isDue(due, best.timeNs))) {
      pending.pop()
      const cursor = openCursor(due)
      if (cursor) cursors.push(cursor)
      yield batch
      batch = []
    } else if (best) {
      batch.push(best.next())
      if (!best.advance()) cursors.splice(cursors.indexOf(best), 1)
      if (batch.length < batchSize) continue
      yield batch
      batch = []
    }
  }
  yield batch

  function isDue({ firstNs, lastNs }: BlockInfo, timeNs: bigint): boolean {
    // Where order does not matter, one block is read after the other.
    if (selection.direction === 'any') return false
    return isBackward ? lastNs >= timeNs : firstNs <= timeNs
  }

  function isBefore(a: Cursor, b: Cursor): boolean {
    const order = a.timeNs === b.timeNs ? a.rank - b.rank : compare(a.timeNs, b.timeNs)
    return isBackward ? order > 0 : order < 0
  }

  function openCursor(info: BlockInfo): Cursor | undefined {
    const block = open(info)
    const mask = block.select(streams, selection)
    const rows = new Uint32Array(mask.reduce((sum, one) => sum + one, 0))
    let count = 0
    for (let row = mask.indexOf(1); row >= 0; row = mask.indexOf(1, row + 1)) rows[count++] = row
    const rowAt = (at: number) => rows[at] ?? 0
    return cursorOf(
      rows.length,
      info.id,
      (at) => new BlockEntry(block, rowAt(at)),
      (at) => block.timesNs[rowAt(at)] ?? 0n,
    )
  }

  function cursorOf(
    length: number,
    rank: number,
    entryAt: (at: number) => LogEntry,
    timeAt: (at: number) => bigint,
  ): Cursor | undefined {
    if (length === 0) return undefined
    let at = isBackward ? length - 1 : 0
    const cursor: Cursor = {
      timeNs: timeAt(at),
      rank,
      next: () => entryAt(at),
      advance() {
        at += isBackward ? -1 : 1
        if (at < 0 || at >= length) return false
        cursor.timeNs = timeAt(at)
        return true
      },
    }
    return cursor
  }
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
