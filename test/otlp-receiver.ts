import {
  type ExportedLogRecord,
  type ExportedMetric,
  type ExportedSpan,
  logRecordsIn,
  metricsIn,
  spansIn,
} from '@vitrine/telemetry/testing'

/** The parsed telemetry that a receiver accepted. */
export interface ReceivedTelemetry {
  traces: ExportedSpan[]
  logs: ExportedLogRecord[]
  metrics: ExportedMetric[]
}

/** Starts an OTLP/HTTP receiver in the process of the test. It accepts and stores everything. */
export function startOtlpReceiver() {
  const received: ReceivedTelemetry = { traces: [], logs: [], metrics: [] }
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      addOtlpJson(await bodyOf(request), received)
      return Response.json({})
    },
  })
  const clear = () => {
    received.traces.length = received.logs.length = received.metrics.length = 0
  }
  return { url: `http://127.0.0.1:${server.port}`, ...received, clear, stop: () => server.stop(true) }
}

/** The value of a counter or the count of a histogram, summed over the series that have `labels`, as last exported. */
export function lastMetricValue(
  { metrics }: ReceivedTelemetry,
  service: string,
  name: string,
  labels: Record<string, unknown> = {},
) {
  const metric = metrics.findLast((one) => one.service === service && one.name === name)
  const points = metric?.points.filter(({ attributes }) =>
    Object.entries(labels).every(([k, v]) => attributes[k] === v),
  )
  if (!points?.length) return undefined
  return points.reduce((sum, { value }) => sum + value, 0)
}

/** Adds what a request of OTLP/HTTP, or a line of the collector's file exporter, holds. */
export function addOtlpJson(json: string, into: ReceivedTelemetry): void {
  const body = JSON.parse(json)
  into.traces.push(...spansIn(body))
  into.logs.push(...logRecordsIn(body))
  into.metrics.push(...metricsIn(body))
}

async function bodyOf(request: Request): Promise<string> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  const isGzip = request.headers.get('content-encoding') === 'gzip'
  return new TextDecoder().decode(isGzip ? Bun.gunzipSync(bytes) : bytes)
}
