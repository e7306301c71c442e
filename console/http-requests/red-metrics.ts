import type { Database } from 'bun:sqlite'
import { coveredSeconds } from '../store/totals'
import type { TimeWindow } from '../ui/time-window'
import { durationSeries, redFromMetrics } from './from-metrics'
import { redFromSpans } from './from-spans'
import type { RedMetrics } from './red-types'

export type SortKey = 'service' | 'rate' | 'errors' | 'p95'

export interface RedFilter {
  service?: string
  route?: string
}

/** Uses the metrics of each service that sends them, because they count every request. Spans may be sampled. */
export function findRedMetrics(db: Database, window: TimeWindow, filter: RedFilter, order: SortKey): RedMetrics[] {
  const series = durationSeries(db, window, filter.service)
  const services = new Set(series.map(({ service }) => service))
  const fromSpans = redFromSpans(db, window, coveredSeconds(db, window), ({ service }) => needsSpans(service))
  const rows = [...redFromMetrics(db, series, window), ...fromSpans]
  return rows.filter(({ route }) => !filter.route || route === filter.route).toSorted(orders[order])

  function needsSpans(service: string): boolean {
    return !services.has(service) && (!filter.service || service === filter.service)
  }
}

const byService = (a: RedMetrics, b: RedMetrics) => a.service.localeCompare(b.service) || b.count - a.count

const orders: Record<SortKey, (a: RedMetrics, b: RedMetrics) => number> = {
  service: byService,
  rate: (a, b) => b.count / b.seconds - a.count / a.seconds || byService(a, b),
  errors: (a, b) => b.errors - a.errors || byService(a, b),
  p95: (a, b) => b.p95Us - a.p95Us || byService(a, b),
}
