import type { Database } from 'bun:sqlite'
import { type Steps, stepAt, zeroPerStep } from '../metrics/steps'
import { addHistogram, type Histogram, parseHistogram, quantile } from '../store/histogram'
import { slotMs, slotOf } from '../store/rollups'
import { findTotals } from '../store/totals'
import type { TimeWindow } from '../ui/time-window'
import type { RedMetrics, Timeline } from './red-types'

type Matches = (subject: { service: string; name: string }) => boolean

/** Requests, errors and durations by route, from server spans. */
export function redFromSpans(
  db: Database,
  { fromUs, toUs }: TimeWindow,
  seconds: number,
  matches: Matches,
): RedMetrics[] {
  if (!servicesWithRoutes(db).some((service) => matches({ service, name: '' }))) return []
  return findTotals(db, 'route', fromUs, toUs)
    .filter(matches)
    .map(({ service, name, count, errors, histogram }) => ({
      ...{ service, route: name, source: 'spans', seconds, count, errors },
      p50Us: quantile(histogram, 0.5),
      p95Us: quantile(histogram, 0.95),
      p99Us: quantile(histogram, 0.99),
    }))
}

// Reads few rows, so that the totals are read only when a service needs them.
function servicesWithRoutes(db: Database): string[] {
  const rows = db.query("SELECT DISTINCT service FROM subjects WHERE what = 'route'").all() as { service: string }[]
  return rows.map(({ service }) => service)
}

/** Requests, errors and durations per step, of a service or of one of its routes. */
export function timelineFromSpans(db: Database, steps: Steps, service: string, route = ''): Timeline {
  const requests = zeroPerStep(steps)
  const errors = zeroPerStep(steps)
  const histograms = steps.startsUs.map((): Histogram => new Map())
  let firstUs = Number.POSITIVE_INFINITY
  const rows = db
    .query(
      `SELECT slot, count, errors, histogram FROM rollups WHERE slot BETWEEN ? AND ? AND subject IN
         (SELECT id FROM subjects WHERE what = 'route' AND service = ?3 AND (?4 = '' OR name = ?4))`,
    )
    .values(slotOf(steps.fromUs), slotOf(steps.toUs - 1), service, route) as [number, number, number, string][]
  for (const [slot, count, failed, text] of rows) {
    const startUs = slot * slotMs * 1000
    const at = stepAt(steps, startUs)
    firstUs = Math.min(firstUs, startUs)
    requests[at] = (requests[at] ?? 0) + count
    errors[at] = (errors[at] ?? 0) + failed
    const histogram = histograms[at]
    if (histogram) addHistogram(histogram, parseHistogram(text))
  }
  const us = (q: number) => histograms.map((histogram) => (histogram.size > 0 ? quantile(histogram, q) : null))
  return { requests, errors, p50Us: us(0.5), p95Us: us(0.95), firstUs }
}

/** The number of requests per step, by service and route, which a line break separates. */
export function requestsFromSpans(db: Database, steps: Steps): Map<string, number[]> {
  const rows = db
    .query(
      `SELECT s.service, s.name, m.slot, m.count FROM rollups m JOIN subjects s ON s.id = m.subject
       WHERE m.slot BETWEEN ? AND ? AND s.what = 'route'`,
    )
    .values(slotOf(steps.fromUs), slotOf(steps.toUs - 1)) as [string, string, number, number][]
  const byRoute = new Map<string, number[]>()
  for (const [service, route, slot, count] of rows) {
    const key = `${service}\n${route}`
    const requests = byRoute.get(key) ?? zeroPerStep(steps)
    byRoute.set(key, requests)
    const at = stepAt(steps, slot * slotMs * 1000)
    requests[at] = (requests[at] ?? 0) + count
  }
  return byRoute
}
