import { type Context, Hono } from 'hono'
import { type BodyLimits, createBodyReader } from './body'
import { HttpError } from './http-error'
import { readLogs } from './logs'
import { MalformedError } from './malformed'
import { readMetrics } from './metrics'
import { otlpType } from './schema'
import type { DecodedRequest, LogRecord, Metric, ResourceGroup, Span } from './telemetry-types'
import { readTraces } from './traces'

/** Where received signals go. */
export interface Sink {
  spans(groups: ResourceGroup<Span>[]): void
  logs(groups: ResourceGroup<LogRecord>[]): void
  metrics(groups: ResourceGroup<Metric>[]): void
  /** An export that was refused, whole or in part. */
  rejected(signal: Signal, count: number, problem: string): void
}

export type Signal = 'traces' | 'logs' | 'metrics'

export interface OtlpReceiverOptions {
  sink: Sink
  limits?: BodyLimits
  /** Is handed each accepted request's body as it came. */
  forward?: (signal: Signal, body: Uint8Array, headers: Headers) => void
}

const megabyte = 1024 * 1024
const usualLimits: BodyLimits = { maxBytes: 16 * megabyte, maxInFlightBytes: 64 * megabyte }

/** OTLP/HTTP: `POST /v1/{traces,logs,metrics}`. Source: OTLP 1.9, "OTLP/HTTP". */
export function otlpReceiver({ sink, limits = usualLimits, forward }: OtlpReceiverOptions) {
  const bodies = createBodyReader(limits)
  const nowUs = () => Date.now() * 1000
  return new Hono()
    .post('/v1/traces', take('traces', 'ExportTraceServiceRequest', 'rejectedSpans', readTraces, sink.spans))
    .post(
      '/v1/logs',
      take('logs', 'ExportLogsServiceRequest', 'rejectedLogRecords', (from) => readLogs(from, nowUs()), sink.logs),
    )
    .post(
      '/v1/metrics',
      take('metrics', 'ExportMetricsServiceRequest', 'rejectedDataPoints', readMetrics, sink.metrics),
    )
    .all('/v1/:signal', (c) => {
      c.header('Allow', 'POST')
      return c.json({ code: 12, message: 'OTLP comes by POST to /v1/traces, /v1/logs or /v1/metrics' }, 405)
    })

  function take<T>(
    signal: Signal,
    message: string,
    rejectedName: string,
    read: (content: object) => DecodedRequest<T>,
    store: (groups: ResourceGroup<T>[]) => void,
  ) {
    return async function take(c: Context): Promise<Response> {
      try {
        return await bodies.handle(c.req.raw, message, (bytes, content) => {
          const { groups, rejected, errorMessage } = read(content)
          store(groups)
          if (rejected > 0) sink.rejected(signal, rejected, errorMessage)
          forward?.(signal, bytes, c.req.raw.headers)
          return accepted(c, rejectedName, rejected, errorMessage)
        })
      } catch (error) {
        return refuse(c, signal, error)
      }
    }
  }

  function refuse(c: Context, signal: Signal, error: unknown): Response {
    if (!(error instanceof HttpError || error instanceof MalformedError)) throw error
    const status = error instanceof HttpError ? error.status : 400
    sink.rejected(signal, 0, error.message)
    if (status === 429) c.header('Retry-After', '1')
    // Of google.rpc.Code: INVALID_ARGUMENT, RESOURCE_EXHAUSTED.
    const body = { code: status === 429 ? 8 : 3, message: error.message }
    return isProtobuf(c) ? protobuf(c, 'RpcStatus', body, status) : c.json(body, status)
  }
}

function accepted(c: Context, rejectedName: string, rejected: number, errorMessage: string): Response {
  if (isProtobuf(c)) {
    return protobuf(c, 'ExportResponse', rejected > 0 ? { partialSuccess: { rejected, errorMessage } } : {}, 200)
  }
  return c.json(rejected > 0 ? { partialSuccess: { [rejectedName]: String(rejected), errorMessage } } : {})
}

function protobuf(c: Context, message: string, content: object, status: 200 | HttpError['status']): Response {
  const bytes = otlpType(message).encode(content).finish()
  return c.body(new Uint8Array(bytes), status, { 'Content-Type': 'application/x-protobuf' })
}

const isProtobuf = (c: Context) => c.req.header('content-type')?.startsWith('application/x-protobuf') ?? false
