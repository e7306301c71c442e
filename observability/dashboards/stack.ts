import { MappingType, type ValueMap } from '@grafana/grafana-foundation-sdk/dashboard'
import { buildDashboard } from './build-dashboard'
import { collectorPanels } from './collector-panels'
import { promql, promqlInstant, promqlTable } from './data-sources'
import { stat, table, timeSeries } from './panels'
import { orZero, rate } from './promql'

const servers = {
  'otel-collector': 'Collector',
  prometheus: 'Prometheus',
  loki: 'Log server',
  jaeger: 'Jaeger',
  alertmanager: 'Alertmanager',
}
const colors = {
  unit: 'short',
  width: 4,
  steps: [
    [0, 'red'],
    [1, 'green'],
  ] as [number, string][],
}

/** Texts for the values 0 and 1 of `up`. */
const upText: ValueMap = {
  type: MappingType.ValueToText,
  options: { '0': { text: 'down' }, '1': { text: 'up' } },
}

/** The state of the stack’s servers and of the telemetry between them. */
export const stack = () =>
  buildDashboard({
    name: 'stack',
    title: 'Collector and stack',
    description: 'The observability servers: whether they are up, what they receive, what they drop.',
    sections: [
      { title: 'Servers', panels: up() },
      { title: 'Scrapes', panels: scrapes() },
      { title: 'Collector pipelines', panels: collectorPanels() },
      { title: 'Prometheus and alerts', panels: prometheus() },
    ],
  })

const up = () => [
  ...Object.entries(servers).map(([job, name]) =>
    stat({
      title: name,
      description: `Whether Prometheus can scrape ${name}. For the collector, CollectorDown fires after 15 s.`,
      ...colors,
      queries: [promqlInstant(orZero(`max(up{job="${job}"})`), name)],
    }).mappings([upText]),
  ),
  stat({
    title: 'Firing alerts',
    description: 'Alerts that fire now, including info.',
    unit: 'short',
    width: 4,
    steps: [[1, 'red']],
    queries: [promqlInstant(orZero('count(ALERTS{alertstate="firing"})'), 'alerts')],
  }),
]

const scrapes = () => [
  timeSeries({
    title: 'Scrape duration',
    description: 'How long Prometheus takes to scrape each server. The timeout is 4 s.',
    unit: 's',
    width: 12,
    queries: [promql('max by (job) (scrape_duration_seconds)', '{{job}}')],
  }),
  timeSeries({
    title: 'Scraped samples',
    description: 'Samples per scrape of each server. A jump: a label with too many values.',
    unit: 'short',
    width: 12,
    queries: [promql('sum by (job) (scrape_samples_scraped)', '{{job}}')],
  }),
]

const prometheus = () => [
  timeSeries({
    title: 'Requests to Prometheus',
    description: 'HTTP requests per second to Prometheus, from the collector and Grafana.',
    unit: 'reqps',
    width: 8,
    queries: [promql(`topk(8, ${rate('prometheus_http_requests_total', '', 'handler')})`, '{{handler}}')],
  }),
  timeSeries({
    title: 'Series',
    description: 'Series in memory. They must not grow with traffic.',
    unit: 'short',
    width: 8,
    queries: [promql('sum(prometheus_tsdb_head_series)', 'series')],
  }),
  timeSeries({
    title: 'Written samples',
    description: 'Samples per second that Prometheus writes, scraped and received.',
    unit: 'cps',
    width: 8,
    queries: [promql(rate('prometheus_tsdb_head_samples_appended_total', '', 'type'), '{{type}}')],
  }),
  table({
    title: 'Firing alerts',
    description: 'Each firing alert with its severity and service.',
    unit: 'short',
    width: 12,
    emptyWhile: 'no alert fires',
    queries: [promqlTable('sum by (alertname, severity, service_name) (ALERTS{alertstate="firing"})')],
  }).withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true, Value: true },
      renameByName: { alertname: 'Alert', severity: 'Severity', service_name: 'Service' },
    },
  }),
  timeSeries({
    title: 'Alerts in Alertmanager',
    description: 'Alerts in Alertmanager by state, and those that Prometheus could not deliver.',
    unit: 'short',
    width: 12,
    queries: [
      promql('sum by (state) (alertmanager_alerts)', '{{state}}'),
      promql(orZero(rate('prometheus_notifications_dropped_total', '')), 'dropped per second'),
    ],
  }),
]
