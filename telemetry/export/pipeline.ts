import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { IMetricReader, MetricProducer } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Endpoint } from '../settings/endpoint'
import type { QueueSettings, TelemetrySettings } from '../settings/settings'
import { createBatcher, type Encoding } from './batcher'
import { httpDelivery, type Send } from './delivery'
import { jsonLogs, jsonSpans, protobufLogs, protobufSpans } from './encodings'
import { intervalReader } from './metric-reader'
import { createOutbox, type Outbox } from './outbox'
import { logProcessor, spanProcessor } from './processors'

/** Where finished signals go: the SDK's own interfaces, so that its processors and readers fit too. */
export interface Pipeline {
  spans: SpanProcessor[]
  metrics: IMetricReader[]
  logs: LogRecordProcessor[]
}

/** Makes a pipeline. Its metric readers must read `producer` beside the SDK's meters: that is where the hot counts are. */
export type CreatePipeline = (producer: MetricProducer) => Pipeline

/** An outbox and what feeds it: what the layer reports of itself. */
export interface ExportLine {
  endpoint: Endpoint
  outbox: Outbox
  /** Items gathered for the next batch. */
  gathering: () => number
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
): { pipeline: Pipeline; lines: ExportLine[] } {
  const lines: ExportLine[] = []
  const { traces, metrics, logs } = settings.endpoints
  const pipeline: Pipeline = {
    spans: traces ? [spanProcessor(...line(traces, settings.spans, encodingOf(traces, jsonSpans, protobufSpans)))] : [],
    logs: logs ? [logProcessor(...line(logs, settings.logs, encodingOf(logs, jsonLogs, protobufLogs)))] : [],
    metrics: metrics ? [intervalReader(settings, producer, metrics, metricOutbox(metrics))] : [],
  }
  return { pipeline, lines }

  function line<T>(endpoint: Endpoint, queue: QueueSettings, encoding: Encoding<T>) {
    const outbox = outboxFor(endpoint, queue.maxQueueSize)
    const batcher = createBatcher(encoding, queue, endpoint.compression, outbox)
    lines.push({ endpoint, outbox, gathering: batcher.size })
    return [batcher, outbox] as const
  }

  function metricOutbox(endpoint: Endpoint): Outbox {
    const outbox = outboxFor(endpoint, mostPoints)
    lines.push({ endpoint, outbox, gathering: () => 0 })
    return outbox
  }

  function outboxFor(endpoint: Endpoint, maxItems: number): Outbox {
    return createOutbox(httpDelivery(endpoint, send), { maxItems, maxBytes, concurrency }, (failure) =>
      onHealth(endpoint, failure),
    )
  }
}

// An hour of a service with a hundred series; points that come late fill the gap of an outage.
const mostPoints = 100_000

const encodingOf = <T extends ReadableSpan | ReadableLogRecord>(
  { protocol }: Endpoint,
  json: () => Encoding<T>,
  protobuf: () => Encoding<T>,
): Encoding<T> => (protocol === 'http/protobuf' ? protobuf() : json())
