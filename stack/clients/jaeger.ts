import { fetchJson } from './http'

export interface StoredSpan {
  traceId: string
  spanId: string
  service: string
  name: string
  tags: Record<string, unknown>
  startUs: number
  durationUs: number
}

interface JaegerTrace {
  traceID: string
  processes: Record<string, { serviceName: string }>
  spans: {
    traceID: string
    spanID: string
    processID: string
    operationName: string
    startTime: number
    duration: number
    tags: { key: string; value: unknown }[]
  }[]
}

/** All spans of a trace; none when Jaeger has not stored it. */
export async function findTrace(jaeger: string, traceId: string): Promise<StoredSpan[]> {
  const response = await fetch(`${jaeger}/api/traces/${traceId}`, { signal: AbortSignal.timeout(30_000) })
  if (response.status === 404) return []
  if (!response.ok)
    throw new Error(`${jaeger} responds with ${response.status}: ${(await response.text()).slice(0, 300)}`)
  return spansOf(((await response.json()) as { data: JaegerTrace[] }).data)
}

/**
 * Finds traces of a service that have a span with these tags and at least `minDurationMs`.
 * `fromMs` is the start of the search in milliseconds since the epoch, by default an hour ago.
 */
export async function findTraces(
  jaeger: string,
  service: string,
  tags: Record<string, string>,
  limit = 20,
  { fromMs = Date.now() - 3_600_000, minDurationMs = 0 } = {},
): Promise<StoredSpan[][]> {
  const search = new URLSearchParams({
    service,
    tags: JSON.stringify(tags),
    start: String(Math.floor(fromMs * 1000)),
    end: String(Date.now() * 1000),
    limit: String(limit),
    lookback: 'custom',
    ...(minDurationMs > 0 && { minDuration: `${minDurationMs}ms` }),
  })
  const { data } = await fetchJson<{ data: JaegerTrace[] }>(`${jaeger}/api/traces?${search}`)
  return data.map((trace) => spansOf([trace]))
}

function spansOf(traces: JaegerTrace[]): StoredSpan[] {
  return traces.flatMap(({ spans, processes }) =>
    spans.map((span) => ({
      traceId: span.traceID,
      spanId: span.spanID,
      service: processes[span.processID]?.serviceName ?? '',
      name: span.operationName,
      tags: Object.fromEntries(span.tags.map(({ key, value }) => [key, value])),
      startUs: span.startTime,
      durationUs: span.duration,
    })),
  )
}
