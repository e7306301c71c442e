import type { MetricDeclaration } from '@vitrine/telemetry'
import { ownDeclarations, sharedDeclarations } from '../../services/declarations'
import { badRatioMetric, objectives, recordedWindows } from '../slo'

/** What the servers of the stack, k6 and Prometheus itself say; theirs to name. */
const foreign = /^(otelcol|prometheus|loki|jaeger|alertmanager|scrape|k6)_|^(up|ALERTS|target_info)$/
const spanMetrics = ['traces_span_metrics', 'traces_stored'].flatMap((family) => [
  `${family}_calls_total`,
  ...histogram(`${family}_duration_seconds`),
])

/** Names that our metrics have in Prometheus, with those that the rules record and that the collector makes of spans. */
const ours = new Set([
  ...[...sharedDeclarations, ...Object.values(ownDeclarations)].flatMap(({ metrics }) =>
    Object.values(metrics).flatMap(prometheusNames),
  ),
  ...Object.values(objectives).flatMap(({ sli }) => recordedWindows.map((window) => badRatioMetric(sli, window))),
  ...spanMetrics,
])

/** What services say of this moment. They push: what a dead one last said stays visible for five minutes. */
const gauges = new Set(
  [...sharedDeclarations, ...Object.values(ownDeclarations)]
    .flatMap(({ metrics }) => Object.values(metrics))
    .filter(({ kind }) => kind !== 'counter' && kind !== 'histogram')
    .flatMap(prometheusNames),
)

/** Whether a metric is a service's gauge, to be read with `last_over_time` and a short window. */
export const isPushedGauge = (name: string): boolean => gauges.has(name)

/** Whether there can be a metric of this name; else a panel is blank for ever. */
export const isKnownMetric = (name: string): boolean => ours.has(name) || foreign.test(name)

/** What UnderscoreEscapingWithSuffixes makes of a declaration. */
export function prometheusNames({ name, unit, kind }: MetricDeclaration): string[] {
  const words = { s: '_seconds', By: '_bytes' }[unit] ?? (unit.startsWith('{') ? '' : `_${unit}`)
  const base = `${name.replaceAll('.', '_')}${words}`
  if (kind === 'histogram') return histogram(base)
  return [kind === 'counter' ? `${base}_total` : base]
}

function histogram(base: string): string[] {
  return ['bucket', 'sum', 'count'].map((part) => `${base}_${part}`)
}
