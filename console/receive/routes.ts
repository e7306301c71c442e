import { type Context, Hono } from 'hono'
import { type BodyLimits, createBodyReader, defaultLimits } from './body'
import { HttpError } from './errors'
import { readLogs } from './logs'
import { readMetrics } from './metrics'
import { errorResponse, exportResponse, type RejectedName } from './responses'
import type { DecodedRequest, LogRecord, Metric, ResourceGroup, Span } from './telemetry-types'
import { readTraces } from './traces'

/** Stores received telemetry. */
export interface Sink {
  spans(groups: ResourceGroup<Span>[]): void
  logs(groups: ResourceGroup<LogRecord>[]): void
  metrics(groups: ResourceGroup<Metric>[]): void
  /** Records that an export request was refused (`count` is 0), or that `count` of its items were rejected. */
  rejected(signal: Signal, count: number, message: string): void
}

export type Signal = 'traces' | 'logs' | 'metrics'

export interface OtlpReceiverOptions {
  sink: Sink
  limits?: BodyLimits
  /** Called with the body of each accepted request, as received. */
  forward?: (signal: Signal, body: Uint8Array, headers: Headers) => void
}

/**
 * Receives OTLP/HTTP: `POST /v1/traces`, `/v1/logs` and `/v1/metrics`.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function otlpReceiver({ sink, limits = defaultLimits, forward }: OtlpReceiverOptions) {
  const bodies = createBodyReader(limits)
  const nowUs = () => Date.now() * 1000
  return new Hono()
    .post('/v1/traces', handler('traces', 'ExportTraceServiceRequest', 'rejectedSpans', readTraces, sink.spans))
    .post(
      '/v1/logs',
      handler('logs', 'ExportLogsServiceRequest', 'rejectedLogRecords', (from) => readLogs(from, nowUs()), sink.logs),
    )
    .post(
      '/v1/metrics',
      handler('metrics', 'ExportMetricsServiceRequest', 'rejectedDataPoints', readMetrics, sink.metrics),
    )
    .all('/v1/:signal', (c) => {
      c.header('Allow', 'POST')
      return c.json({ code: 12, message: 'send OTLP by POST to /v1/traces, /v1/logs or /v1/metrics' }, 405)
    })

  function handler<T>(
    signal: Signal,
    message: string,
    rejectedName: RejectedName,
    read: (content: object) => DecodedRequest<T>,
    store: (groups: ResourceGroup<T>[]) => void,
  ) {
    return async function receiveExport(c: Context): Promise<Response> {
      try {
        return await bodies.readDecoded(c.req.raw, message, (received, content) => {
          const { groups, rejected, errorMessage } = read(content)
          store(groups)
          if (rejected > 0) sink.rejected(signal, rejected, errorMessage)
          forward?.(signal, received, c.req.raw.headers)
          return exportResponse(c, rejectedName, rejected, errorMessage)
        })
      } catch (error) {
        if (!(error instanceof HttpError)) throw error
        sink.rejected(signal, 0, error.message)
        return errorResponse(c, error)
      }
    }
  }
}
