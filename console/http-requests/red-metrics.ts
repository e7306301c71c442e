import type { Database } from 'bun:sqlite'
import { coveredSeconds } from '../store/totals'
import type { TimeWindow } from '../ui/time-window'
import { durationSeries, redFromMetrics } from './from-metrics'
import { redFromSpans } from './from-spans'

/** A route's requests, errors and durations in a window. */
export interface RedMetrics {
  service: string
  route: string
  /** What was counted: a program's own `http.server.request.duration`, or its spans, of which some may be missing. */
  source: RedSource
  count: number
  errors: number
  /** For how much of the window they were counted. */
  seconds: number
  p50Us: number
  p95Us: number
  p99Us: number
}

export type RedSource = 'metrics' | 'spans'
export type SortKey = 'service' | 'rate' | 'errors' | 'p95'

export interface RedFilter {
  service?: string
  route?: string
}

/** Of each service from its metrics where it sends them: they count every request, spans only those that were sampled. */
export function findRedMetrics(db: Database, window: TimeWindow, filter: RedFilter, order: SortKey): RedMetrics[] {
  const measured = durationSeries(db, window, filter.service)
  const services = new Set(measured.map(({ service }) => service))
  const fromSpans = redFromSpans(db, window, coveredSeconds(db, window), ({ service }) => isMeant(service))
  const rows = [...redFromMetrics(db, measured, window), ...fromSpans]
  return rows.filter(({ route }) => !filter.route || route === filter.route).toSorted(orders[order])

  function isMeant(service: string): boolean {
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
