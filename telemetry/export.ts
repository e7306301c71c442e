import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchLogRecordProcessor, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { type IMetricReader, PeriodicExportingMetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { TelemetrySettings } from './settings'

/** Where finished signals go. The seam for tests and for other exporters. */
export interface Pipeline {
  spans: SpanProcessor[]
  metrics: IMetricReader[]
  logs: LogRecordProcessor[]
  /** Waits for exports already in flight; the providers have flushed their processors before. */
  settled(): Promise<void>
}

export interface ExportedBatch {
  signal: 'traces' | 'metrics' | 'logs'
  /** Spans or log records, or 1 for an export of metrics. */
  count: number
  /** Why the batch was given up; absent when it arrived. */
  failure?: string
}

// Enough for 8 s of a busy service; beyond it the newest are dropped and memory stays bounded.
const queue = { maxQueueSize: 8192, maxExportBatchSize: 1024 }

/**
 * Batches over OTLP/HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT` (by default port 4318 of this machine).
 * @param onResult told what became of each batch.
 */
export function otlpPipeline(settings: TelemetrySettings, onResult: (result: ExportedBatch) => void): Pipeline {
  const timeoutMillis = settings.exportTimeoutMs
  const limits = { ...queue, exportTimeoutMillis: timeoutMillis + 1000 }
  const spans = watched(new OTLPTraceExporter({ timeoutMillis }), 'traces', onResult)
  const metrics = watched(new OTLPMetricExporter({ timeoutMillis }), 'metrics', onResult)
  const logs = watched(new OTLPLogExporter({ timeoutMillis }), 'logs', onResult)
  const exportTimeoutMillis = Math.min(timeoutMillis + 1000, settings.metricIntervalMs)
  return {
    spans: [new BatchSpanProcessor({ ...limits, exporter: spans, scheduledDelayMillis: settings.spanDelayMs })],
    metrics: [
      new PeriodicExportingMetricReader({
        exporter: metrics,
        exportIntervalMillis: settings.metricIntervalMs,
        exportTimeoutMillis,
      }),
    ],
    logs: [new BatchLogRecordProcessor({ ...limits, exporter: logs, scheduledDelayMillis: settings.logDelayMs })],
    settled: async () => {
      await Promise.all([spans.forceFlush(), metrics.forceFlush(), logs.forceFlush()])
    },
  }
}

interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void
}

function watched<Items, E extends Exporter<Items>>(
  exporter: E & Exporter<Items>,
  signal: ExportedBatch['signal'],
  onResult: (result: ExportedBatch) => void,
): E {
  const send = exporter.export.bind(exporter)
  exporter.export = (items: Items, done: (result: ExportResult) => void) =>
    send(items, (result) => {
      const failure = result.code === ExportResultCode.FAILED ? { failure: reasonOf(result.error) } : {}
      onResult({ signal, count: sizeOf(items), ...failure })
      done(result)
    })
  return exporter
}

const sizeOf = (items: unknown) =>
  Array.isArray(items) ? items.length : (items as ResourceMetrics).scopeMetrics.length && 1

function reasonOf(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: string; cause?: { code?: string } }
  return cause?.code ?? (code === undefined ? (message ?? 'unknown') : String(code))
}
