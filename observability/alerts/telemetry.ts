import { type Alert, and, or } from './alert'
import { label, service, value } from './placeholders'

const signals = ['spans', 'metric_points', 'log_records']
// A developer’s console may be off, so failed exports to it do not count.
const ownExporters = 'exporter!="otlp_http/console"'
/** The exporter of the metrics on which all other alerts depend. */
const metricsExporter = 'otlp_http/prometheus'

/** A counter of the collector. Its suffix `_total` depends on the collector’s telemetry settings. */
const counter = (name: string, matchers = '') => `{__name__=~"otelcol_${name}(_total)?"${matchers && ','}${matchers}}`

/**
 * The increase in a minute of a counter that should stay constant. `increase` ignores the first value of a series, so a new
 * series that is not 0 counts too, unless it had the same value before a gap.
 */
const hasIncreased = (by: string, series: string) =>
  or(`sum by (${by}) (increase(${series}[1m])) > 0`, `sum by (${by}) (${isNew(series)}) > 0`)

const isNew = (series: string) =>
  `${series} unless ${series} offset 1m unless ${series} == max without () (last_over_time(${series}[1d] offset 1m))`

/**
 * The same for processes that still run. A collector that stops in an outage counts its queue on disk as failed in its last
 * export, though it sends the queue after the restart.
 */
const hasIncreasedAndRuns = (by: string, series: string) =>
  or(`sum by (${by}) (increase(${series}[1m]) and ${series}) > 0`, `sum by (${by}) (${isNew(series)}) > 0`)

const forEachSignal = (condition: (signal: string) => string) => or(...signals.map(condition))

const sent = forEachSignal((signal) => `sum by (exporter) (increase(${counter(`exporter_sent_${signal}`)}[30s])) > 0`)

/** At least one request is in flight during the whole window. */
const neverIdle = (matcher: string, window: string) =>
  `min by (exporter) (min_over_time(otelcol_exporter_in_flight_requests{${matcher}}[${window}])) > 0`

const toPrometheus = `exporter="${metricsExporter}"`
const pointsSent = counter('exporter_sent_metric_points', toPrometheus)

export const telemetryAlerts: Alert[] = [
  {
    name: 'CollectorDown',
    severity: 'critical',
    perService: false,
    expr: 'up{job="otel-collector"} == 0',
    for: '15s',
    // It inhibits ServiceDown until the services have reported again.
    keepFiringFor: '30s',
    summary: 'The collector is down',
    description: 'No metrics, traces or logs arrive: no other alert can fire.',
  },
  {
    name: 'MetricsNotArriving',
    severity: 'critical',
    perService: false,
    // No successful request in 30 s although there is something to send. A new series counts as a successful request.
    expr: [
      `(\n${or(neverIdle(toPrometheus, '30s'), hasIncreased('exporter', counter('exporter_send_failed_metric_points', toPrometheus)))}\n)`,
      `unless sum by (exporter) (increase(${pointsSent}[30s])) > 0`,
      `unless sum by (exporter) (${pointsSent} unless ${pointsSent} offset 30s) > 0`,
    ].join('\n'),
    for: '5s',
    // It inhibits ServiceDown until the services have reported again.
    keepFiringFor: '30s',
    summary: 'No metrics arrive at Prometheus',
    description: 'The collector has sent it nothing for 30 s: alerts about the shop cannot fire.',
  },
  {
    name: 'CollectorExportFailing',
    severity: 'warning',
    perService: false,
    // A request that is retried forever never counts as failed, so 30 s in flight with nothing sent counts too.
    expr: or(
      forEachSignal((signal) => hasIncreased('exporter', counter(`exporter_send_failed_${signal}`, ownExporters))),
      `${neverIdle(ownExporters, '30s')} unless (\n${sent}\n)`,
      // One of four consumers hangs while the others send.
      and(
        neverIdle(ownExporters, '10m'),
        `min by (exporter) (min_over_time(otelcol_exporter_queue_size{${ownExporters}}[10m])) > 0`,
        `min by (exporter) (otelcol_exporter_in_flight_requests{${ownExporters}} offset 10m) > 0`,
      ),
    ),
    keepFiringFor: '15s',
    summary: `The collector cannot send to ${label('exporter')}`,
    description: 'Requests fail or get no response. The queue is stored on disk.',
  },
  {
    name: 'CollectorQueueFilling',
    severity: 'warning',
    perService: false,
    expr: `max by (exporter, data_type) (otelcol_exporter_queue_size{${ownExporters}} / otelcol_exporter_queue_capacity) > 0.7`,
    for: '15s',
    summary: `The collector queue for ${label('exporter')} is filling up`,
    description: `It is ${value.percent} full; a full queue rejects new telemetry.`,
  },
  {
    name: 'TelemetryDropped',
    severity: 'warning',
    perService: true,
    // Lost metric points do not count: they are cumulative, so the next points carry the same totals.
    expr: or(
      ...['processor_span_processed', 'processor_log_processed', 'exporter_span_exported', 'exporter_log_exported'].map(
        (name) => hasIncreasedAndRuns('service_name', `otel_sdk_${name}_total{error_type!=""}`),
      ),
      forEachSignal((signal) => hasIncreasedAndRuns('job', counter(`exporter_enqueue_failed_${signal}`, ownExporters))),
      forEachSignal((signal) => hasIncreasedAndRuns('job', counter(`exporter_send_failed_${signal}`, ownExporters))),
      forEachSignal((signal) => hasIncreasedAndRuns('job', counter(`receiver_refused_${signal}`))),
      hasIncreasedAndRuns('job', counter('processor_tail_sampling_sampling_trace_dropped_too_early')),
      hasIncreasedAndRuns('job', counter('processor_tail_sampling_traces_dropped_too_large')),
    ),
    for: '10s',
    summary: `Telemetry is dropped: ${service}${label('job')}`,
    description: `${value.whole} spans, metric points or log records dropped or rejected in a minute.`,
  },
]
