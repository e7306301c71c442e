import { promql } from './data-sources'
import { timeSeries } from './panels'
import { orZero, rate } from './promql'

/** A signal and its names in the collector’s metrics. */
interface Signal {
  name: string
  /** The last processor before the exporter of its store. Earlier ones also count telemetry for a developer’s console. */
  last: string
  items: 'spans' | 'log_records' | 'metric_points'
  otel: 'traces' | 'logs' | 'metrics'
}

/** A developer’s console gets the same telemetry again and does not count. */
const storeExporters = 'exporter!="otlp_http/console"'

const signals: Signal[] = [
  { name: 'Spans', items: 'spans', otel: 'traces', last: 'processor="redaction/stored"' },
  { name: 'Log records', items: 'log_records', otel: 'logs', last: 'processor="redaction", otel_signal="logs"' },
  {
    name: 'Metric points',
    items: 'metric_points',
    otel: 'metrics',
    last: 'processor="redaction", otel_signal="metrics"',
  },
]

/** For each signal: received = sent + queued + dropped + not sampled. */
export const collectorPanels = () => [
  ...signals.map(balance),
  timeSeries({
    title: 'Collector queues',
    description: 'Used share of the queues on disk. CollectorQueueFilling fires above 70%.',
    unit: 'percentunit',
    width: 8,
    steps: [[0.7, 'red']],
    queries: [
      promql(
        `otelcol_exporter_queue_size{${storeExporters}} / otelcol_exporter_queue_capacity{${storeExporters}}`,
        '{{exporter}} {{data_type}}',
      ),
    ],
  }),
  timeSeries({
    title: 'Collector failures',
    description: 'Per second: finally failed sends, rejected enqueues, rejected receives.',
    unit: 'cps',
    width: 8,
    steps: [[0.001, 'red']],
    queries: [
      promql(totalOf('otelcol_exporter_send_failed', storeExporters), 'failed sends'),
      promql(totalOf('otelcol_exporter_enqueue_failed', storeExporters), 'rejected enqueues'),
      promql(totalOf('otelcol_receiver_refused'), 'rejected receives'),
    ],
  }),
  timeSeries({
    title: 'Trace sampling',
    description:
      'Traces per second that the collector samples and drops. Failed, slow and checkout traces are always sampled.',
    unit: 'cps',
    width: 8,
    queries: [
      promql(orZero(sampled('true')), 'sampled'),
      promql(orZero(sampled('false')), 'not sampled'),
      promql(orZero(rate('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early', '')), 'dropped too early'),
    ],
  }),
]

const balance = ({ name, items, otel, last }: Signal) =>
  timeSeries({
    title: `${name}: received, sent, queued`,
    description:
      'Received and sent per second, and the queue on disk. Traces that are not sampled are not sent, and spans create metric points.',
    unit: 'cps',
    width: 8,
    queries: [
      promql(orZero(rate(`otelcol_receiver_accepted_${items}`, '')), 'received'),
      promql(orZero(rate(`otelcol_exporter_sent_${items}`, storeExporters)), 'sent'),
      promql(orZero(`sum(otelcol_exporter_queue_size{data_type="${otel}", ${storeExporters}})`), 'queued'),
      promql(orZero(rate('otelcol_processor_incoming_items', last)), 'to send'),
    ],
  }).overrideByQuery('C', [
    { id: 'unit', value: 'short' },
    { id: 'custom.axisPlacement', value: 'right' },
  ])

/** The sum of a metric family over all signals. A counter that has never increased has no series. */
const totalOf = (family: string, matchers = ''): string =>
  signals.map(({ items }) => `(${orZero(rate(`${family}_${items}`, matchers))})`).join(' + ')

const sampled = (is: 'true' | 'false'): string =>
  rate('otelcol_processor_tail_sampling_global_count_traces_sampled', `sampled="${is}"`)
