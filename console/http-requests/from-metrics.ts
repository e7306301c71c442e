import type { Database } from 'bun:sqlite'
import { addDistribution, type Distribution, quantileOf } from '../metrics/distribution'
import { increases } from '../metrics/increase'
import { pointsOf, type Series, seriesOf } from '../metrics/series'
import { addDistributionsByStep, computeSeriesStats } from '../metrics/series-stats'
import { type Steps, spreadOverSteps, zeroPerStep } from '../metrics/steps'
import { toMicroseconds } from '../metrics/units'
import type { TimeWindow } from '../ui/time-window'
import type { RedMetrics, Timeline } from './red-types'

const instrument = 'http.server.request.duration'

/** The histograms of request durations with a data point since the start of the window. */
export function durationSeries(db: Database, { fromUs }: TimeWindow, service?: string): Series[] {
  return seriesOf(db, instrument, service).filter(({ kind, lastUs }) => kind === 'histogram' && lastUs >= fromUs)
}

interface Sum {
  red: RedMetrics
  distribution: Distribution
  unit: string
}

export function redFromMetrics(db: Database, all: Series[], window: TimeWindow): RedMetrics[] {
  const sums = new Map<string, Sum>()
  const seconds = new Map<string, number>()
  for (const series of all) {
    const { service } = series
    const stats = computeSeriesStats(db, series, window)
    seconds.set(service, Math.max(seconds.get(service) ?? 0, stats.seconds))
    if (stats.count <= 0) continue
    const { red, distribution } = sumOf(sums, series)
    red.count += stats.count
    if (isErrorSeries(series)) red.errors += stats.count
    addDistribution(distribution, stats.distribution)
  }
  return [...sums.values()].map(({ red, distribution, unit }) => {
    const us = (q: number) => toMicroseconds(unit, quantileOf(distribution, q) ?? 0)
    return { ...red, seconds: seconds.get(red.service) ?? 0, p50Us: us(0.5), p95Us: us(0.95), p99Us: us(0.99) }
  })
}

function sumOf(sums: Map<string, Sum>, series: Series): Sum {
  const { service, unit } = series
  const route = routeOf(series)
  const key = `${service}\n${route}`
  const existing = sums.get(key)
  if (existing) return existing
  const red: RedMetrics = {
    ...{ service, route, source: 'metrics', seconds: 0 },
    ...{ count: 0, errors: 0, p50Us: 0, p95Us: 0, p99Us: 0 },
  }
  const sum = { red, distribution: new Map(), unit }
  sums.set(key, sum)
  return sum
}

/** Requests, errors and durations per step, of one route or of all. */
export function timelineFromMetrics(db: Database, all: Series[], route: string | undefined, steps: Steps): Timeline {
  const requests = zeroPerStep(steps)
  const errors = zeroPerStep(steps)
  const distributions = steps.startsUs.map((): Distribution => new Map())
  let firstUs = Number.POSITIVE_INFINITY
  const matching = all.filter((series) => !route || routeOf(series) === route)
  for (const series of matching) {
    const ofSeries = increases(series, pointsOf(db, series.id, steps.fromUs, steps.toUs), steps.fromUs)
    firstUs = Math.min(firstUs, ofSeries[0]?.fromUs ?? firstUs)
    for (const increase of ofSeries) {
      spreadOverSteps(requests, steps, increase, increase.count)
      if (isErrorSeries(series)) spreadOverSteps(errors, steps, increase, increase.count)
    }
    addDistributionsByStep(distributions, series, ofSeries, steps)
  }
  const unit = matching[0]?.unit ?? 's'
  const us = (q: number) =>
    distributions.map((distribution) => {
      const value = quantileOf(distribution, q)
      return value === undefined ? null : toMicroseconds(unit, value)
    })
  return { requests, errors, p50Us: us(0.5), p95Us: us(0.95), firstUs }
}

/** The number of requests per step, by service and route, which a line break separates. */
export function requestsFromMetrics(db: Database, all: Series[], steps: Steps): Map<string, number[]> {
  const byRoute = new Map<string, number[]>()
  for (const series of all) {
    const key = `${series.service}\n${routeOf(series)}`
    const requests = byRoute.get(key) ?? zeroPerStep(steps)
    byRoute.set(key, requests)
    const points = pointsOf(db, series.id, steps.fromUs, steps.toUs)
    for (const increase of increases(series, points, steps.fromUs))
      spreadOverSteps(requests, steps, increase, increase.count)
  }
  return byRoute
}

/** The route as in the names of spans: `GET /product/:slug`. */
export function routeOf({ labels }: Pick<Series, 'labels'>): string {
  return [labels['http.request.method'], labels['http.route']].filter(Boolean).join(' ') || '–'
}

export function isErrorSeries({ labels }: Pick<Series, 'labels'>): boolean {
  const status = labels['http.response.status_code'] ?? labels['error.type']
  // Without a status code, `error.type` is a status code or the name of an error.
  return (
    Number(status) >= 500 ||
    (status !== undefined && !labels['http.response.status_code'] && Number.isNaN(Number(status)))
  )
}
