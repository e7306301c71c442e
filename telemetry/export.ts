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

export interface ExportFailure {
  signal: 'traces' | 'metrics' | 'logs'
  /** Spans or log records lost, or metrics exports missed. */
  count: number
  reason: string
}

// Enough for 8 s of a busy service; beyond it the newest are dropped and memory stays bounded.
const queue = { maxQueueSize: 8192, maxExportBatchSize: 1024 }

/**
 * Batches over OTLP/HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT` (by default port 4318 of this machine).
 * @param onFailure told of each batch that was given up.
 */
export function otlpPipeline(settings: TelemetrySettings, onFailure: (failure: ExportFailure) => void): Pipeline {
  const timeoutMillis = settings.exportTimeoutMs
  const limits = { ...queue, exportTimeoutMillis: timeoutMillis + 1000 }
  const spans = watched(new OTLPTraceExporter({ timeoutMillis }), 'traces', onFailure)
  const metrics = watched(new OTLPMetricExporter({ timeoutMillis }), 'metrics', onFailure)
  const logs = watched(new OTLPLogExporter({ timeoutMillis }), 'logs', onFailure)
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
  signal: ExportFailure['signal'],
  onFailure: (failure: ExportFailure) => void,
): E {
  const send = exporter.export.bind(exporter)
  exporter.export = (items: Items, done: (result: ExportResult) => void) =>
    send(items, (result) => {
      if (result.code === ExportResultCode.FAILED) {
        onFailure({ signal, count: sizeOf(items), reason: reasonOf(result.error) })
      }
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
