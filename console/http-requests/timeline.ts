import type { Database } from 'bun:sqlite'
import { endsBefore } from '../metrics/series-stats'
import type { Steps } from '../metrics/steps'
import type { ChartData } from '../ui/chart'
import { link, paths } from '../ui/paths'
import type { TimeWindow } from '../ui/time-window'
import { durationSeries, requestsFromMetrics, routeOf, timelineFromMetrics } from './from-metrics'
import { requestsFromSpans, timelineFromSpans } from './from-spans'
import type { Messages } from './messages'
import type { RedFilter } from './red-metrics'
import type { RedMetrics } from './red-types'

/** The charts of a service or of one of its routes. A click on a step opens its traces. */
export function redCharts(
  db: Database,
  window: TimeWindow,
  steps: Steps,
  filter: RedFilter,
  text: Messages,
): ChartData[] {
  const { service, route } = filter
  const series = durationSeries(db, window, service)
  const timeline =
    series.length > 0
      ? timelineFromMetrics(db, series, route, steps)
      : timelineFromSpans(db, steps, service ?? '', route)
  const perSecond = (counts: number[]) =>
    counts.map((count, at) => (endsBefore(steps, at, timeline.firstUs) ? null : (count / steps.lengthUs) * 1_000_000))
  const shared = {
    timesUs: steps.startsUs,
    hrefs: steps.startsUs.map((from) => link(paths.traces, { service, route, from, to: from + steps.lengthUs })),
  }
  return [
    {
      ...shared,
      title: text.charts.rate,
      unit: '{request}/s',
      lines: [
        { name: text.charts.requests, color: 'accent', values: perSecond(timeline.requests) },
        { name: text.charts.errors, color: 'bad', values: perSecond(timeline.errors) },
      ],
    },
    {
      ...shared,
      title: text.charts.durations,
      unit: 'us',
      lines: [
        { name: 'p50', color: 'soft', values: timeline.p50Us },
        { name: 'p95', color: 'accent', values: timeline.p95Us },
      ],
    },
  ]
}

/** Returns a function that gives the number of requests per step of a row. */
export function createSparklines(
  db: Database,
  window: TimeWindow,
  steps: Steps,
  rows: RedMetrics[],
): (red: RedMetrics) => number[] {
  const keys = new Set(rows.map(keyOf))
  const series = rows.some(({ source }) => source === 'metrics') ? durationSeries(db, window) : []
  const fromMetrics = requestsFromMetrics(
    db,
    series.filter(({ service, labels }) => keys.has(keyOf({ service, route: routeOf({ labels }) }))),
    steps,
  )
  const fromSpans = rows.some(({ source }) => source === 'spans') ? requestsFromSpans(db, steps) : new Map()
  return (red) => (red.source === 'metrics' ? fromMetrics : fromSpans).get(keyOf(red)) ?? []
}

const keyOf = ({ service, route }: Pick<RedMetrics, 'service' | 'route'>) => `${service}\n${route}`
