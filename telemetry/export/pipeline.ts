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

/** Receives finished spans, metrics and log records, through the SDK's interfaces. */
export interface Pipeline {
  spanProcessors: SpanProcessor[]
  metricReaders: IMetricReader[]
  logRecordProcessors: LogRecordProcessor[]
}

/** Creates a pipeline. Its metric readers must also read `producer`: it holds the synchronous instruments. */
export type CreatePipeline = (producer: MetricProducer) => Pipeline

/** The exporter of one signal, for the metrics about the export. */
export interface SignalExporter {
  endpoint: Endpoint
  queue: ExportQueue
  /** Records collected for the next batch. */
  batcherSize: () => number
}

/** Compressed batches of one signal that may be queued. */
const maxBytes = 8 * 1024 * 1024
const concurrency = 4

/**
 * Creates the pipeline that exports batches over OTLP/HTTP, as configured by the `OTEL_*` variables.
 * @param onResult called after each attempt, with the reason if the receiver did not accept anything.
 * @param send replaces `fetch`.
 */
export function otlpPipeline(
  settings: TelemetrySettings,
  producer: MetricProducer,
  onResult: (endpoint: Endpoint, failure?: string) => void,
  send?: Send,
): { pipeline: Pipeline; exporters: SignalExporter[] } {
  const exporters: SignalExporter[] = []
  const { traces, metrics, logs } = settings.endpoints
  const pipeline: Pipeline = {
    spanProcessors: traces
      ? [
          spanProcessor(
            ...createExporter(traces, settings.spanQueue, encoderOf(traces, jsonSpanEncoder, protobufSpanEncoder)),
          ),
        ]
      : [],
    logRecordProcessors: logs
      ? [
          logRecordProcessor(
            ...createExporter(logs, settings.logQueue, encoderOf(logs, jsonLogEncoder, protobufLogEncoder)),
          ),
        ]
      : [],
    metricReaders: metrics ? [periodicMetricReader(settings, producer, metrics, metricQueue(metrics))] : [],
  }
  return { pipeline, exporters }

  function createExporter<T>(endpoint: Endpoint, settings: QueueSettings, encoder: Encoder<T>) {
    const queue = createQueue(endpoint, settings.maxQueueSize)
    const batcher = createBatcher(encoder, settings, endpoint.compression, queue)
    exporters.push({ endpoint, queue, batcherSize: batcher.size })
    return [batcher, queue] as const
  }

  function metricQueue(endpoint: Endpoint): ExportQueue {
    const queue = createQueue(endpoint, maxPoints)
    exporters.push({ endpoint, queue, batcherSize: () => 0 })
    return queue
  }

  function createQueue(endpoint: Endpoint, maxItems: number): ExportQueue {
    return createExportQueue(httpSender(endpoint, send), { maxItems, maxBytes, concurrency }, (failure) =>
      onResult(endpoint, failure),
    )
  }
}

// About one hour of a service with a hundred series: late points fill the gap of an outage.
const maxPoints = 100_000

const encoderOf = <T extends ReadableSpan | ReadableLogRecord>(
  { protocol }: Endpoint,
  json: () => Encoder<T>,
  protobuf: () => Encoder<T>,
): Encoder<T> => (protocol === 'http/protobuf' ? protobuf() : json())
