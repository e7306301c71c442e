import { t } from '../../src/typography'
import { errors, failedTraces, liveLogs, slowestRoutes } from './explanations'
import { loadTest } from './load-test'
import { page } from './page'
import { curves, figure } from './panels'
import { chosen, lately, orZero, quantile, rate, requests, share } from './promql'
import { serviceMap } from './service-map'
import { promql, promqlNow } from './sources'
import { service, text } from './variables'

const count = `${requests}_count`
const failed = `${chosen}, http_response_status_code=~"5.."`
const served = `${chosen}, span_kind="SPAN_KIND_SERVER"`

/** Where an operator begins: what fails, how slow it is, and from there to traces and logs, on one page. */
export const services = () =>
  page({
    name: 'services',
    title: t`Services`,
    description: t`Taux, erreurs et durées des quatre services, leurs appels, leurs traces en échec et leurs journaux.`,
    variables: [service(), text()],
    sections: [
      { title: t`En un coup d'œil`, panels: atAGlance() },
      { title: t`Taux, erreurs, durées`, panels: red() },
      { title: t`Qui appelle qui`, panels: [serviceMap(), slowestRoutes(), openBreakers()] },
      { title: t`Vu d'un test de charge`, panels: loadTest() },
      { title: t`Traces et journaux`, panels: [failedTraces(), errors(), liveLogs()] },
    ],
  })

const atAGlance = () => [
  figure({
    title: t`Requêtes`,
    description: t`Requêtes par seconde, tous services choisis ensemble.`,
    unit: 'reqps',
    width: 6,
    queries: [promql(orZero(rate(count, chosen)), t`requêtes`)],
  }),
  figure({
    title: t`Réponses 5xx`,
    description: t`Part des requêtes qui ont fini par une erreur du serveur. L'alerte HighErrorRate sonne au-delà de 5 %.`,
    unit: 'percentunit',
    width: 6,
    steps: [
      [0.01, 'orange'],
      [0.05, 'red'],
    ],
    queries: [promql(share(rate(count, failed), rate(count, chosen)), t`5xx`)],
  }),
  figure({
    title: t`Services vus`,
    description: t`Services qui ont parlé depuis 30 secondes. Moins de quatre : lequel s'est tu ?`,
    unit: 'short',
    width: 6,
    steps: [],
    queries: [
      promqlNow(
        orZero('count(group by (service_name) (present_over_time(process_memory_usage_bytes[30s])))'),
        t`services`,
      ),
    ],
  }),
  figure({
    title: t`Alertes en cours`,
    description: t`Alertes qui sonnent maintenant, informations comprises. Le détail est sur la page Collecteur et pile.`,
    unit: 'short',
    width: 6,
    steps: [[1, 'red']],
    queries: [promqlNow(orZero('count(ALERTS{alertstate="firing"})'), t`alertes`)],
  }),
]

const red = () => [
  curves({
    title: t`Réponses 5xx par service`,
    description: t`Part des requêtes de chaque service qui ont fini par une erreur du serveur. L'objectif est de moins de 1 %.`,
    unit: 'percentunit',
    width: 8,
    steps: [
      [0.01, 'orange'],
      [0.05, 'red'],
    ],
    queries: [
      promql(share(rate(count, failed, 'service_name'), rate(count, chosen, 'service_name')), '{{service_name}}'),
    ],
  }),
  latency(),
  curves({
    title: t`Requêtes par service`,
    description: t`Requêtes par seconde de chaque service.`,
    unit: 'reqps',
    width: 8,
    queries: [promql(rate(count, chosen, 'service_name'), '{{service_name}}')],
  }),
]

const latency = () =>
  curves({
    title: t`95e centile des durées par service`,
    description: t`95 requêtes sur 100 sont plus rapides. Les points mènent chacun à une trace conservée ; les tirets sont le même centile des traces conservées. L'alerte HighLatency sonne au-delà de 500 ms.`,
    unit: 's',
    width: 8,
    steps: [
      [0.3, 'orange'],
      [0.5, 'red'],
    ],
    queries: [
      promql(quantile(0.95, requests, chosen, 'service_name'), '{{service_name}}'),
      // Our own histograms have no exemplars: those of the collector, made after its sampler, all resolve.
      promql(quantile(0.95, 'traces_stored_duration_seconds', served, 'service_name'), t`{{service_name}}, traces`, {
        exemplars: true,
      }),
    ],
  }).overrideByQuery('B', [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 8] } }])

const openBreakers = () =>
  curves({
    title: t`Disjoncteurs ouverts`,
    description: t`Services qu'un autre laisse en paix après dix échecs de suite : il n'y appelle plus, et essaie une fois toutes les 5 secondes.`,
    unit: 'short',
    width: 24,
    height: 6,
    decimals: 0,
    steps: [[1, 'red']],
    queries: [
      promql(
        `sum by (service_name, service_peer_name) (${lately('client_breaker_state', `${chosen}, breaker_state!="closed"`)})`,
        '{{service_name}} → {{service_peer_name}}',
      ),
    ],
  })
