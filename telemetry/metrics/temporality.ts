import { AggregationTemporality, type AggregationTemporalitySelector, InstrumentType } from '@opentelemetry/sdk-metrics'
import type { Temporality } from '../settings/settings'

const { CUMULATIVE, DELTA } = AggregationTemporality
const upAndDown = new Set([InstrumentType.UP_DOWN_COUNTER, InstrumentType.OBSERVABLE_UP_DOWN_COUNTER])

/**
 * Whether an instrument's values count from the start of the process or from the last export.
 * Source: OpenTelemetry specification, `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
 */
export const temporalitySelector =
  (preference: Temporality): AggregationTemporalitySelector =>
  (type) => {
    if (preference === 'cumulative' || upAndDown.has(type)) return CUMULATIVE
    return preference === 'lowmemory' && type === InstrumentType.OBSERVABLE_COUNTER ? CUMULATIVE : DELTA
  }
