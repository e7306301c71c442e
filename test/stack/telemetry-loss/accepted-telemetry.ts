import type { AcceptedRequest } from './recording-proxy'

/** When an item was accepted first, ms since the epoch. */
export interface AcceptanceTime {
  acceptedMs: number
  /** When the root of a span's trace was. */
  rootAcceptedMs?: number
}

/** What a collector has accepted, each item once, by its identity. */
export interface AcceptedTelemetry {
  /** By span id. */
  spans: Map<string, AcceptanceTime>
  /** Their traces, each with the spans that it has. */
  traces: Map<string, AcceptanceTime[]>
  logs: Map<string, AcceptanceTime>
  points: Map<string, AcceptanceTime>
  /** Items as they came, repetitions included. */
  counts: Record<AcceptedRequest['signal'], number>
  /** Values of `service.instance.id`. */
  instanceIds: Set<string>
  /** What the programs' own counters say they lost, by reason. */
  lostByShop: Map<string, number>
}

/** Two records of one span, in the same millisecond, that say the same are one. */
export const logKey = (service: string, timeNs: string, traceId = '', spanId = '', line = '') =>
  `${service} ${timeNs} ${traceId} ${spanId} ${line}`

/** A sample as Prometheus has it; of a histogram its count. */
export function pointKey(name: string, labels: Record<string, string>, timeMs: number): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `${name}{${sorted.map(([label, value]) => `${label}=${value}`)}} ${timeMs}`
}

/** Reads what a tee has kept. */
export function parseAccepted(batches: AcceptedRequest[]): AcceptedTelemetry {
  const all: AcceptedTelemetry = {
    spans: new Map(),
    traces: new Map(),
    logs: new Map(),
    points: new Map(),
    counts: { traces: 0, logs: 0, metrics: 0 },
    instanceIds: new Set(),
    lostByShop: new Map(),
  }
  const readers = { traces: readSpans, logs: readLogs, metrics: readPoints }
  for (const { signal, body, isGzipped, acceptedMs } of batches.toSorted((a, b) => a.acceptedMs - b.acceptedMs)) {
    const bytes = isGzipped ? Bun.gunzipSync(body as Uint8Array<ArrayBuffer>) : body
    readers[signal](JSON.parse(new TextDecoder().decode(bytes)), acceptedMs, all)
  }
  return all
}

// biome-ignore-start lint/suspicious/noExplicitAny: OTLP JSON as it comes
function readSpans({ resourceSpans }: any, acceptedMs: number, { spans, traces, counts }: AcceptedTelemetry): void {
  for (const span of resourceSpans.flatMap((one: any) => one.scopeSpans).flatMap((one: any) => one.spans)) {
    counts.traces++
    if (spans.has(span.spanId)) continue
    const trace = traces.get(span.traceId) ?? []
    const rootAcceptedMs = span.parentSpanId ? trace[0]?.rootAcceptedMs : acceptedMs
    const accepted: AcceptanceTime = { acceptedMs, ...(rootAcceptedMs && { rootAcceptedMs }) }
    spans.set(span.spanId, accepted)
    traces.set(span.traceId, trace)
    trace.push(accepted)
    if (!span.parentSpanId) for (const one of trace) one.rootAcceptedMs = acceptedMs
  }
}

function readLogs({ resourceLogs }: any, acceptedMs: number, { logs, counts }: AcceptedTelemetry): void {
  for (const { resource, scopeLogs } of resourceLogs) {
    const service = labelsOf(resource.attributes).service_name ?? ''
    for (const { timeUnixNano, traceId, spanId, body } of scopeLogs.flatMap((one: any) => one.logRecords)) {
      counts.logs++
      const key = logKey(service, timeUnixNano, traceId, spanId, body?.stringValue)
      if (!logs.has(key)) logs.set(key, { acceptedMs })
    }
  }
}

function readPoints(
  { resourceMetrics }: any,
  acceptedMs: number,
  { points, counts, instanceIds, lostByShop }: AcceptedTelemetry,
): void {
  for (const { resource, scopeMetrics } of resourceMetrics) {
    const { service_instance_id = '', service_name } = labelsOf(resource.attributes)
    instanceIds.add(service_instance_id)
    for (const metric of scopeMetrics.flatMap((one: any) => one.metrics)) {
      for (const point of (metric.sum ?? metric.gauge ?? metric.histogram).dataPoints) {
        counts.metrics++
        const labels = labelsOf(point.attributes)
        const timeMs = Number(BigInt(point.timeUnixNano) / 1_000_000n)
        const key = pointKey(prometheusName(metric), { ...labels, service_instance_id }, timeMs)
        if (!points.has(key)) points.set(key, { acceptedMs })
        if (!metric.name.startsWith('otel.sdk.') || !labels.error_type) continue
        // The last one counts: they only grow.
        lostByShop.set(`${service_name} ${metric.name} ${labels.error_type}`, Number(point.asInt ?? point.asDouble))
      }
    }
  }
}

// As UnderscoreEscapingWithSuffixes does it.
function prometheusName({ name, unit = '', sum, histogram }: any): string {
  const words = { s: '_seconds', By: '_bytes' }[unit as string] ?? (/^$|^\{/.test(unit) ? '' : `_${unit}`)
  const base = `${escaped(name)}${words}`
  if (histogram) return `${base}_count`
  return sum?.isMonotonic ? `${base}_total` : base
}

const escaped = (name: string) => name.replaceAll(/[^a-zA-Z0-9_]/g, '_')

const labelsOf = (attributes: any[] = []): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [escaped(key), String(Object.values(value)[0])]))
// biome-ignore-end lint/suspicious/noExplicitAny: OTLP JSON as it comes
