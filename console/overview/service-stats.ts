import type { Database } from 'bun:sqlite'
import { durationSeries, isErrorSeries } from '../http-requests/from-metrics'
import { addDistribution, type Distribution, quantileOf } from '../metrics/distribution'
import { computeSeriesStats } from '../metrics/series-stats'
import { toMicroseconds } from '../metrics/units'
import { addHistogram, type Histogram, quantile } from '../store/histogram'
import { coveredSeconds, findTotals } from '../store/totals'
import type { TimeWindow } from '../ui/time-window'

/** The requests of a service in a time window. */
export interface ServiceStats {
  service: string
  source: 'metrics' | 'spans'
  count: number
  errors: number
  /** The part of the window in which they were counted. */
  seconds: number
  /** The quantile `q` (0 – 1) of their durations, in microseconds. */
  quantileUs(q: number): number
}

/** The requests by service. Metrics take precedence over spans, because they count every request. */
export function statsByService(db: Database, window: TimeWindow): Map<string, ServiceStats> {
  return new Map([...fromSpans(db, window), ...fromMetrics(db, window)])
}

function fromMetrics(db: Database, window: TimeWindow): Map<string, ServiceStats> {
  const found = new Map<string, ServiceStats & { distribution: Distribution }>()
  for (const series of durationSeries(db, window)) {
    const { service, unit } = series
    const distribution: Distribution = new Map()
    const entry = found.get(service) ?? {
      ...{ service, source: 'metrics' as const, count: 0, errors: 0, seconds: 0, distribution },
      quantileUs: (q: number) => toMicroseconds(unit, quantileOf(distribution, q) ?? 0),
    }
    found.set(service, entry)
    const stats = computeSeriesStats(db, series, window)
    entry.count += stats.count
    entry.seconds = Math.max(entry.seconds, stats.seconds)
    if (isErrorSeries(series)) entry.errors += stats.count
    addDistribution(entry.distribution, stats.distribution)
  }
  return found
}

function fromSpans(db: Database, window: TimeWindow): Map<string, ServiceStats> {
  const { fromUs, toUs } = window
  const seconds = coveredSeconds(db, window)
  const found = new Map<string, ServiceStats & { histogram: Histogram }>()
  for (const { service, count, errors, histogram: own } of findTotals(db, 'route', fromUs, toUs)) {
    const histogram: Histogram = new Map()
    const entry = found.get(service) ?? {
      ...{ service, source: 'spans' as const, count: 0, errors: 0, seconds, histogram },
      quantileUs: (q: number) => quantile(histogram, q),
    }
    found.set(service, entry)
    entry.count += count
    entry.errors += errors
    addHistogram(entry.histogram, own)
  }
  return found
}
