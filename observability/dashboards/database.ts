import { buildDashboard } from './build-dashboard'
import { promql, promqlTable } from './data-sources'
import { table, timeSeries } from './panels'
import { currentGauge, quantile, rate, ratio, selectedServices, statementDurationMetric } from './promql'
import { serviceVariable } from './variables'

const count = `${statementDurationMetric}_count`
const failed = `${selectedServices}, error_type!=""`
const pool = 'db_client_connection_pool_name'

/** Shows whether a database is slow, and which statement. */
export const database = () =>
  buildDashboard({
    name: 'database',
    title: 'Databases',
    description: 'Durations, rates and errors of the SQL statements of each service, and their connection pools.',
    variables: [serviceVariable(count)],
    sections: [
      { title: 'SQL statements', panels: sql() },
      { title: 'Connections', panels: connections() },
    ],
  })

const sql = () => [
  timeSeries({
    title: '95th percentile by database',
    description: '95 of 100 SQL statements are faster. DatabaseSlow fires above 100 ms.',
    unit: 's',
    width: 8,
    steps: [[0.1, 'red']],
    queries: [promql(quantile(0.95, statementDurationMetric, selectedServices, 'db_namespace'), '{{db_namespace}}')],
  }),
  timeSeries({
    title: 'SQL statements by database',
    description: 'SQL statements per second, including begin and end of transactions.',
    unit: 'ops',
    width: 8,
    queries: [promql(rate(count, selectedServices, 'db_namespace'), '{{db_namespace}}')],
  }),
  timeSeries({
    title: 'Errors by database',
    description: 'Share of failed SQL statements. Violations of unique indexes count too; some are expected.',
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
    title: 'Slowest SQL statements',
    description: '95th percentile of each SQL statement in the time range, the slowest fifteen.',
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
        renameByName: { db_namespace: 'Database', db_query_summary: 'Statement', Value: 'Duration' },
      },
    })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'Duration', desc: true }] } }),
  timeSeries({
    title: 'Time spent by SQL statement',
    description: 'Database seconds per second: the load of a statement, slow or frequent.',
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
    title: 'Used connections',
    description: 'Used connections of each pool, and its maximum.',
    unit: 'short',
    width: 8,
    queries: [
      promql(
        `sum by (${pool}) (${currentGauge('db_client_connection_count', `${selectedServices}, db_client_connection_state="used"`)})`,
        `{{${pool}}}`,
      ),
      promql(`sum by (${pool}) (${currentGauge('db_client_connection_max', selectedServices)})`, `{{${pool}}}, max`),
    ],
  }).overrideByQuery('B', [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 8] } }]),
  timeSeries({
    title: 'Waiting for a connection',
    description: 'Requests that wait for a connection. DatabasePoolExhausted fires after 20 s.',
    unit: 'short',
    width: 8,
    steps: [[1, 'red']],
    queries: [
      promql(
        `sum by (${pool}) (${currentGauge('db_client_connection_pending_requests', selectedServices)})`,
        `{{${pool}}}`,
      ),
    ],
  }),
  timeSeries({
    title: 'Wait time for a connection',
    description: '95th percentile of the wait for a connection, and timeouts per second.',
    unit: 's',
    width: 8,
    queries: [
      promql(quantile(0.95, 'db_client_connection_wait_time_seconds', selectedServices, pool), `{{${pool}}}`),
      promql(rate('db_client_connection_timeouts_total', selectedServices, pool), `{{${pool}}}, timeouts`),
    ],
  }).overrideByQuery('B', [{ id: 'unit', value: 'ops' }]),
]
