import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { MetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Batch } from './export-queue'

// A reading that never settles costs itself, not all others.
const readingTimeoutMs = 500

/** What a reader finds now, as the body of a request; nothing where there is nothing to say. */
export async function collectMetrics(
  reader: MetricReader,
  protocol: 'http/json' | 'http/protobuf',
): Promise<Batch | undefined> {
  const { resourceMetrics: found } = await reader.collect({ timeoutMillis: readingTimeoutMs })
  const resourceMetrics = withoutOddPoints(found)
  const count = pointsIn(resourceMetrics)
  const serializer = protocol === 'http/protobuf' ? ProtobufMetricsSerializer : JsonMetricsSerializer
  const body = count > 0 && serializer.serializeRequest(resourceMetrics)
  return body ? { body, count } : undefined
}

// A point that is no number would make a receiver refuse all that comes with it.
function withoutOddPoints({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  const isNumber = ({ value }: { value: unknown }) => Number.isFinite(typeof value === 'number' ? value : sumOf(value))
  const kept = scopeMetrics.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics
      .map((metric) => ({ ...metric, dataPoints: (metric.dataPoints as []).filter(isNumber) }))
      .filter(({ dataPoints }) => dataPoints.length > 0),
  }))
  return { resource, scopeMetrics: kept as ResourceMetrics['scopeMetrics'] }
}

const sumOf = (value: unknown): number => (value as { sum?: number }).sum ?? 0

const pointsIn = ({ scopeMetrics }: ResourceMetrics) =>
  scopeMetrics.flatMap(({ metrics }) => metrics).reduce((sum, { dataPoints }) => sum + dataPoints.length, 0)
