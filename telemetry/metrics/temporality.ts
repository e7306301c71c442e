import { AggregationTemporality, type AggregationTemporalitySelector, InstrumentType } from '@opentelemetry/sdk-metrics'
import type { Temporality } from '../settings/settings'

const { CUMULATIVE, DELTA } = AggregationTemporality
const upAndDown = new Set([InstrumentType.UP_DOWN_COUNTER, InstrumentType.OBSERVABLE_UP_DOWN_COUNTER])

/**
 * Selects cumulative (since the start) or delta (since the last export) temporality for each instrument type.
 * Source: OpenTelemetry specification, `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
 */
export const temporalitySelector =
  (preference: Temporality): AggregationTemporalitySelector =>
  (type) => {
    if (preference === 'cumulative' || upAndDown.has(type)) return CUMULATIVE
    return preference === 'lowmemory' && type === InstrumentType.OBSERVABLE_COUNTER ? CUMULATIVE : DELTA
  }
