/** An OTLP/HTTP receiver in the test's own process that accepts everything and keeps it, parsed. */
export function startReceiver() {
  const traces: OtlpSpan[] = []
  const logs: OtlpLog[] = []
  const metrics: OtlpMetric[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      keep(new URL(request.url).pathname, await bodyOf(request))
      return Response.json({})
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, traces, logs, metrics, keep, stop: () => server.stop(true) }

  function keep(path: string, text: string): void {
    const body = JSON.parse(text)
    if (path.endsWith('/traces')) traces.push(...spansOf(body))
    if (path.endsWith('/logs')) logs.push(...logsOf(body))
    if (path.endsWith('/metrics')) metrics.push(...metricsOf(body))
  }
}

export type Received = Pick<ReturnType<typeof startReceiver>, 'traces' | 'logs' | 'metrics'>

export interface OtlpSpan {
  service: string
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  status: { code?: number }
  attributes: Record<string, unknown>
}
export interface OtlpLog {
  service: string
  traceId: string
  spanId: string
  severityText: string
  eventName?: string
  body: { stringValue: string }
  attributes: Record<string, unknown>
}
export interface OtlpMetric {
  service: string
  name: string
  unit: string
  points: { attributes: Record<string, unknown>; value: number }[]
}

/** The value of a counter or the count of a histogram, summed over the series that carry `labels`, as last exported. */
export function lastValue({ metrics }: Received, service: string, name: string, labels: Record<string, unknown> = {}) {
  const metric = metrics.findLast((one) => one.service === service && one.name === name)
  const points = metric?.points.filter(({ attributes }) =>
    Object.entries(labels).every(([k, v]) => attributes[k] === v),
  )
  if (!points?.length) return undefined
  return points.reduce((sum, { value }) => sum + value, 0)
}

/** Adds what a line of the collector's file exporter holds. */
export function parseCollectorLine(line: string, into: Received): void {
  const body = JSON.parse(line)
  if (body.resourceSpans) into.traces.push(...spansOf(body))
  if (body.resourceLogs) into.logs.push(...logsOf(body))
  if (body.resourceMetrics) into.metrics.push(...metricsOf(body))
}

// biome-ignore-start lint/suspicious/noExplicitAny: OTLP JSON as it comes
const spansOf = (body: any): OtlpSpan[] => flatten(body.resourceSpans, 'scopeSpans', 'spans')
const logsOf = (body: any): OtlpLog[] => flatten(body.resourceLogs, 'scopeLogs', 'logRecords')
const metricsOf = (body: any): OtlpMetric[] =>
  flatten<any>(body.resourceMetrics, 'scopeMetrics', 'metrics').map(({ service, name, unit, ...data }) => ({
    service,
    name,
    unit,
    points: (data.sum ?? data.gauge ?? data.histogram).dataPoints.map((point: any) => ({
      attributes: plain(point.attributes),
      value: Number(point.asInt ?? point.asDouble ?? point.count),
    })),
  }))

function flatten<T>(resources: any[], scopes: string, items: string): T[] {
  return resources.flatMap(({ resource, ...rest }) => {
    const service = plain(resource.attributes)['service.name']
    const found = rest[scopes].flatMap((scope: any) => scope[items])
    return found.map((item: any) => ({ status: {}, ...item, service, attributes: plain(item.attributes) }))
  })
}

const plain = (attributes: any[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]))

function plainValue(value: any): unknown {
  if (value.intValue !== undefined) return Number(value.intValue)
  return value.stringValue ?? value.doubleValue ?? value.boolValue ?? value
}
// biome-ignore-end lint/suspicious/noExplicitAny: OTLP JSON as it comes

async function bodyOf(request: Request): Promise<string> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  const isGzip = request.headers.get('content-encoding') === 'gzip'
  return new TextDecoder().decode(isGzip ? Bun.gunzipSync(bytes) : bytes)
}
