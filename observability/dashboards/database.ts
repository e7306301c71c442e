import { t } from '../../src/typography'
import { buildDashboard } from './build-dashboard'
import { promql, promqlTable } from './data-sources'
import { table, timeSeries } from './panels'
import { currentGauge, quantile, rate, ratio, selectedServices, statementDurationMetric } from './promql'
import { serviceVariable } from './variables'

const count = `${statementDurationMetric}_count`
const failed = `${selectedServices}, error_type!=""`
const pool = 'db_client_connection_pool_name'

/** Whether it is the database, and which statement. */
export const database = () =>
  buildDashboard({
    name: 'database',
    title: t`Bases de données`,
    description: t`Durées, nombre et erreurs des requêtes SQL de chaque service, et l'occupation de leurs connexions.`,
    variables: [serviceVariable(`${count}`)],
    sections: [
      { title: t`Requêtes SQL`, panels: sql() },
      { title: t`Connexions`, panels: connections() },
    ],
  })

const sql = () => [
  timeSeries({
    title: t`95e centile par base`,
    description: t`95 requêtes SQL sur 100 sont plus rapides. L'alerte DatabaseSlow sonne au-delà de 100 ms.`,
    unit: 's',
    width: 8,
    steps: [[0.1, 'red']],
    queries: [promql(quantile(0.95, statementDurationMetric, selectedServices, 'db_namespace'), '{{db_namespace}}')],
  }),
  timeSeries({
    title: t`Requêtes SQL par base`,
    description: t`Requêtes SQL par seconde, débuts et fins de transaction compris.`,
    unit: 'ops',
    width: 8,
    queries: [promql(rate(count, selectedServices, 'db_namespace'), '{{db_namespace}}')],
  }),
  timeSeries({
    title: t`Erreurs par base`,
    description: t`Part des requêtes SQL qui ont échoué. Les refus d'un index unique en sont : certains sont voulus.`,
    unit: 'percentunit',
    width: 8,
    steps: [[0.05, 'red']],
    queries: [
      promql(
        ratio(rate(count, failed, 'db_namespace'), rate(count, selectedServices, 'db_namespace')),
        '{{db_namespace}}',
      ),
    ],
  }),
  table({
    title: t`Requêtes SQL les plus lentes`,
    description: t`95e centile de chaque requête SQL sur la période affichée, les quinze plus lentes d'abord.`,
    unit: 's',
    width: 12,
    height: 10,
    queries: [
      promqlTable(
        `topk(15, histogram_quantile(0.95, sum by (le, db_namespace, db_query_summary) (increase(${statementDurationMetric}_bucket{${selectedServices}}[$__range]))) > 0)`,
      ),
    ],
  })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        renameByName: { db_namespace: t`Base`, db_query_summary: t`Requête`, Value: t`Durée` },
      },
    })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: t`Durée`, desc: true }] } }),
  timeSeries({
    title: t`Temps passé par requête SQL`,
    description: t`Secondes de base de données par seconde : ce qui pèse, qu'une requête soit lente ou seulement fréquente.`,
    unit: 'suffix: s/s',
    width: 12,
    height: 10,
    queries: [
      promql(
        `topk(10, ${rate(`${statementDurationMetric}_sum`, selectedServices, 'db_namespace, db_query_summary')})`,
        '{{db_namespace}} {{db_query_summary}}',
      ),
    ],
  }),
]

const connections = () => [
  timeSeries({
    title: t`Connexions occupées`,
    description: t`Connexions occupées de chaque réserve, et combien elle peut en ouvrir.`,
    unit: 'short',
    width: 8,
    queries: [
      promql(
        `sum by (${pool}) (${currentGauge('db_client_connection_count', `${selectedServices}, db_client_connection_state="used"`)})`,
        t`{{${pool}}}`,
      ),
      promql(
        `sum by (${pool}) (${currentGauge('db_client_connection_max', selectedServices)})`,
        t`{{${pool}}}, au plus`,
      ),
    ],
  }).overrideByQuery('B', [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 8] } }]),
  timeSeries({
    title: t`En attente d'une connexion`,
    description: t`Requêtes qui attendent une connexion. L'alerte DatabasePoolExhausted sonne après 15 s d'attente continue.`,
    unit: 'short',
    width: 8,
    steps: [[1, 'red']],
    queries: [
      promql(
        `sum by (${pool}) (${currentGauge('db_client_connection_pending_requests', selectedServices)})`,
        t`{{${pool}}}`,
      ),
    ],
  }),
  timeSeries({
    title: t`Temps d'attente d'une connexion`,
    description: t`95e centile de l'attente d'une connexion, et abandons par seconde.`,
    unit: 's',
    width: 8,
    queries: [
      promql(quantile(0.95, 'db_client_connection_wait_time_seconds', selectedServices, pool), t`{{${pool}}}`),
      promql(rate('db_client_connection_timeouts_total', selectedServices, pool), t`{{${pool}}}, abandons`),
    ],
  }).overrideByQuery('B', [{ id: 'unit', value: 'ops' }]),
]
