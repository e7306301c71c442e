import type { Database } from 'bun:sqlite'
import { addDistribution, type Distribution, quantileOf } from '../metrics/distribution'
import { increases } from '../metrics/increase'
import { pointsOf, type Series, seriesOf } from '../metrics/series'
import { addDistributionsByStep, computeSeriesStats } from '../metrics/series-stats'
import { type Steps, spreadOverSteps, zeroPerStep } from '../metrics/steps'
import { toMicroseconds } from '../metrics/units'
import type { TimeWindow } from '../ui/time-window'
import type { RedMetrics } from './red-metrics'
import type { Timeline } from './timeline'

const instrument = 'http.server.request.duration'

/** The durations of requests that programs have sent in the window as metrics. */
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
    const figures = computeSeriesStats(db, series, window)
    seconds.set(service, Math.max(seconds.get(service) ?? 0, figures.seconds))
    if (figures.count <= 0) continue
    const { red, distribution } = sumOf(sums, series)
    red.count += figures.count
    if (isErrorSeries(series)) red.errors += figures.count
    addDistribution(distribution, figures.distribution)
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
  const known = sums.get(key)
  if (known) return known
  const red: RedMetrics = {
    ...{ service, route, source: 'metrics', seconds: 0 },
    ...{ count: 0, errors: 0, p50Us: 0, p95Us: 0, p99Us: 0 },
  }
  const made = { red, distribution: new Map(), unit }
  sums.set(key, made)
  return made
}

/** Requests, errors and durations step by step, of those of the series that are meant. */
export function timelineFromMetrics(db: Database, all: Series[], route: string | undefined, steps: Steps): Timeline {
  const requests = zeroPerStep(steps)
  const errors = zeroPerStep(steps)
  const distributions = steps.startsUs.map((): Distribution => new Map())
  let firstUs = Number.POSITIVE_INFINITY
  const meant = all.filter((series) => !route || routeOf(series) === route)
  for (const series of meant) {
    const added = increases(series, pointsOf(db, series.id, steps.fromUs, steps.toUs), steps.fromUs)
    firstUs = Math.min(firstUs, added[0]?.fromUs ?? firstUs)
    for (const increase of added) {
      spreadOverSteps(requests, steps, increase, increase.count)
      if (isErrorSeries(series)) spreadOverSteps(errors, steps, increase, increase.count)
    }
    addDistributionsByStep(distributions, series, added, steps)
  }
  const unit = meant[0]?.unit ?? 's'
  const us = (q: number) =>
    distributions.map((distribution) => {
      const value = quantileOf(distribution, q)
      return value === undefined ? null : toMicroseconds(unit, value)
    })
  return { requests, errors, p50Us: us(0.5), p95Us: us(0.95), firstUs }
}

/** How many requests each route had in each step. */
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

/** As spans name it: `GET /product/:slug`. */
export function routeOf({ labels }: Pick<Series, 'labels'>): string {
  return [labels['http.request.method'], labels['http.route']].filter(Boolean).join(' ') || '–'
}

export function isErrorSeries({ labels }: Pick<Series, 'labels'>): boolean {
  const status = labels['http.response.status_code'] ?? labels['error.type']
  // Without a status, whatever type an error has is one.
  return (
    Number(status) >= 500 ||
    (status !== undefined && !labels['http.response.status_code'] && Number.isNaN(Number(status)))
  )
}
