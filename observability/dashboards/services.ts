import { t } from '../../src/typography'
import { buildDashboard } from './build-dashboard'
import { promql, promqlInstant } from './data-sources'
import { errorLogs, failedTraces, liveLogs, slowestRoutes } from './drill-down-panels'
import { loadTestPanels } from './load-test-panels'
import { stat, timeSeries } from './panels'
import { currentGauge, orZero, quantile, rate, ratio, requestDurationMetric, selectedServices } from './promql'
import { serviceMap } from './service-map'
import { serviceVariable, textVariable } from './variables'

const count = `${requestDurationMetric}_count`
const failed = `${selectedServices}, http_response_status_code=~"5.."`
const served = `${selectedServices}, span_kind="SPAN_KIND_SERVER"`

/** Where an operator begins: what fails, how slow it is, and from there to traces and logs, on one page. */
export const services = () =>
  buildDashboard({
    name: 'services',
    title: t`Services`,
    description: t`Taux, erreurs et durées des quatre services, leurs appels, leurs traces en échec et leurs journaux.`,
    variables: [serviceVariable(), textVariable()],
    sections: [
      { title: t`En un coup d'œil`, panels: atAGlance() },
      { title: t`Taux, erreurs, durées`, panels: red() },
      { title: t`Qui appelle qui`, panels: [serviceMap(), slowestRoutes(), openBreakers()] },
      { title: t`Vu d'un test de charge`, panels: loadTestPanels() },
      { title: t`Traces et journaux`, panels: [failedTraces(), errorLogs(), liveLogs()] },
    ],
  })

const atAGlance = () => [
  stat({
    title: t`Requêtes`,
    description: t`Requêtes par seconde, tous services choisis ensemble.`,
    unit: 'reqps',
    width: 6,
    queries: [promql(orZero(rate(count, selectedServices)), t`requêtes`)],
  }),
  stat({
    title: t`Réponses 5xx`,
    description: t`Part des requêtes qui ont fini par une erreur du serveur. L'alerte HighErrorRate sonne au-delà de 5 %.`,
    unit: 'percentunit',
    width: 6,
    steps: [
      [0.01, 'orange'],
      [0.05, 'red'],
    ],
    queries: [promql(ratio(rate(count, failed), rate(count, selectedServices)), t`5xx`)],
  }),
  stat({
    title: t`Services vus`,
    description: t`Services qui ont parlé depuis 30 secondes. Moins de quatre : lequel s'est tu ?`,
    unit: 'short',
    width: 6,
    steps: [],
    queries: [
      promqlInstant(
        orZero('count(group by (service_name) (present_over_time(process_memory_usage_bytes[30s])))'),
        t`services`,
      ),
    ],
  }),
  stat({
    title: t`Alertes en cours`,
    description: t`Alertes qui sonnent maintenant, informations comprises. Le détail est sur la page Collecteur et pile.`,
    unit: 'short',
    width: 6,
    steps: [[1, 'red']],
    queries: [promqlInstant(orZero('count(ALERTS{alertstate="firing"})'), t`alertes`)],
  }),
]

const red = () => [
  timeSeries({
    title: t`Réponses 5xx par service`,
    description: t`Part des requêtes de chaque service qui ont fini par une erreur du serveur. L'objectif est de moins de 1 %.`,
    unit: 'percentunit',
    width: 8,
    steps: [
      [0.01, 'orange'],
      [0.05, 'red'],
    ],
    queries: [
      promql(
        ratio(rate(count, failed, 'service_name'), rate(count, selectedServices, 'service_name')),
        '{{service_name}}',
      ),
    ],
  }),
  latency(),
  timeSeries({
    title: t`Requêtes par service`,
    description: t`Requêtes par seconde de chaque service.`,
    unit: 'reqps',
    width: 8,
    queries: [promql(rate(count, selectedServices, 'service_name'), '{{service_name}}')],
  }),
]

const latency = () =>
  timeSeries({
    title: t`95e centile des durées par service`,
    description: t`95 requêtes sur 100 sont plus rapides. Les points mènent chacun à une trace conservée ; les tirets sont le même centile des traces conservées. L'alerte HighLatency sonne au-delà de 500 ms.`,
    unit: 's',
    width: 8,
    steps: [
      [0.3, 'orange'],
      [0.5, 'red'],
    ],
    queries: [
      promql(quantile(0.95, requestDurationMetric, selectedServices, 'service_name'), '{{service_name}}'),
      // Our own histograms have no exemplars: those of the collector, made after its sampler, all resolve.
      promql(quantile(0.95, 'traces_stored_duration_seconds', served, 'service_name'), t`{{service_name}}, traces`, {
        exemplars: true,
      }),
    ],
  }).overrideByQuery('B', [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 8] } }])

const openBreakers = () =>
  timeSeries({
    title: t`Disjoncteurs ouverts`,
    description: t`Services qu'un autre laisse en paix après dix échecs de suite : il n'y appelle plus, et essaie une fois toutes les 5 secondes.`,
    unit: 'short',
    width: 24,
    height: 6,
    decimals: 0,
    steps: [[1, 'red']],
    queries: [
      promql(
        `sum by (service_name, service_peer_name) (${currentGauge('client_breaker_state', `${selectedServices}, breaker_state!="closed"`)})`,
        '{{service_name}} → {{service_peer_name}}',
      ),
    ],
  })
