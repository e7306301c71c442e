import type { Database } from 'bun:sqlite'
import { slotOf } from './rollups'

export interface StoreLimits {
  spans: number
  logs: number
  points: number
  bytes: number
  ageMs: number
}

/** How many rows there are, kept by hand: counting a million takes longer than a page may. */
export interface RowCounts {
  spans: number
  logs: number
  points: number
}

// A step of deleting holds the event loop; this long, about, is not felt.
const stepMs = 10
const rowsAtOnce = 1000
const seriesAtOnce = 200
// A point takes about so much less than a span or a line.
const rowsOfPoint = 5
const mostFaults = 2000
// Clocks may be wrong by minutes; what is said to end later than that is due at any time.
const futureUs = () => (Date.now() + 3_600_000) * 1000

/** Drops the oldest when there is too much of something, in steps of ten milliseconds. */
export function createPruner(
  db: Database,
  counts: RowCounts,
  limits: StoreLimits,
  drop: (what: string, why: string, n: number) => void,
  /** Told up to which number traces are gone. */
  forget: (lastTrace: number) => void,
) {
  const oldestTraces = db.prepare(
    'SELECT id, spans, start_us + duration_us AS end_us FROM traces ORDER BY id LIMIT 200',
  )
  const dropSpans = db.prepare('DELETE FROM spans WHERE trace <= ?')
  const dropTraces = db.prepare('DELETE FROM traces WHERE id <= ?')
  const oldestLog = db.prepare('SELECT id, time_us FROM logs ORDER BY id LIMIT 1')
  const dropLogs = db.prepare('DELETE FROM logs WHERE id < ? AND time_us < ?')
  const strayTrace = db.prepare('SELECT min(trace) AS id FROM spans')
  const excessFaults = db.prepare(
    'DELETE FROM faults WHERE id IN (SELECT id FROM faults ORDER BY last_us DESC LIMIT -1 OFFSET ?)',
  )
  const idleSeries = db.prepare('SELECT id FROM series WHERE last_us < ? LIMIT 100')
  const someSeries = db.prepare(`SELECT id FROM series WHERE id > ? ORDER BY id LIMIT ${seriesAtOnce}`)
  let lastSeries = 0
  // By each series' ends: reading all points would take longer than a step may.
  const pointsSpan = db.prepare(
    `SELECT min(first) AS first, max(last) AS last FROM (
       SELECT (SELECT min(time_us) FROM points WHERE series = s.id) AS first,
         (SELECT max(time_us) FROM points WHERE series = s.id) AS last FROM series s)`,
  )
  const dropPoints = db.prepare(`DELETE FROM points WHERE series = ? AND time_us < ? LIMIT ${rowsAtOnce}`)
  const dropSeries = db.prepare('DELETE FROM series WHERE id = ?')
  const dropMeasures = db.prepare('DELETE FROM measures WHERE slot < ?')
  const dropMarks = db.prepare('DELETE FROM marks WHERE time_us < ?')
  const dropFaults = db.prepare('DELETE FROM faults WHERE last_us < ?')
  const pages = db.prepare(
    'SELECT page_count * page_size AS all_bytes, freelist_count * page_size AS free FROM pragma_page_count, pragma_page_size, pragma_freelist_count',
  )
  return { step, bytes }

  /** What the rows take, in bytes. */
  function bytes(): number {
    const { all_bytes, free } = pages.get() as { all_bytes: number; free: number }
    return all_bytes - free
  }

  /** Answers whether there is more to drop. */
  function step(nowMs: number): boolean {
    const endMs = performance.now() + stepMs
    const oldestUs = (nowMs - limits.ageMs) * 1000
    while (performance.now() < endMs) if (!dropSome(oldestUs)) return false
    return true
  }

  function dropSome(oldestUs: number): boolean {
    if (counts.spans > limits.spans) return someSpans('rows')
    if (counts.logs > limits.logs) return someLogs('rows')
    if (counts.points > limits.points) return somePoints('rows')
    if (tooOld(oldestUs)) return true
    return bytes() > limits.bytes && somethingLarge()
  }

  // What there is most of, whatever that is.
  function somethingLarge(): boolean {
    const { spans, logs, points } = counts
    if (spans > 0 && spans >= logs && spans * rowsOfPoint >= points) return someSpans('bytes')
    if (logs > 0 && logs * rowsOfPoint >= points) return someLogs('bytes')
    return points > 0 && somePoints('bytes')
  }

  function someSpans(why: string, oldestUs = Number.POSITIVE_INFINITY): boolean {
    const traces = oldestTraces.all() as { id: number; spans: number; end_us: number }[]
    let last = 0
    let spans = 0
    for (const trace of traces) {
      const isDue = trace.end_us < oldestUs || trace.end_us > futureUs()
      if (!isDue || spans >= rowsAtOnce) break
      last = trace.id
      spans += trace.spans
    }
    // Spans of a trace that was dropped while it still came.
    if (last === 0 && traces.length === 0) last = (strayTrace.get() as { id: number | null }).id ?? 0
    if (last === 0) return false
    db.transaction(() => {
      const { changes } = dropSpans.run(last)
      dropTraces.run(last)
      forget(last)
      counts.spans -= changes
      drop('spans', why, changes)
    })()
    return true
  }

  function someLogs(why: string, oldestUs = Number.MAX_SAFE_INTEGER): boolean {
    const oldest = oldestLog.get() as { id: number } | null
    if (!oldest) return false
    const { changes } = dropLogs.run(oldest.id + rowsAtOnce, oldestUs)
    counts.logs -= changes
    drop('logs', why, changes)
    return changes > 0
  }

  // The oldest tenth of the time that the points span.
  function somePoints(why: string): boolean {
    const { first, last } = pointsSpan.get() as { first: number | null; last: number | null }
    if (first === null || last === null) return false
    return pointsBefore(why, first + Math.max(1, (last - first) / 10))
  }

  /** Of some series at a time, in turn; answers whether there is more to look at. */
  function pointsBefore(why: string, us: number): boolean {
    const series = someSeries.all(lastSeries) as { id: number }[]
    lastSeries = series.length === seriesAtOnce ? (series.at(-1)?.id ?? 0) : 0
    let dropped = 0
    for (const { id } of series) dropped += dropPoints.run(id, us).changes
    counts.points -= dropped
    if (dropped > 0) drop('points', why, dropped)
    return dropped > 0 || lastSeries > 0
  }

  function tooOld(oldestUs: number): boolean {
    if (someSpans('age', oldestUs)) return true
    const log = oldestLog.get() as { time_us: number } | null
    if (log && log.time_us < oldestUs) return someLogs('age', oldestUs)
    if (pointsBefore('age', oldestUs)) return true
    dropMeasures.run(slotOf(oldestUs))
    dropMarks.run(oldestUs)
    dropFaults.run(oldestUs)
    excessFaults.run(mostFaults)
    const idle = idleSeries.all(oldestUs) as { id: number }[]
    // Their points are older still, and gone.
    for (const { id } of idle) dropSeries.run(id)
    return idle.length > 0
  }
}
