import { httpInstrumentationMiddleware } from '@hono/otel'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

/** `@hono/otel` as in its README, on OpenTelemetry's SDK, with an export to `endpoint`. */
export function honoOtel(endpoint: string) {
  const resource = resourceFromAttributes({ 'service.name': 'bench' })
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` })
  const tracerProvider = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: 8192, maxExportBatchSize: 1024 })],
  })
  const metrics = new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` })
  const meterProvider = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 5000 })],
  })
  return {
    middleware: httpInstrumentationMiddleware({ tracerProvider, meterProvider }),
    flush: async () => {
      await Promise.all([tracerProvider.forceFlush(), meterProvider.forceFlush()])
      await exporter.forceFlush()
    },
  }
}
