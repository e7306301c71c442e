import { t } from '../../src/typography'
import { promql } from './data-sources'
import { timeSeries } from './panels'
import { orZero, rate } from './promql'

/** A signal in the collector: its name in each family of the collector's own metrics. */
interface Signal {
  name: string
  /** The last processor before the queue of its store. The first ones take what goes to a developer's console, too. */
  last: string
  items: 'spans' | 'log_records' | 'metric_points'
  otel: 'traces' | 'logs' | 'metrics'
}

/** A developer's console gets all of it once more, where there is one. */
const ours = 'exporter!="otlp_http/console"'

const signals: Signal[] = [
  { name: t`Spans`, items: 'spans', otel: 'traces', last: 'processor="redaction/stored"' },
  { name: t`Lignes`, items: 'log_records', otel: 'logs', last: 'processor="redaction", otel_signal="logs"' },
  {
    name: t`Points de métriques`,
    items: 'metric_points',
    otel: 'metrics',
    last: 'processor="redaction", otel_signal="metrics"',
  },
]

/** What came in = what went out + what waits + what was lost + what the sampler let go, for each signal. */
export const collectorPanels = () => [
  ...signals.map(balance),
  timeSeries({
    title: t`Files du collecteur`,
    description: t`Part occupée des files sur disque. L'alerte CollectorQueueFilling sonne au-delà de 70 %.`,
    unit: 'percentunit',
    width: 8,
    steps: [[0.7, 'red']],
    queries: [
      promql(
        `otelcol_exporter_queue_size{${ours}} / otelcol_exporter_queue_capacity{${ours}}`,
        '{{exporter}} {{data_type}}',
      ),
    ],
  }),
  timeSeries({
    title: t`Échecs du collecteur`,
    description: t`Par seconde : envois qui ont échoué pour de bon, mises en file refusées, réceptions refusées.`,
    unit: 'cps',
    width: 8,
    steps: [[0.001, 'red']],
    queries: [
      promql(ofAll('otelcol_exporter_send_failed', ours), t`envois en échec`),
      promql(ofAll('otelcol_exporter_enqueue_failed', ours), t`mises en file refusées`),
      promql(ofAll('otelcol_receiver_refused'), t`réceptions refusées`),
    ],
  }),
  timeSeries({
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

const balance = ({ name, items, otel, last }: Signal) =>
  timeSeries({
    title: t`${name} : reçus, envoyés, en file`,
    description: t`Par seconde, ce qui entre et ce qui sort ; et combien attendent sur le disque. Ce que l'échantillonnage laisse ne sort pas, et des spans naissent des points de métriques.`,
    unit: 'cps',
    width: 8,
    queries: [
      promql(orZero(rate(`otelcol_receiver_accepted_${items}`, '')), t`reçus`),
      promql(orZero(rate(`otelcol_exporter_sent_${items}`, ours)), t`envoyés`),
      promql(orZero(`sum(otelcol_exporter_queue_size{data_type="${otel}", ${ours}})`), t`en file`),
      promql(orZero(rate('otelcol_processor_incoming_items', last)), t`à envoyer`),
    ],
  }).overrideByQuery('C', [
    { id: 'unit', value: 'short' },
    { id: 'custom.axisPlacement', value: 'right' },
  ])

/** What a family counts, of all three signals; one that has never happened has no series. */
const ofAll = (family: string, matchers = ''): string =>
  signals.map(({ items }) => `(${orZero(rate(`${family}_${items}`, matchers))})`).join(' + ')

const sampled = (is: 'true' | 'false'): string =>
  rate('otelcol_processor_tail_sampling_global_count_traces_sampled', `sampled="${is}"`)
