import { MappingType, type ValueMap } from '@grafana/grafana-foundation-sdk/dashboard'
import { t } from '../../src/typography'
import { buildDashboard } from './build-dashboard'
import { collectorPanels } from './collector-panels'
import { promql, promqlInstant, promqlTable } from './data-sources'
import { stat, table, timeSeries } from './panels'
import { orZero, rate } from './promql'

const servers = {
  'otel-collector': t`Collecteur`,
  prometheus: 'Prometheus',
  loki: t`Serveur de journaux`,
  jaeger: 'Jaeger',
  alertmanager: 'Alertmanager',
}
const colours = {
  unit: 'short',
  width: 4,
  steps: [
    [0, 'red'],
    [1, 'green'],
  ] as [number, string][],
}

/** What Prometheus says as 0 and 1. */
const presence: ValueMap = {
  type: MappingType.ValueToText,
  options: { '0': { text: t`absent` }, '1': { text: t`présent` } },
}

/** Whether the viewers see: the servers of the stack, and that nothing is lost on the way to them. */
export const stack = () =>
  buildDashboard({
    name: 'stack',
    title: t`Collecteur et pile`,
    description: t`Les serveurs de l'observabilité eux-mêmes : sont-ils là, que reçoivent-ils, que perdent-ils ?`,
    sections: [
      { title: t`Serveurs`, panels: up() },
      { title: t`Relevés`, panels: scrapes() },
      { title: t`Ce qui traverse le collecteur`, panels: collectorPanels() },
      { title: t`Prometheus et alertes`, panels: prometheus() },
    ],
  })

const up = () => [
  ...Object.entries(servers).map(([job, name]) =>
    stat({
      title: name,
      description: t`Prometheus arrive-t-il à relever « ${name} » ? Non pendant 15 s : le collecteur a son alerte, CollectorDown.`,
      ...colours,
      queries: [promqlInstant(orZero(`max(up{job="${job}"})`), name)],
    }).mappings([presence]),
  ),
  stat({
    title: t`Alertes en cours`,
    description: t`Alertes qui sonnent maintenant, informations comprises.`,
    unit: 'short',
    width: 4,
    steps: [[1, 'red']],
    queries: [promqlInstant(orZero('count(ALERTS{alertstate="firing"})'), t`alertes`)],
  }),
]

const scrapes = () => [
  timeSeries({
    title: t`Durée des relevés`,
    description: t`Combien de temps Prometheus met à relever chaque serveur ; il abandonne après 4 s.`,
    unit: 's',
    width: 12,
    queries: [promql('max by (job) (scrape_duration_seconds)', '{{job}}')],
  }),
  timeSeries({
    title: t`Échantillons relevés`,
    description: t`Valeurs par relevé de chaque serveur. Un saut : quelqu'un a ajouté un label de trop.`,
    unit: 'short',
    width: 12,
    queries: [promql('sum by (job) (scrape_samples_scraped)', '{{job}}')],
  }),
]

const prometheus = () => [
  timeSeries({
    title: t`Requêtes à Prometheus`,
    description: t`Requêtes HTTP par seconde à Prometheus : les envois du collecteur et les questions de Grafana.`,
    unit: 'reqps',
    width: 8,
    queries: [promql(`topk(8, ${rate('prometheus_http_requests_total', '', 'handler')})`, '{{handler}}')],
  }),
  timeSeries({
    title: t`Séries`,
    description: t`Séries que Prometheus tient en mémoire. Elles ne doivent pas croître avec le trafic.`,
    unit: 'short',
    width: 8,
    queries: [promql('sum(prometheus_tsdb_head_series)', t`séries`)],
  }),
  timeSeries({
    title: t`Échantillons écrits`,
    description: t`Valeurs par seconde que Prometheus écrit, relevées et reçues.`,
    unit: 'cps',
    width: 8,
    queries: [promql(rate('prometheus_tsdb_head_samples_appended_total', '', 'type'), '{{type}}')],
  }),
  table({
    title: t`Alertes qui sonnent`,
    description: t`Chaque alerte en cours, avec sa gravité et son service.`,
    unit: 'short',
    width: 12,
    emptyWhile: t`aucune alerte ne sonne`,
    queries: [promqlTable('sum by (alertname, severity, service_name) (ALERTS{alertstate="firing"})')],
  }).withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true, Value: true },
      renameByName: { alertname: t`Alerte`, severity: t`Gravité`, service_name: t`Service` },
    },
  }),
  timeSeries({
    title: t`Alertes chez Alertmanager`,
    description: t`Alertes qu'Alertmanager tient, par état, et celles que Prometheus n'a pas pu lui donner.`,
    unit: 'short',
    width: 12,
    queries: [
      promql('sum by (state) (alertmanager_alerts)', '{{state}}'),
      promql(orZero(rate('prometheus_notifications_dropped_total', '')), t`perdues par seconde`),
    ],
  }),
]
