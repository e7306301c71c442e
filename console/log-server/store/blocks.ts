import type { Database } from 'bun:sqlite'
import { traceHash } from './write-block'

export interface BlockInfo {
  id: number
  firstNs: bigint
  lastNs: bigint
  rows: number
  streams: [id: number, rows: number, bytes: number][]
}

/** Finds and deletes blocks by time and by trace. */
export function createBlockIndex(db: Database) {
  const findByTime = db.prepare(
    'SELECT id, first_ns, last_ns, row_count, streams FROM blocks WHERE last_ns >= ? AND first_ns < ? ORDER BY last_ns DESC, id DESC',
  )
  const findByTrace = db.prepare('SELECT block FROM traces WHERE hash = ?')
  const findNewest = db.prepare('SELECT id FROM blocks ORDER BY id DESC LIMIT ?')
  const findOlder = db.prepare('SELECT id FROM blocks WHERE last_ns < ?')
  return { inRange, ofTrace, newest, deleteOlder }

  /** The blocks that can have lines in [startNs, endNs). */
  function inRange(startNs: bigint, endNs: bigint): BlockInfo[] {
    type Row = Record<'id' | 'first_ns' | 'last_ns' | 'row_count', bigint> & { streams: string }
    return (findByTime.all(startNs, endNs) as Row[]).map((row) => ({
      id: Number(row.id),
      firstNs: row.first_ns,
      lastNs: row.last_ns,
      rows: Number(row.row_count),
      streams: JSON.parse(row.streams),
    }))
  }

  /** The ids of the blocks that can have lines of a trace. */
  function ofTrace(traceId: string): Set<number> {
    const rows = findByTrace.all(traceHash(traceId)) as { block: bigint }[]
    return new Set(rows.map(({ block }) => Number(block)))
  }

  /** The ids of the newest blocks. */
  function newest(count: number): number[] {
    return (findNewest.all(count) as { id: bigint }[]).map(({ id }) => Number(id))
  }

  /** Deletes blocks whose lines are all older than `oldestNs`. */
  function deleteOlder(oldestNs: bigint): void {
    for (const { id } of findOlder.all(oldestNs) as { id: bigint }[]) {
      db.transaction(() => {
        db.run('DELETE FROM columns WHERE block = ?', [id])
        db.run('DELETE FROM traces WHERE block = ?', [id])
        db.run('DELETE FROM blocks WHERE id = ?', [id])
      })()
    }
  }
}
