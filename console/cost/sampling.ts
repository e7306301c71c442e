import type { Database } from 'bun:sqlite'
import { slowMs } from '../traces/find-traces'

/** The traces that were looked at, and those of them that tail sampling keeps in any case. */
export interface RecentTraceCounts {
  traces: number
  spans: number
  alwaysSampledTraces: number
  alwaysSampledSpans: number
}

/** A way to sample, and which share (0 – 1) of all spans it keeps. */
export interface SamplingStrategy {
  name: 'none' | 'head' | 'tail'
  sampledSpanRatio: number
}

/** Which share of what is not kept in any case is kept nevertheless. */
const usualShare = 0.1

// Reading a hundred thousand traces would take longer than a page may.
const mostTraces = 20_000

/** Of the newest traces in the window, 20 000 at most: those that failed somewhere, and slow ones. */
export function countRecentTraces(db: Database, fromUs: number): RecentTraceCounts {
  return db
    .query(
      `SELECT count(*) AS traces, coalesce(sum(spans), 0) AS spans, coalesce(sum(is_kept), 0) AS alwaysSampledTraces,
         coalesce(sum(spans * is_kept), 0) AS alwaysSampledSpans
       FROM (SELECT start_us, spans, errors > 0 OR duration_us > ? AS is_kept FROM traces ORDER BY id DESC LIMIT ?)
       WHERE start_us >= ?`,
    )
    .get(slowMs * 1000, mostTraces, fromUs) as RecentTraceCounts
}

/** What each way keeps. A trace is kept or dropped whole, so that its spans are what counts. */
export function samplingStrategies({ spans, alwaysSampledSpans }: RecentTraceCounts): SamplingStrategy[] {
  const always = spans === 0 ? 0 : alwaysSampledSpans / spans
  return [
    { name: 'none', sampledSpanRatio: 1 },
    { name: 'head', sampledSpanRatio: usualShare },
    { name: 'tail', sampledSpanRatio: always + (1 - always) * usualShare },
  ]
}
