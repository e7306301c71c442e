import type { MetricDeclaration } from '@vitrine/telemetry'
import { ownDeclarations, sharedDeclarations } from '../../services/declarations'
import { badRatioMetric, objectives, recordedWindows } from '../slo'

/** Metrics of the stack’s servers, k6 and Prometheus. */
const serverMetrics = /^(otelcol|prometheus|loki|jaeger|alertmanager|scrape|k6)_|^(up|ALERTS|target_info)$/
const spanMetrics = ['traces_span_metrics', 'traces_stored'].flatMap((family) => [
  `${family}_calls_total`,
  ...histogram(`${family}_duration_seconds`),
])

/** Names in Prometheus of declared metrics, of recorded series and of the collector’s span metrics. */
const ownMetrics = new Set([
  ...[...sharedDeclarations, ...Object.values(ownDeclarations)].flatMap(({ metrics }) =>
    Object.values(metrics).flatMap(prometheusNames),
  ),
  ...Object.values(objectives).flatMap(({ sli }) => recordedWindows.map((window) => badRatioMetric(sli, window))),
  ...spanMetrics,
])

/** Gauges of services. They are pushed, so the last sample of a stopped instance stays visible for five minutes. */
const gauges = new Set(
  [...sharedDeclarations, ...Object.values(ownDeclarations)]
    .flatMap(({ metrics }) => Object.values(metrics))
    .filter(({ kind }) => kind !== 'counter' && kind !== 'histogram')
    .flatMap(prometheusNames),
)

/** Whether a metric is a gauge of a service, which needs `last_over_time` with a short window. */
export const isPushedGauge = (name: string): boolean => gauges.has(name)

/** Whether a metric with this name can exist. */
export const isKnownMetric = (name: string): boolean => ownMetrics.has(name) || serverMetrics.test(name)

/** The names in Prometheus of a declared metric, by UnderscoreEscapingWithSuffixes. */
export function prometheusNames({ name, unit, kind }: MetricDeclaration): string[] {
  const unitSuffix = { s: '_seconds', By: '_bytes' }[unit] ?? (unit.startsWith('{') ? '' : `_${unit}`)
  const base = `${name.replaceAll('.', '_')}${unitSuffix}`
  if (kind === 'histogram') return histogram(base)
  return [kind === 'counter' ? `${base}_total` : base]
}

function histogram(base: string): string[] {
  return ['bucket', 'sum', 'count'].map((part) => `${base}_${part}`)
}
