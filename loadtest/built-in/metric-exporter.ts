import { version } from '../../package.json'
import { serviceName } from '../telemetry'
import type { Observer } from './observer'

/** Bucket bounds in milliseconds: OpenTelemetry's defaults, which k6 also uses. */
const boundsMs = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000]
const timeoutMs = 5000

type Tags = Record<string, string>
interface Series {
  tags: Tags
  count: number
  sum: number
  buckets: number[]
}

/**
 * Exports the metrics that dashboards show over OTLP/HTTP, with the names and attributes of k6's own output:
 * `k6.iterations`, `k6.dropped_iterations`, `k6.http_reqs`, `k6.http_req_duration`.
 */
export function createMetricExporter(endpoint: string, nowMs: () => number = Date.now) {
  const startTimeUnixNano = nanoseconds(nowMs())
  const metrics: Record<string, Map<string, Series>> = {
    iterations: new Map(),
    dropped_iterations: new Map(),
    http_reqs: new Map(),
    http_req_duration: new Map(),
  }
  const observer: Observer = {
    request({ phase, step, rate, plannedMs, endedMs }) {
      const tags: Tags = phase === 'set_up' ? { phase } : rate === undefined ? { phase, step } : { phase, rate }
      add('http_reqs', tags, 1)
      add('http_req_duration', tags, endedMs - plannedMs)
    },
    journey: ({ rate }) => add('iterations', rate === undefined ? {} : { rate }, 1),
    dropped: (rate) => add('dropped_iterations', rate === undefined ? {} : { rate }, 1),
  }
  return {
    observer,
    /** Sends the cumulative metrics. @throws Error when the receiver does not accept them */
    async flush(): Promise<void> {
      const response = await fetch(`${endpoint.replace(/\/$/, '')}/v1/metrics`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(payload()),
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (!response.ok) throw new Error(`${endpoint} responds ${response.status} to metrics`)
    },
  }

  function add(metric: string, tags: Tags, value: number): void {
    const series = metrics[metric] as Map<string, Series>
    const key = Object.values(tags).join(' ')
    let one = series.get(key)
    if (!one) {
      one = { tags, count: 0, sum: 0, buckets: new Array(boundsMs.length + 1).fill(0) }
      series.set(key, one)
    }
    one.count++
    one.sum += value
    const bucket = boundsMs.findIndex((bound) => value <= bound)
    const index = bucket === -1 ? boundsMs.length : bucket
    one.buckets[index] = (one.buckets[index] ?? 0) + 1
  }

  function payload() {
    const timeUnixNano = nanoseconds(nowMs())
    const point = ({ tags }: Series) => ({ attributes: keyValues(tags), startTimeUnixNano, timeUnixNano })
    const recorded = Object.entries(metrics).filter(([, series]) => series.size > 0)
    return {
      resourceMetrics: [
        {
          resource: { attributes: keyValues({ 'service.name': serviceName, 'service.version': version }) },
          scopeMetrics: [{ scope: { name: 'vitrine.loadtest' }, metrics: recorded.map(metricOf) }],
        },
      ],
    }

    function metricOf([name, byTags]: [string, Map<string, Series>]) {
      const series = [...byTags.values()]
      const cumulative = { aggregationTemporality: 2 }
      if (name !== 'http_req_duration') {
        const dataPoints = series.map((one) => ({ ...point(one), asInt: String(one.count) }))
        return { name: `k6.${name}`, sum: { ...cumulative, isMonotonic: true, dataPoints } }
      }
      const dataPoints = series.map((one) => ({
        ...point(one),
        ...{ count: String(one.count), sum: one.sum, explicitBounds: boundsMs, bucketCounts: one.buckets.map(String) },
      }))
      return { name: `k6.${name}`, unit: 'ms', histogram: { ...cumulative, dataPoints } }
    }
  }
}

const keyValues = (values: Tags) =>
  Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }))
const nanoseconds = (ms: number): string => `${Math.round(ms)}000000`
