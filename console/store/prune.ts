import type { Database } from 'bun:sqlite'
import { slotOf } from './measures'

export interface StoreLimits {
  spans: number
  logs: number
  points: number
  bytes: number
  ageMs: number
}

/** How many rows there are, kept by hand: counting a million takes longer than a page may. */
export interface Counts {
  spans: number
  logs: number
  points: number
}

// A step of deleting holds the event loop; this long, about, is not felt.
const stepMs = 10
const rowsAtOnce = 1000

/** Drops the oldest when there is too much of something, in steps of ten milliseconds. */
export function pruner(
  db: Database,
  counts: Counts,
  limits: StoreLimits,
  drop: (what: string, why: string, n: number) => void,
) {
  const oldestTraces = db.prepare(
    'SELECT id, spans, start_us + duration_us AS end_us FROM traces ORDER BY id LIMIT 200',
  )
  const dropSpans = db.prepare('DELETE FROM spans WHERE trace <= ?')
  const dropTraces = db.prepare('DELETE FROM traces WHERE id <= ?')
  const oldestLog = db.prepare('SELECT id, time_us FROM logs ORDER BY id LIMIT 1')
  const dropLogs = db.prepare('DELETE FROM logs WHERE id < ?')
  const idleSeries = db.prepare('SELECT id FROM series WHERE last_us < ? LIMIT 100')
  const allSeries = db.prepare('SELECT id FROM series')
  const dropPoints = db.prepare('DELETE FROM points WHERE series = ? AND time_us < ?')
  const dropSeries = db.prepare('DELETE FROM series WHERE id = ?')
  const dropMeasures = db.prepare('DELETE FROM measures WHERE slot < ?')
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
    if (bytes() > limits.bytes) return counts.spans >= counts.logs ? someSpans('bytes') : someLogs('bytes')
    return tooOld(oldestUs)
  }

  function someSpans(why: string, oldestUs = Number.POSITIVE_INFINITY): boolean {
    const traces = oldestTraces.all() as { id: number; spans: number; end_us: number }[]
    let last = 0
    let spans = 0
    for (const trace of traces) {
      if (trace.end_us >= oldestUs || spans >= rowsAtOnce) break
      last = trace.id
      spans += trace.spans
    }
    if (last === 0) return false
    db.transaction(() => {
      const { changes } = dropSpans.run(last)
      dropTraces.run(last)
      counts.spans -= changes
      drop('spans', why, changes)
    })()
    return true
  }

  function someLogs(why: string): boolean {
    const oldest = oldestLog.get() as { id: number } | null
    if (!oldest) return false
    const { changes } = dropLogs.run(oldest.id + rowsAtOnce)
    counts.logs -= changes
    drop('logs', why, changes)
    return changes > 0
  }

  // The older half of the time that the points span.
  function somePoints(why: string): boolean {
    const { first, last } = db
      .prepare('SELECT min(time_us) AS first, max(time_us) AS last FROM points')
      .get() as Record<string, number>
    return pointsBefore(why, (first ?? 0) + ((last ?? 0) - (first ?? 0)) / 10)
  }

  function pointsBefore(why: string, us: number): boolean {
    let dropped = 0
    for (const { id } of allSeries.all() as { id: number }[]) dropped += dropPoints.run(id, us).changes
    counts.points -= dropped
    if (dropped > 0) drop('points', why, dropped)
    return dropped > 0
  }

  function tooOld(oldestUs: number): boolean {
    if (someSpans('age', oldestUs)) return true
    const log = oldestLog.get() as { time_us: number } | null
    if (log && log.time_us < oldestUs) return someLogs('age')
    dropMeasures.run(slotOf(oldestUs))
    dropFaults.run(oldestUs)
    const idle = idleSeries.all(oldestUs) as { id: number }[]
    for (const { id } of idle) {
      counts.points -= dropPoints.run(id, Number.MAX_SAFE_INTEGER).changes
      dropSeries.run(id)
    }
    return idle.length > 0
  }
}
