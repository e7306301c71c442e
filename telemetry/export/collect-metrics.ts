import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { MetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Batch } from './export-queue'

// A callback that never settles loses its own values, not those of all others.
const callbackTimeoutMs = 500

/** Collects a reader's metrics as the body of a request; `undefined` without data points. */
export async function collectMetrics(
  reader: MetricReader,
  protocol: 'http/json' | 'http/protobuf',
): Promise<Batch | undefined> {
  const { resourceMetrics: collected } = await reader.collect({ timeoutMillis: callbackTimeoutMs })
  const resourceMetrics = withoutInvalidPoints(collected)
  const count = countPoints(resourceMetrics)
  const serializer = protocol === 'http/protobuf' ? ProtobufMetricsSerializer : JsonMetricsSerializer
  const body = count > 0 && serializer.serializeRequest(resourceMetrics)
  return body ? { body, count } : undefined
}

// Receivers reject the whole request for one point that is not a number.
function withoutInvalidPoints({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  const isNumber = ({ value }: { value: unknown }) => Number.isFinite(typeof value === 'number' ? value : sumOf(value))
  const filtered = scopeMetrics.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics
      .map((metric) => ({ ...metric, dataPoints: (metric.dataPoints as []).filter(isNumber) }))
      .filter(({ dataPoints }) => dataPoints.length > 0),
  }))
  return { resource, scopeMetrics: filtered as ResourceMetrics['scopeMetrics'] }
}

const sumOf = (value: unknown): number => (value as { sum?: number }).sum ?? 0

const countPoints = ({ scopeMetrics }: ResourceMetrics) =>
  scopeMetrics.flatMap(({ metrics }) => metrics).reduce((sum, { dataPoints }) => sum + dataPoints.length, 0)
