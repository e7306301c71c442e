import type { LogEntry, Selection } from '../../logql/source'
import type { BlockInfo } from './blocks'
import { BlockEntry, type OpenBlock } from './read-block'

interface Cursor {
  /** The time of the current entry. */
  timeNs: bigint
  /** Orders entries of the same time: a later arrival has a higher rank. */
  rank: number
  entry(): LogEntry
  /** Moves to the next entry. Returns false at the end. */
  advance(): boolean
}

const batchSize = 256

/**
 * Merges entries of blocks and of the head in the direction of the selection, in batches. Opens a block only when its first
 * entry is due, and ends a batch there, because opening takes long.
 */
export function* mergeEntries(
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
  const headCursor = cursorOf(
    head.length,
    Number.MAX_SAFE_INTEGER,
    (at) => head[at] as LogEntry,
    (at) => head[at]?.timeNs ?? 0n,
  )
  if (headCursor) cursors.push(headCursor)
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
      batch.push(best.entry())
      if (!best.advance()) cursors.splice(cursors.indexOf(best), 1)
      if (batch.length < batchSize) continue
      yield batch
      batch = []
    }
  }
  yield batch

  function isDue({ firstNs, lastNs }: BlockInfo, timeNs: bigint): boolean {
    // Without an order, the blocks are read one after the other.
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
      entry: () => entryAt(at),
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
