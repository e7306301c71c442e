import { build, type Histogram } from 'hdr-histogram-js'
import type { Observer } from './observer'

/** A metric with k6's types and names, so that thresholds and reports are the same for both engines. */
export interface Metric {
  isEmpty(): boolean
  /** An aggregate of a threshold: `p(95)`, `med`, `max`, `count`, `rate`; `undefined` if the type does not have it. */
  value(aggregate: string): number | undefined
  values(): Record<string, number>
}

/** Durations in milliseconds, with three significant digits. */
export interface Trend extends Metric {
  record(ms: number): void
}

export function createTrend(): Trend {
  // In microseconds. It resizes itself.
  const histogram: Histogram = build({ numberOfSignificantValueDigits: 3, useWebAssembly: false })
  const trend: Trend = {
    record: (ms) => histogram.recordValue(Math.max(0, Math.round(ms * 1000))),
    isEmpty: () => histogram.totalCount === 0,
    value(aggregate) {
      if (aggregate === 'count') return histogram.totalCount
      if (histogram.totalCount === 0) return 0
      if (aggregate === 'max') return histogram.maxValue / 1000
      const percentile = aggregate === 'med' ? '50' : /^p\(([\d.]+)\)$/.exec(aggregate)?.[1]
      if (percentile === undefined) return undefined
      // A percentile is the upper bound of its bucket. The maximum is exact.
      return Math.min(histogram.getValueAtPercentile(Number(percentile)), histogram.maxValue) / 1000
    },
    values: () =>
      Object.fromEntries(['count', 'med', 'p(95)', 'p(99)', 'max'].map((name) => [name, trend.value(name) ?? 0])),
  }
  return trend
}

function createRate() {
  let [passes, fails] = [0, 0]
  const rate = () => (passes + fails === 0 ? 0 : passes / (passes + fails))
  return {
    add: (isPass: boolean) => (isPass ? passes++ : fails++),
    isEmpty: () => passes + fails === 0,
    value: (aggregate: string) => (aggregate === 'rate' ? rate() : undefined),
    values: () => ({ rate: rate(), passes, fails }),
  }
}

function createCounter() {
  let count = 0
  return {
    add: () => count++,
    isEmpty: () => count === 0,
    value: (aggregate: string) => (aggregate === 'count' ? count : undefined),
    values: () => ({ count }),
  }
}

/**
 * Records what the engine reports. `http_req_duration` begins at the planned start of a request, so that it includes delays of the
 * shop and of the engine; `http_req_duration_sent` begins at its sending. Requests of the set-up have their own series.
 */
export function createMetrics() {
  const metrics = new Map<string, Metric>()
  const lag = add('lag', createTrend())
  const journeys = add('journeys', createRate())
  const seriesByTag = new Map<string, ReturnType<typeof createSeries>>()

  const observer: Observer = {
    request({ phase, step, rate, plannedMs, startedMs, endedMs, hasExpectedStatus }) {
      const tag = rate === undefined ? `step:${step}` : `rate:${rate}`
      for (const name of phase === 'load' ? ['phase:load', tag] : ['phase:set_up']) {
        const series = seriesOf(name)
        series.planned.record(endedMs - plannedMs)
        series.sent.record(endedMs - startedMs)
        series.failed.add(!hasExpectedStatus)
        series.checks.add(hasExpectedStatus)
        series.requests.add()
      }
    },
    journey({ rate, hasReachedEnd }) {
      journeys.add(hasReachedEnd)
      counter('iterations').add()
      if (rate !== undefined) counter(`iterations{rate:${rate}}`).add()
    },
    dropped(rate) {
      counter('dropped_iterations').add()
      if (rate !== undefined) counter(`dropped_iterations{rate:${rate}}`).add()
    },
    lag: (ms) => lag.record(ms),
  }

  return {
    observer,
    find: (name: string): Metric | undefined => metrics.get(name),
    names: () => [...metrics.keys()],
  }

  function seriesOf(name: string) {
    const existing = seriesByTag.get(name)
    if (existing) return existing
    const created = createSeries(name)
    seriesByTag.set(name, created)
    return created
  }

  function createSeries(name: string) {
    return {
      planned: add(`http_req_duration{${name}}`, createTrend()),
      sent: add(`http_req_duration_sent{${name}}`, createTrend()),
      failed: add(`http_req_failed{${name}}`, createRate()),
      checks: add(`checks{${name}}`, createRate()),
      requests: add(`http_reqs{${name}}`, createCounter()),
    }
  }

  function counter(name: string) {
    return (metrics.get(name) ?? add(name, createCounter())) as ReturnType<typeof createCounter>
  }

  function add<M extends Metric>(name: string, metric: M): M {
    metrics.set(name, metric)
    return metric
  }
}

export type Metrics = ReturnType<typeof createMetrics>
