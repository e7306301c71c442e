import type { Database } from 'bun:sqlite'
import { coveredSeconds } from '../store/covered-seconds'
import type { Window } from '../ui/window'
import { durationSeries, redFromMetrics } from './from-metrics'
import { redFromSpans } from './from-spans'

/** A route's requests, errors and durations in a window. */
export interface Red {
  service: string
  route: string
  /** What was counted: a program's own `http.server.request.duration`, or its spans, of which some may be missing. */
  source: Source
  count: number
  errors: number
  /** For how much of the window they were counted. */
  seconds: number
  p50Us: number
  p95Us: number
  p99Us: number
}

export type Source = 'metrics' | 'spans'
export type Order = 'service' | 'rate' | 'errors' | 'p95'

export interface RedFilter {
  service?: string
  route?: string
}

/** Of each service from its metrics where it sends them: they count every request, spans only those that were sampled. */
export function findRed(db: Database, window: Window, filter: RedFilter, order: Order): Red[] {
  const measured = durationSeries(db, window, filter.service)
  const services = new Set(measured.map(({ service }) => service))
  const fromSpans = redFromSpans(db, window, coveredSeconds(db, window), ({ service }) => isMeant(service))
  const rows = [...redFromMetrics(db, measured, window), ...fromSpans]
  return rows.filter(({ route }) => !filter.route || route === filter.route).toSorted(orders[order])

  function isMeant(service: string): boolean {
    return !services.has(service) && (!filter.service || service === filter.service)
  }
}

const byService = (a: Red, b: Red) => a.service.localeCompare(b.service) || b.count - a.count

const orders: Record<Order, (a: Red, b: Red) => number> = {
  service: byService,
  rate: (a, b) => b.count / b.seconds - a.count / a.seconds || byService(a, b),
  errors: (a, b) => b.errors - a.errors || byService(a, b),
  p95: (a, b) => b.p95Us - a.p95Us || byService(a, b),
}
