import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { IMetricReader, MetricProducer } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { jsonLogEncoder, jsonSpanEncoder, protobufLogEncoder, protobufSpanEncoder } from '../encode/otlp-request'
import type { Endpoint } from '../settings/endpoint'
import type { QueueSettings, TelemetrySettings } from '../settings/settings'
import { createBatcher, type Encoder } from './batcher'
import { createExportQueue, type ExportQueue } from './export-queue'
import { httpSender, type Send } from './http-sender'
import { periodicMetricReader } from './metric-reader'
import { logRecordProcessor, spanProcessor } from './processors'

/** Where finished signals go: the SDK's own interfaces, so that its processors and readers fit too. */
export interface Pipeline {
  spanProcessors: SpanProcessor[]
  metricReaders: IMetricReader[]
  logRecordProcessors: LogRecordProcessor[]
}

/** Makes a pipeline. Its metric readers must read `producer` beside the SDK's meters: that is where the hot counts are. */
export type CreatePipeline = (producer: MetricProducer) => Pipeline

/** An outbox and what feeds it: what the layer reports of itself. */
export interface SignalExporter {
  endpoint: Endpoint
  queue: ExportQueue
  /** Items gathered for the next batch. */
  batcherSize: () => number
}

/** What the zipped batches of a signal may take while nobody fetches them. */
const maxBytes = 8 * 1024 * 1024
const concurrency = 4

/**
 * Batches over OTLP/HTTP, as the `OTEL_*` variables say.
 * @param onHealth told at each answer whether the receiver of a signal does its work, and if not, why.
 * @param send replaces `fetch`.
 */
export function otlpPipeline(
  settings: TelemetrySettings,
  producer: MetricProducer,
  onHealth: (endpoint: Endpoint, failure?: string) => void,
  send?: Send,
): { pipeline: Pipeline; exporters: SignalExporter[] } {
  const exporters: SignalExporter[] = []
  const { traces, metrics, logs } = settings.endpoints
  const pipeline: Pipeline = {
    spanProcessors: traces
      ? [spanProcessor(...line(traces, settings.spanQueue, encodingOf(traces, jsonSpanEncoder, protobufSpanEncoder)))]
      : [],
    logRecordProcessors: logs
      ? [logRecordProcessor(...line(logs, settings.logQueue, encodingOf(logs, jsonLogEncoder, protobufLogEncoder)))]
      : [],
    metricReaders: metrics ? [periodicMetricReader(settings, producer, metrics, metricOutbox(metrics))] : [],
  }
  return { pipeline, exporters }

  function line<T>(endpoint: Endpoint, queue: QueueSettings, encoding: Encoder<T>) {
    const outbox = outboxFor(endpoint, queue.maxQueueSize)
    const batcher = createBatcher(encoding, queue, endpoint.compression, outbox)
    exporters.push({ endpoint, queue: outbox, batcherSize: batcher.size })
    return [batcher, outbox] as const
  }

  function metricOutbox(endpoint: Endpoint): ExportQueue {
    const queue = outboxFor(endpoint, mostPoints)
    exporters.push({ endpoint, queue, batcherSize: () => 0 })
    return queue
  }

  function outboxFor(endpoint: Endpoint, maxItems: number): ExportQueue {
    return createExportQueue(httpSender(endpoint, send), { maxItems, maxBytes, concurrency }, (failure) =>
      onHealth(endpoint, failure),
    )
  }
}

// An hour of a service with a hundred series; points that come late fill the gap of an outage.
const mostPoints = 100_000

const encodingOf = <T extends ReadableSpan | ReadableLogRecord>(
  { protocol }: Endpoint,
  json: () => Encoder<T>,
  protobuf: () => Encoder<T>,
): Encoder<T> => (protocol === 'http/protobuf' ? protobuf() : json())
