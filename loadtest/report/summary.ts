import type { NotableRequest } from '../notable-request.ts'
import { maxLagMs, peakRate, type Settings, scenarioNameOf, shapes, stairsOf, withShapeDefaults } from '../shapes.ts'
import { p95LimitMs, steps } from '../thresholds.ts'

/** The result of an engine: the part of k6's `handleSummary` data that is used. */
export interface EngineResult {
  metrics: Record<string, EngineMetric | undefined>
}
interface EngineMetric {
  values: Record<string, number>
  thresholds?: Record<string, { ok: boolean }>
}

export interface Durations {
  requests: number
  failed_share: number
  p50_ms: number
  p95_ms: number
  p99_ms: number
  max_ms: number
}

export interface ThresholdResult {
  /** A metric of the engine, with its tag. */
  metric: string
  condition: string
  ok: boolean
  /** `undefined` where the engine does not report it. */
  value: number | undefined
  /** Empty where the threshold passes. */
  slowest: NotableRequest[]
  /** Of different traces: requests that load shedding rejects together share one. */
  failed: NotableRequest[]
}

/** The JSON summary of a run. The other summaries are rendered from it. */
export interface LoadTestSummary extends Pick<Settings, 'run' | 'shape' | 'url' | 'journey'> {
  question: string
  rate: number
  peak_rate: number
  duration_s: number
  think_s: number
  limit_ms: number
  /** Name and version of the engine. */
  engine: string
  /** Whether the engine was in time. Otherwise the other figures are not meaningful. */
  valid: boolean
  /** Delay of the engine itself; `null` for k6, which does not measure it. */
  lag: { p99_ms: number; max_ms: number; limit_ms: number } | null
  passed: boolean
  /** From the planned start of each request, with the built-in engine; from its sending, with k6. */
  all: Durations
  /** From the sending of each request; `null` for k6, where it is the same. */
  all_from_sending: Durations | null
  requests_per_s: number
  journeys: { made: number; dropped: number; ended_share: number }
  mistakes: { requests: number; right_share: number }
  steps: ({ step: string } & Durations)[]
  stairs: ({ rate: number; requests_per_s: number | null; dropped: number; ok: boolean } & Durations)[]
  thresholds: ThresholdResult[]
}

const maxTraces = 3

/** @param notableRequests failed and slow requests that the engine reported */
export function summarizeRun(
  { metrics }: EngineResult,
  settings: Settings,
  notableRequests: NotableRequest[],
  engine = 'k6',
): LoadTestSummary {
  const { run, shape, url, journey } = settings
  const { rate, durationS, thinkS } = withShapeDefaults(settings)
  const thresholds = Object.entries(metrics).flatMap(([metric, result]) =>
    Object.entries(result?.thresholds ?? {}).map(([condition, { ok }]) =>
      thresholdResult(metric, condition, ok, result, notableRequests),
    ),
  )
  thresholds.sort((a, b) => orderOf(a) - orderOf(b))
  const all = durations('phase:load') ?? durations() ?? noDurations
  const mistakes = metrics['checks{step:mistake}']?.values
  const lag = metrics.lag && {
    ...{ p99_ms: metricValue('lag', 'p(99)'), max_ms: metricValue('lag', 'max'), limit_ms: maxLagMs(settings) },
  }
  return {
    ...{ run, shape, url, journey, rate, duration_s: durationS, think_s: thinkS },
    question: shapes[shape].question,
    peak_rate: peakRate(settings),
    limit_ms: p95LimitMs(settings),
    engine,
    valid: !lag || lag.p99_ms <= lag.limit_ms,
    lag: lag ?? null,
    passed: thresholds.every(({ ok }) => ok),
    all,
    all_from_sending: metrics.lag ? (durations('phase:load', 'http_req_duration_sent') ?? noDurations) : null,
    requests_per_s: all.requests / durationS,
    journeys: {
      made: metricValue('iterations', 'count'),
      dropped: metricValue('dropped_iterations', 'count'),
      ended_share: metricValue('journeys', 'rate'),
    },
    mistakes: { requests: (mistakes?.passes ?? 0) + (mistakes?.fails ?? 0), right_share: mistakes?.rate ?? 1 },
    steps: steps.flatMap((step) => {
      const of = durations(`step:${step}`)
      return of && of.requests > 0 ? [{ step, ...of }] : []
    }),
    stairs: stairsOf(settings).flatMap((stair) => {
      const of = durations(`rate:${stair.rate}`)
      if (!of || of.requests === 0) return []
      const dropped = metricValue(`dropped_iterations{rate:${stair.rate}}`, 'count')
      const ok = thresholds.every((one) => one.ok || !one.metric.endsWith(`{rate:${stair.rate}}`))
      // A stair that fails ends early, at an unknown time.
      return [{ rate: stair.rate, requests_per_s: ok ? of.requests / stair.durationS : null, dropped, ok, ...of }]
    }),
    thresholds,
  }

  function durations(tag?: string, metric = 'http_req_duration'): Durations | undefined {
    const suffix = tag ? `{${tag}}` : ''
    const values = metrics[`${metric}${suffix}`]?.values
    if (!values) return undefined
    return {
      requests: values.count ?? 0,
      failed_share: metricValue(`http_req_failed${suffix}`, 'rate'),
      p50_ms: values.med ?? 0,
      p95_ms: values['p(95)'] ?? 0,
      p99_ms: values['p(99)'] ?? 0,
      max_ms: values.max ?? 0,
    }
  }

  function metricValue(metric: string, value: string): number {
    return metrics[metric]?.values[value] ?? 0
  }
}

const noDurations: Durations = { requests: 0, failed_share: 0, p50_ms: 0, p95_ms: 0, p99_ms: 0, max_ms: 0 }

// In the order of the steps, after the thresholds of all requests.
const orderOf = ({ metric }: ThresholdResult): number => steps.findIndex((step) => metric.endsWith(`{step:${step}}`))

function thresholdResult(
  metric: string,
  condition: string,
  ok: boolean,
  result: EngineMetric | undefined,
  all: NotableRequest[],
): ThresholdResult {
  const value = result?.values[/^[a-z]+(\(\d+\))?/.exec(condition)?.[0] ?? '']
  if (ok) return { metric, condition, ok, value, slowest: [], failed: [] }
  const related = all.filter((one) => isAbout(metric, one))
  const slowest = related.filter((one) => one.is_right).sort((a, b) => b.ms - a.ms)
  const failed = related.filter((one) => !one.is_right).filter(isFirstOfTrace)
  return { metric, condition, ok, value, slowest: slowest.slice(0, maxTraces), failed: failed.slice(0, maxTraces) }
}

function isFirstOfTrace({ trace_id }: NotableRequest, index: number, all: NotableRequest[]): boolean {
  return trace_id === '' || all.findIndex((other) => other.trace_id === trace_id) === index
}

function isAbout(metric: string, { step, scenario }: NotableRequest): boolean {
  const [, tag, value = ''] = /\{(\w+):([^}]+)\}/.exec(metric) ?? []
  if (tag === 'step') return step === value
  if (tag === 'rate') return scenario === scenarioNameOf(value)
  return step !== 'set_up'
}
