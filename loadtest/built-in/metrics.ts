import { build, type Histogram } from 'hdr-histogram-js'
import type { Observer } from './observer'

/** A metric of k6's kinds, under k6's names, so that thresholds and reports are the same for both engines. */
export interface Metric {
  isEmpty(): boolean
  /** An aggregate that a threshold names: `p(95)`, `med`, `max`, `count`, `rate`; `undefined` where the kind has none such. */
  value(aggregate: string): number | undefined
  values(): Record<string, number>
}

/** Durations in milliseconds, to three digits. */
export interface Trend extends Metric {
  record(ms: number): void
}

export function createTrend(): Trend {
  // In microseconds; grows by itself.
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
      // A percentile is the upper end of its bucket, the maximum is exact.
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
 * Counts what the engine reports. `http_req_duration` begins when a request was planned to, so that neither a slow shop nor a
 * slow engine hides; `http_req_duration_sent` when it was sent. Those of set-up have a place of their own.
 */
export function createMetrics() {
  const metrics = new Map<string, Metric>()
  const lag = add('lag', createTrend())
  const journeys = add('journeys', createRate())
  const places = new Map<string, ReturnType<typeof createPlace>>()

  const observer: Observer = {
    request({ phase, step, rate, plannedMs, startedMs, endedMs, hasExpectedStatus }) {
      const narrow = rate === undefined ? `step:${step}` : `rate:${rate}`
      for (const name of phase === 'load' ? ['phase:load', narrow] : ['phase:set_up']) {
        const place = placeOf(name)
        place.planned.record(endedMs - plannedMs)
        place.sent.record(endedMs - startedMs)
        place.failed.add(!hasExpectedStatus)
        place.checks.add(hasExpectedStatus)
        place.requests.add()
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

  function placeOf(name: string) {
    const known = places.get(name)
    if (known) return known
    const created = createPlace(name)
    places.set(name, created)
    return created
  }

  function createPlace(name: string) {
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
