import type { Database } from 'bun:sqlite'
import { durationSeries, isErrorSeries } from '../http-requests/from-metrics'
import { addDistribution, type Distribution, quantileOf } from '../metrics/distribution'
import { computeSeriesStats } from '../metrics/series-stats'
import { toMicroseconds } from '../metrics/units'
import { addHistogram, type Histogram, quantile } from '../store/histogram'
import { coveredSeconds, findTotals } from '../store/totals'
import type { TimeWindow } from '../ui/time-window'

/** A program's requests in a window. */
export interface ServiceStats {
  service: string
  source: 'metrics' | 'spans'
  count: number
  errors: number
  /** For how much of the window they were counted. */
  seconds: number
  /** The duration that the share `q` of them stays under, in microseconds. */
  quantileUs(q: number): number
}

/** By service; of each from its metrics where it sends them, as they count every request. */
export function statsByService(db: Database, window: TimeWindow): Map<string, ServiceStats> {
  const measured = fromMetrics(db, window)
  const counted = fromSpans(db, window)
  return new Map([...counted, ...measured])
}

function fromMetrics(db: Database, window: TimeWindow): Map<string, ServiceStats> {
  const found = new Map<string, ServiceStats & { distribution: Distribution }>()
  for (const series of durationSeries(db, window)) {
    const { service, unit } = series
    const distribution: Distribution = new Map()
    const known = found.get(service) ?? {
      ...{ service, source: 'metrics' as const, count: 0, errors: 0, seconds: 0, distribution },
      quantileUs: (q: number) => toMicroseconds(unit, quantileOf(distribution, q) ?? 0),
    }
    found.set(service, known)
    const figures = computeSeriesStats(db, series, window)
    known.count += figures.count
    known.seconds = Math.max(known.seconds, figures.seconds)
    if (isErrorSeries(series)) known.errors += figures.count
    addDistribution(known.distribution, figures.distribution)
  }
  return found
}

function fromSpans(db: Database, window: TimeWindow): Map<string, ServiceStats> {
  const { fromUs, toUs } = window
  const seconds = coveredSeconds(db, window)
  const found = new Map<string, ServiceStats & { histogram: Histogram }>()
  for (const { service, count, errors, histogram: own } of findTotals(db, 'route', fromUs, toUs)) {
    const histogram: Histogram = new Map()
    const known = found.get(service) ?? {
      ...{ service, source: 'spans' as const, count: 0, errors: 0, seconds, histogram },
      quantileUs: (q: number) => quantile(histogram, q),
    }
    found.set(service, known)
    known.count += count
    known.errors += errors
    addHistogram(known.histogram, own)
  }
  return found
}
