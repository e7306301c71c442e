import { fetchJson } from '../../../stack/clients/http'
import { findTrace } from '../../../stack/clients/jaeger'
import { logKey, pointKey } from './accepted-telemetry'

const askedAtOnce = 8
/** As many as a log server returns at most. */
const linesOfAPage = 5000

/** Ids of all spans that Jaeger has of these traces, and how many it keeps twice. */
export async function fetchStoredSpans(jaeger: string, traceIds: Iterable<string>) {
  const keys = new Set<string>()
  let repeated = 0
  const left = [...traceIds]
  const worker = async () => {
    for (let traceId = left.pop(); traceId; traceId = left.pop()) {
      for (const { spanId } of await findTrace(jaeger, traceId)) {
        if (keys.has(spanId)) repeated++
        keys.add(spanId)
      }
    }
  }
  await Promise.all(Array.from({ length: askedAtOnce }, worker))
  return { keys, repeated }
}

/** Keys of all lines that the log server has of these services between two times, and how many it has twice. */
export async function fetchStoredLogs(loki: string, services: readonly string[], fromMs: number, toMs: number) {
  const keys = new Set<string>()
  let repeated = 0
  for (const service of services) {
    let start = BigInt(fromMs) * 1_000_000n
    // Each page begins with the last millisecond of the one before, whose lines come again.
    let before = new Set<string>()
    for (;;) {
      const page = await linesFrom(loki, service, start, BigInt(toMs) * 1_000_000n)
      let last = start
      for (const { key, timeNs } of page) {
        if (keys.has(key) && !before.has(key)) repeated++
        keys.add(key)
        if (timeNs > last) last = timeNs
      }
      if (page.length < linesOfAPage) break
      if (last === start) throw new Error(`more than ${linesOfAPage} lines of ${service} at ${last} ns`)
      before = new Set(page.filter(({ timeNs }) => timeNs === last).map(({ key }) => key))
      start = last
    }
  }
  return { keys, repeated }
}

async function linesFrom(loki: string, service: string, startNs: bigint, endNs: bigint) {
  type Streams = { stream: Record<string, string>; values: [timeNs: string, line: string][] }[]
  const search = new URLSearchParams({
    query: `{service_name="${service}"}`,
    start: String(startNs),
    end: String(endNs),
    limit: String(linesOfAPage),
    direction: 'forward',
  })
  const { data } = await fetchJson<{ data: { result: Streams } }>(`${loki}/loki/api/v1/query_range?${search}`)
  return data.result.flatMap(({ stream, values }) =>
    values.map(([timeNs, line]) => ({
      timeNs: BigInt(timeNs),
      key: logKey(service, timeNs, stream.trace_id, stream.span_id, line),
    })),
  )
}

// Of the resource, not of the point.
const promoted = [
  '__name__',
  'job',
  'instance',
  'service_name',
  'service_namespace',
  'service_version',
  'deployment_environment_name',
]

/** Keys of all samples that Prometheus has of these program instances since then, a metric at a time. */
export async function fetchStoredDataPoints(prometheus: string, instances: Iterable<string>, sinceMs: number) {
  const of = `service_instance_id=~"${[...instances].join('|')}"`
  const match = new URLSearchParams({ 'match[]': `{${of}}` })
  const names = await fetchJson<{ data: string[] }>(`${prometheus}/api/v1/label/__name__/values?${match}`)
  const keys = new Set<string>()
  for (const name of names.data.filter((one) => !one.endsWith('_bucket') && !one.endsWith('_sum'))) {
    const seconds = Math.ceil((Date.now() - sinceMs) / 1000)
    const body = new URLSearchParams({ query: `{__name__="${name}",${of}}[${seconds}s]` })
    type Matrix = { metric: Record<string, string>; values: [timeS: number, value: string][] }[]
    const { data } = await fetchJson<{ data: { result: Matrix } }>(`${prometheus}/api/v1/query`, {
      method: 'POST',
      body,
    })
    for (const { metric, values } of data.result) {
      const labels = Object.fromEntries(Object.entries(metric).filter(([label]) => !promoted.includes(label)))
      for (const [timeS] of values) keys.add(pointKey(name, labels, Math.round(timeS * 1000)))
    }
  }
  // A sample of a time is there once or not at all.
  return { keys, repeated: 0 }
}
