import type { Database } from 'bun:sqlite'
import { slotOf } from './rollups'

export interface StoreLimits {
  spans: number
  logs: number
  points: number
  bytes: number
  ageMs: number
}

/** The number of rows by table, updated with each write: `count(*)` of a million rows would delay pages. */
export interface RowCounts {
  spans: number
  logs: number
  points: number
}

// Deleting blocks the event loop, so a step is short.
const stepMs = 10
const rowsPerDelete = 1000
const seriesPerDelete = 200
// A span or log record takes about as many bytes as this many data points.
const pointsPerRow = 5
const maxErrorGroups = 2000
// A trace that ends later has wrong times, and is pruned first. Clocks can differ by minutes.
const maxEndUs = () => (Date.now() + 3_600_000) * 1000

/** Deletes the oldest rows beyond the limits, in steps of about ten milliseconds. */
export function createPruner(
  db: Database,
  counts: RowCounts,
  limits: StoreLimits,
  countDropped: (what: string, why: string, count: number) => void,
  /** Called with the highest id of the deleted traces. */
  forgetTraces: (lastId: number) => void,
) {
  const oldestTraces = db.prepare(
    'SELECT id, spans, start_us + duration_us AS end_us FROM traces ORDER BY id LIMIT 200',
  )
  const deleteSpans = db.prepare('DELETE FROM spans WHERE trace <= ?')
  const deleteTraces = db.prepare('DELETE FROM traces WHERE id <= ?')
  const oldestLog = db.prepare('SELECT id, time_us FROM logs ORDER BY id LIMIT 1')
  const deleteLogs = db.prepare('DELETE FROM logs WHERE id < ? AND time_us < ?')
  const firstSpanTrace = db.prepare('SELECT min(trace) AS id FROM spans')
  const deleteExcessErrorGroups = db.prepare(
    'DELETE FROM error_groups WHERE id IN (SELECT id FROM error_groups ORDER BY last_us DESC LIMIT -1 OFFSET ?)',
  )
  const idleSeries = db.prepare('SELECT id FROM series WHERE last_us < ? LIMIT 100')
  const nextSeries = db.prepare(`SELECT id FROM series WHERE id > ? ORDER BY id LIMIT ${seriesPerDelete}`)
  let lastSeries = 0
  // Reads the first and last point of each series, because a scan of all points would exceed a step.
  const pointsRange = db.prepare(
    `SELECT min(first) AS first, max(last) AS last FROM (
       SELECT (SELECT min(time_us) FROM points WHERE series = s.id) AS first,
         (SELECT max(time_us) FROM points WHERE series = s.id) AS last FROM series s)`,
  )
  const deletePoints = db.prepare(`DELETE FROM points WHERE series = ? AND time_us < ? LIMIT ${rowsPerDelete}`)
  const deleteSeries = db.prepare('DELETE FROM series WHERE id = ?')
  const deleteRollups = db.prepare('DELETE FROM rollups WHERE slot < ?')
  const deleteAnnotations = db.prepare('DELETE FROM annotations WHERE time_us < ?')
  const deleteErrorGroups = db.prepare('DELETE FROM error_groups WHERE last_us < ?')
  const readSize = db.prepare(
    'SELECT page_count * page_size AS all_bytes, freelist_count * page_size AS free FROM pragma_page_count, pragma_page_size, pragma_freelist_count',
  )
  return { step, bytes }

  /** The bytes of the database without its free pages. */
  function bytes(): number {
    const { all_bytes, free } = readSize.get() as { all_bytes: number; free: number }
    return all_bytes - free
  }

  /** Deletes rows for about ten milliseconds. Returns whether there can be more to delete. */
  function step(nowMs: number): boolean {
    const endMs = performance.now() + stepMs
    const oldestUs = (nowMs - limits.ageMs) * 1000
    while (performance.now() < endMs) if (!pruneSome(oldestUs)) return false
    return true
  }

  function pruneSome(oldestUs: number): boolean {
    if (counts.spans > limits.spans) return pruneTraces('rows')
    if (counts.logs > limits.logs) return pruneLogs('rows')
    if (counts.points > limits.points) return prunePoints('rows')
    if (pruneByAge(oldestUs)) return true
    return bytes() > limits.bytes && pruneLargest()
  }

  // Of spans, log records and points, those that take most bytes.
  function pruneLargest(): boolean {
    const { spans, logs, points } = counts
    if (spans > 0 && spans >= logs && spans * pointsPerRow >= points) return pruneTraces('bytes')
    if (logs > 0 && logs * pointsPerRow >= points) return pruneLogs('bytes')
    return points > 0 && prunePoints('bytes')
  }

  function pruneTraces(why: string, oldestUs = Number.POSITIVE_INFINITY): boolean {
    const traces = oldestTraces.all() as { id: number; spans: number; end_us: number }[]
    let last = 0
    let spans = 0
    for (const trace of traces) {
      const isDue = trace.end_us < oldestUs || trace.end_us > maxEndUs()
      if (!isDue || spans >= rowsPerDelete) break
      last = trace.id
      spans += trace.spans
    }
    // Spans whose trace was deleted while it still received spans.
    if (last === 0 && traces.length === 0) last = (firstSpanTrace.get() as { id: number | null }).id ?? 0
    if (last === 0) return false
    db.transaction(() => {
      const { changes } = deleteSpans.run(last)
      deleteTraces.run(last)
      forgetTraces(last)
      counts.spans -= changes
      countDropped('spans', why, changes)
    })()
    return true
  }

  function pruneLogs(why: string, oldestUs = Number.MAX_SAFE_INTEGER): boolean {
    const oldest = oldestLog.get() as { id: number } | null
    if (!oldest) return false
    const { changes } = deleteLogs.run(oldest.id + rowsPerDelete, oldestUs)
    counts.logs -= changes
    countDropped('logs', why, changes)
    return changes > 0
  }

  // The oldest tenth of the time range of all points.
  function prunePoints(why: string): boolean {
    const { first, last } = pointsRange.get() as { first: number | null; last: number | null }
    if (first === null || last === null) return false
    return prunePointsBefore(why, first + Math.max(1, (last - first) / 10))
  }

  /** Deletes points of the next series. Returns whether there can be more to delete. */
  function prunePointsBefore(why: string, us: number): boolean {
    const series = nextSeries.all(lastSeries) as { id: number }[]
    lastSeries = series.length === seriesPerDelete ? (series.at(-1)?.id ?? 0) : 0
    let deleted = 0
    for (const { id } of series) deleted += deletePoints.run(id, us).changes
    counts.points -= deleted
    if (deleted > 0) countDropped('points', why, deleted)
    return deleted > 0 || lastSeries > 0
  }

  function pruneByAge(oldestUs: number): boolean {
    if (pruneTraces('age', oldestUs)) return true
    const log = oldestLog.get() as { time_us: number } | null
    if (log && log.time_us < oldestUs) return pruneLogs('age', oldestUs)
    if (prunePointsBefore('age', oldestUs)) return true
    deleteRollups.run(slotOf(oldestUs))
    deleteAnnotations.run(oldestUs)
    deleteErrorGroups.run(oldestUs)
    deleteExcessErrorGroups.run(maxErrorGroups)
    // The points of an idle series are deleted already.
    const idle = idleSeries.all(oldestUs) as { id: number }[]
    for (const { id } of idle) deleteSeries.run(id)
    return idle.length > 0
  }
}
