import type { Database } from 'bun:sqlite'
import { slowMs } from '../traces/find-traces'

/** All recent traces, and those that tail sampling always keeps. */
export interface RecentTraceCounts {
  traces: number
  spans: number
  alwaysSampledTraces: number
  alwaysSampledSpans: number
}

/** A sampling strategy, and the share (0 – 1) of all spans that it keeps. */
export interface SamplingStrategy {
  name: 'none' | 'head' | 'tail'
  sampledSpanRatio: number
}

/** The share of traces that head sampling keeps, and tail sampling keeps of the fast traces without errors. */
const randomRatio = 0.1

// More rows would make the page slow.
const maxTraces = 20_000

/** Counts the newest traces in the window, at most 20 000, and those that failed or are slow. */
export function countRecentTraces(db: Database, fromUs: number): RecentTraceCounts {
  return db
    .query(
      `SELECT count(*) AS traces, coalesce(sum(spans), 0) AS spans, coalesce(sum(always_sampled), 0) AS alwaysSampledTraces,
         coalesce(sum(spans * always_sampled), 0) AS alwaysSampledSpans
       FROM (SELECT start_us, spans, errors > 0 OR duration_us > ? AS always_sampled FROM traces ORDER BY id DESC LIMIT ?)
       WHERE start_us >= ?`,
    )
    .get(slowMs * 1000, maxTraces, fromUs) as RecentTraceCounts
}

/** Ratios are of spans, because a trace is kept or dropped as a whole. */
export function samplingStrategies({ spans, alwaysSampledSpans }: RecentTraceCounts): SamplingStrategy[] {
  const alwaysRatio = spans === 0 ? 0 : alwaysSampledSpans / spans
  return [
    { name: 'none', sampledSpanRatio: 1 },
    { name: 'head', sampledSpanRatio: randomRatio },
    { name: 'tail', sampledSpanRatio: alwaysRatio + (1 - alwaysRatio) * randomRatio },
  ]
}
