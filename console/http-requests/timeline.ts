import type { Database } from 'bun:sqlite'
import { endsBefore } from '../metrics/series-stats'
import type { Steps } from '../metrics/steps'
import type { ChartData } from '../ui/chart'
import { link, paths } from '../ui/paths'
import type { TimeWindow } from '../ui/time-window'
import { durationSeries, requestsFromMetrics, routeOf, timelineFromMetrics } from './from-metrics'
import { requestsFromSpans, timelineFromSpans } from './from-spans'
import type { Messages } from './messages'
import type { RedFilter, RedMetrics } from './red-metrics'

/** Requests and errors in each step, and how long they took; nothing where there were none. */
export interface Timeline {
  requests: number[]
  errors: number[]
  p50Us: (number | null)[]
  p95Us: (number | null)[]
  /** Before that nothing was counted, which is not the same as none. */
  firstUs: number
}

/** The charts of a service, or of one route of it: a click leads to what was traced in that step. */
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

/** How many requests each of the rows had in each step. */
export function createSparklines(
  db: Database,
  window: TimeWindow,
  steps: Steps,
  rows: RedMetrics[],
): (red: RedMetrics) => number[] {
  const keys = new Set(rows.map(keyOf))
  const series = rows.some(({ source }) => source === 'metrics') ? durationSeries(db, window) : []
  const measured = requestsFromMetrics(
    db,
    series.filter((one) => keys.has(keyOf({ service: one.service, route: routeOf(one) }))),
    steps,
  )
  const traced = rows.some(({ source }) => source === 'spans') ? requestsFromSpans(db, steps) : new Map()
  return (red) => (red.source === 'metrics' ? measured : traced).get(keyOf(red)) ?? []
}

const keyOf = ({ service, route }: Pick<RedMetrics, 'service' | 'route'>) => `${service}\n${route}`
