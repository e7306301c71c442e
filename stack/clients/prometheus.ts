/** What is asked of the stack's servers, by their HTTP APIs. */

export interface Sample {
  labels: Record<string, string>
  value: number
}

export interface LogLine {
  /** Index labels and structured metadata together. */
  labels: Record<string, string>
  line: string
  timeNs: bigint
}

export interface StoredSpan {
  traceId: string
  spanId: string
  service: string
  name: string
  tags: Record<string, unknown>
  startUs: number
  durationUs: number
}

/** An answer with 2xx, within 30 s where `init` has no signal. @throws Error with the address, the status and what the server said */
export async function fetchOk(url: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(30_000), ...init }).catch((error: Error) => {
    throw new Error(`${new URL(url).origin} does not answer: ${error.message}`)
  })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
  return answer
}

/** The JSON of such an answer. */
export async function fetchJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  return (await (await fetchOk(url, init)).json()) as T
}

/** An instant query; scalars are a sample without labels. @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
export async function queryPrometheus(prometheus: string, query: string, atS?: number): Promise<Sample[]> {
  const body = new URLSearchParams({ query, ...(atS !== undefined && { time: String(atS) }) })
  type Answer = { data: { resultType: string; result: Vector | [number, string] } }
  const { data } = await fetchJson<Answer>(`${prometheus}/api/v1/query`, { method: 'POST', body })
  if (data.resultType === 'scalar') return [{ labels: {}, value: Number((data.result as [number, string])[1]) }]
  return samplesOf(data.result as Vector)
}

type Vector = { metric: Record<string, string>; value: [number, string] }[]

const samplesOf = (vector: Vector): Sample[] =>
  vector.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))

/** The one number of a query, 0 where it finds nothing. */
export async function queryNumber(prometheus: string, query: string, atS?: number): Promise<number> {
  return (await queryPrometheus(prometheus, query, atS))[0]?.value ?? 0
}

/**
 * Lines of the last hour, newest first; from a moment on, oldest first.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export async function queryLines(loki: string, query: string, limit = 1000, fromMs?: number): Promise<LogLine[]> {
  const endMs = Date.now() + 60_000
  const ns = (ms: number) => `${Math.floor(ms)}000000`
  const range = { start: ns(fromMs ?? endMs - 3_660_000), end: ns(endMs), limit: String(limit) }
  type Streams = { stream: Record<string, string>; values: [string, string][] }[]
  const search = new URLSearchParams({ query, ...range, ...(fromMs !== undefined && { direction: 'forward' }) })
  const { data } = await fetchJson<{ data: { result: Streams } }>(`${loki}/loki/api/v1/query_range?${search}`)
  return data.result.flatMap(({ stream, values }) =>
    values.map(([timeNs, line]) => ({ labels: stream, line, timeNs: BigInt(timeNs) })),
  )
}

/** What a query counts in lines, at this moment. */
export async function queryLogMetric(loki: string, query: string): Promise<Sample[]> {
  const search = new URLSearchParams({ query })
  return samplesOf((await fetchJson<{ data: { result: Vector } }>(`${loki}/loki/api/v1/query?${search}`)).data.result)
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

/** All spans of a trace, none where Jaeger does not know it. */
export async function findTrace(jaeger: string, traceId: string): Promise<StoredSpan[]> {
  const answer = await fetch(`${jaeger}/api/traces/${traceId}`, { signal: AbortSignal.timeout(30_000) })
  if (answer.status === 404) return []
  if (!answer.ok) throw new Error(`${jaeger} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
  return spansOf(((await answer.json()) as { data: JaegerTrace[] }).data)
}

/** Traces of a service in the last hour, or from a moment on, with these tags on one span that took `leastMs` or longer. */
export async function findTraces(
  jaeger: string,
  service: string,
  tags: Record<string, string>,
  limit = 20,
  { fromMs = Date.now() - 3_600_000, leastMs = 0 } = {},
): Promise<StoredSpan[][]> {
  const search = new URLSearchParams({
    service,
    tags: JSON.stringify(tags),
    start: String(Math.floor(fromMs * 1000)),
    end: String(Date.now() * 1000),
    limit: String(limit),
    lookback: 'custom',
    ...(leastMs > 0 && { minDuration: `${leastMs}ms` }),
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
