import { t } from '../../src/typography'
import { curves } from './panels'
import { orZero, rate } from './promql'
import { promql } from './sources'

/** A signal in the collector: its name in each family of the collector's own metrics. */
interface Signal {
  name: string
  items: 'spans' | 'log_records' | 'metric_points'
  otel: 'traces' | 'logs' | 'metrics'
}

const signals: Signal[] = [
  { name: t`Spans`, items: 'spans', otel: 'traces' },
  { name: t`Lignes`, items: 'log_records', otel: 'logs' },
  { name: t`Points de métriques`, items: 'metric_points', otel: 'metrics' },
]

/** What came in = what went out + what waits + what was lost + what the sampler let go, for each signal. */
export const pipelines = () => [
  ...signals.map(balance),
  curves({
    title: t`Files du collecteur`,
    description: t`Part occupée des files sur disque. L'alerte CollectorQueueFilling sonne au-delà de 70 %.`,
    unit: 'percentunit',
    width: 8,
    steps: [[0.7, 'red']],
    queries: [promql('otelcol_exporter_queue_size / otelcol_exporter_queue_capacity', '{{exporter}} {{data_type}}')],
  }),
  curves({
    title: t`Échecs du collecteur`,
    description: t`Par seconde : envois qui ont échoué pour de bon, mises en file refusées, réceptions refusées.`,
    unit: 'cps',
    width: 8,
    steps: [[0.001, 'red']],
    queries: [
      promql(ofAll('otelcol_exporter_send_failed'), t`envois en échec`),
      promql(ofAll('otelcol_exporter_enqueue_failed'), t`mises en file refusées`),
      promql(ofAll('otelcol_receiver_refused'), t`réceptions refusées`),
    ],
  }),
  curves({
    title: t`Échantillonnage des traces`,
    description: t`Traces par seconde que le collecteur garde, et celles qu'il laisse : toujours gardées sont les échecs, les lentes et les paiements.`,
    unit: 'cps',
    width: 8,
    queries: [
      promql(orZero(sampled('true')), t`gardées`),
      promql(orZero(sampled('false')), t`laissées`),
      promql(orZero(rate('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early', '')), t`jetées trop tôt`),
    ],
  }),
]

const balance = ({ name, items, otel }: Signal) =>
  curves({
    title: t`${name} : reçus, envoyés, en file`,
    description: t`Par seconde, ce qui entre et ce qui sort ; et combien attendent sur le disque. Ce que l'échantillonnage laisse ne sort pas, et des spans naissent des points de métriques.`,
    unit: 'cps',
    width: 8,
    queries: [
      promql(orZero(rate(`otelcol_receiver_accepted_${items}`, '')), t`reçus`),
      promql(orZero(rate(`otelcol_exporter_sent_${items}`, '')), t`envoyés`),
      promql(orZero(`sum(otelcol_exporter_queue_size{data_type="${otel}"})`), t`en file`),
      ...(otel === 'metrics'
        ? [promql(orZero(rate('otelcol_processor_incoming_items', throughMetrics)), t`à envoyer`)]
        : []),
    ],
  }).overrideByQuery('C', [
    { id: 'unit', value: 'short' },
    { id: 'custom.axisPlacement', value: 'right' },
  ])

/** All that the pipeline of metrics takes: what was received, and what is made of spans. */
const throughMetrics = 'processor="memory_limiter", otel_signal="metrics"'

/** What a family counts, of all three signals; one that has never happened has no series. */
const ofAll = (family: string): string =>
  signals.map(({ items }) => `(${orZero(rate(`${family}_${items}`, ''))})`).join(' + ')

const sampled = (is: 'true' | 'false'): string =>
  rate('otelcol_processor_tail_sampling_global_count_traces_sampled', `sampled="${is}"`)
