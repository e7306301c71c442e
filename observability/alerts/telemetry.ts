import { t } from '../../src/typography'
import { type Alert, and, or } from './alert'
import { label, service, value } from './placeholders'

const signals = ['spans', 'metric_points', 'log_records']
// A developer's console may be off: what is not sent there is not missed.
const ours = 'exporter!="otlp_http/console"'
/** What leads to Prometheus, which all other alerts are made of. */
const metricsExporter = 'otlp_http/prometheus'

/** A counter of the collector. Whether it is called `_total` depends on how its self-telemetry is configured. */
const counter = (name: string, matchers = '') => `{__name__=~"otelcol_${name}(_total)?"${matchers && ','}${matchers}}`

/**
 * How much a counter that should not move went up in a minute, where it did. A series that is born at 18 has not increased
 * for Prometheus: being new and not 0 counts too, unless that is what it said before a gap.
 */
const grew = (by: string, series: string) =>
  or(`sum by (${by}) (increase(${series}[1m])) > 0`, `sum by (${by}) (${born(series)}) > 0`)

const born = (series: string) =>
  `${series} unless ${series} offset 1m unless ${series} == max without () (last_over_time(${series}[1d] offset 1m))`

/**
 * The same of who is still there. Who stops in an outage counts as failed what it was about to try again, though it is on
 * disk: it says so in its last second, and is gone.
 */
const grewAndLives = (by: string, series: string) =>
  or(`sum by (${by}) (increase(${series}[1m]) and ${series}) > 0`, `sum by (${by}) (${born(series)}) > 0`)

const ofEachSignal = (grown: (signal: string) => string) => or(...signals.map(grown))

const sent = ofEachSignal((signal) => `sum by (exporter) (increase(${counter(`exporter_sent_${signal}`)}[30s])) > 0`)

/** One send is under way all the time. */
const neverIdle = (which: string, window: string) =>
  `min by (exporter) (min_over_time(otelcol_exporter_in_flight_requests{${which}}[${window}])) > 0`

const toPrometheus = `exporter="${metricsExporter}"`
const pointsSent = counter('exporter_sent_metric_points', toPrometheus)

export const telemetryAlerts: Alert[] = [
  {
    name: 'CollectorDown',
    severity: 'critical',
    perService: false,
    expr: 'up{job="otel-collector"} == 0',
    for: '15s',
    // Until services have been heard of again: it holds back their ServiceDown.
    keepFiringFor: '30s',
    summary: t`Le collecteur ne répond plus`,
    description: t`Plus aucune mesure, trace ni ligne de journal n'arrive : les autres alertes sont aveugles.`,
  },
  {
    name: 'MetricsNotArriving',
    severity: 'critical',
    perService: false,
    // Not one send in 30 s, and not for want of something to send. A first send is no increase: it is new.
    expr: [
      `(\n${or(neverIdle(toPrometheus, '30s'), grew('exporter', counter('exporter_send_failed_metric_points', toPrometheus)))}\n)`,
      `unless sum by (exporter) (increase(${pointsSent}[30s])) > 0`,
      `unless sum by (exporter) (${pointsSent} unless ${pointsSent} offset 30s) > 0`,
    ].join('\n'),
    for: '5s',
    // As long as it takes until services have been heard of: it holds back their ServiceDown.
    keepFiringFor: '30s',
    summary: t`Plus aucune mesure n'arrive à Prometheus`,
    description: t`Le collecteur n'arrive à rien lui envoyer depuis 30\u00a0s : les alertes sur la boutique sont aveugles.`,
  },
  {
    name: 'CollectorExportFailing',
    severity: 'warning',
    perService: false,
    // A send that is tried for ever never counts as failed: one under way for 30 s, and nothing sent, is one too.
    expr: or(
      ofEachSignal((signal) => grew('exporter', counter(`exporter_send_failed_${signal}`, ours))),
      `${neverIdle(ours, '30s')} unless (\n${sent}\n)`,
      // One of its four consumers is stuck while the others send.
      and(
        neverIdle(ours, '10m'),
        `min by (exporter) (min_over_time(otelcol_exporter_queue_size{${ours}}[10m])) > 0`,
        `min by (exporter) (otelcol_exporter_in_flight_requests{${ours}} offset 10m) > 0`,
      ),
    ),
    keepFiringFor: '15s',
    summary: t`Le collecteur n'arrive plus à envoyer vers ${label('exporter')}`,
    description: t`Des envois échouent ou restent sans réponse. Ce qui attend est gardé sur disque.`,
  },
  {
    name: 'CollectorQueueFilling',
    severity: 'warning',
    perService: false,
    expr: `max by (exporter, data_type) (otelcol_exporter_queue_size{${ours}} / otelcol_exporter_queue_capacity) > 0.7`,
    for: '15s',
    summary: t`La file du collecteur vers ${label('exporter')} se remplit`,
    description: t`Elle est pleine à ${value.percent} ; pleine, elle refuse tout ce qui arrive.`,
  },
  {
    name: 'TelemetryDropped',
    severity: 'warning',
    perService: true,
    // Points of metrics are not asked for: they are totals, the next ones say what a lost one said.
    expr: or(
      ...['processor_span_processed', 'processor_log_processed', 'exporter_span_exported', 'exporter_log_exported'].map(
        (name) => grewAndLives('service_name', `otel_sdk_${name}_total{error_type!=""}`),
      ),
      ofEachSignal((signal) => grewAndLives('job', counter(`exporter_enqueue_failed_${signal}`, ours))),
      ofEachSignal((signal) => grewAndLives('job', counter(`exporter_send_failed_${signal}`, ours))),
      ofEachSignal((signal) => grewAndLives('job', counter(`receiver_refused_${signal}`))),
      grewAndLives('job', counter('processor_tail_sampling_sampling_trace_dropped_too_early')),
      grewAndLives('job', counter('processor_tail_sampling_traces_dropped_too_large')),
    ),
    for: '10s',
    summary: t`De la télémétrie se perd : ${service}${label('job')}`,
    description: t`${value.whole} traces, mesures ou lignes de journal perdues ou refusées en une minute.`,
  },
]
