import type { Database } from 'bun:sqlite'
import { addAll, type Distribution, quantileOf } from '../metrics/distribution'
import { figuresOf } from '../metrics/figures'
import { microsecondsIn } from '../metrics/units'
import { durationSeries, isError } from '../routes/from-metrics'
import { coveredSeconds } from '../store/covered-seconds'
import { addHistogram, type Histogram, quantile } from '../store/histogram'
import { findTotals } from '../store/totals'
import type { Window } from '../ui/window'

/** A program's requests in a window. */
export interface ServiceFigures {
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
export function serviceFigures(db: Database, window: Window): Map<string, ServiceFigures> {
  const measured = fromMetrics(db, window)
  const counted = fromSpans(db, window)
  return new Map([...counted, ...measured])
}

function fromMetrics(db: Database, window: Window): Map<string, ServiceFigures> {
  const found = new Map<string, ServiceFigures & { distribution: Distribution }>()
  for (const series of durationSeries(db, window)) {
    const { service, unit } = series
    const distribution: Distribution = new Map()
    const known = found.get(service) ?? {
      ...{ service, source: 'metrics' as const, count: 0, errors: 0, seconds: 0, distribution },
      quantileUs: (q: number) => microsecondsIn(unit, quantileOf(distribution, q) ?? 0),
    }
    found.set(service, known)
    const figures = figuresOf(db, series, window)
    known.count += figures.count
    known.seconds = Math.max(known.seconds, figures.seconds)
    if (isError(series)) known.errors += figures.count
    addAll(known.distribution, figures.distribution)
  }
  return found
}

function fromSpans(db: Database, window: Window): Map<string, ServiceFigures> {
  const { fromUs, toUs } = window
  const seconds = coveredSeconds(db, window)
  const found = new Map<string, ServiceFigures & { histogram: Histogram }>()
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
