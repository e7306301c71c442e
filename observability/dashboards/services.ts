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

/** The first dashboard for an operator: errors and durations, with links to traces and logs. */
export const services = () =>
  buildDashboard({
    name: 'services',
    title: 'Services',
    description: 'Rates, errors and durations of the four services, their calls, failed traces and logs.',
    variables: [serviceVariable(), textVariable()],
    sections: [
      { title: 'At a glance', panels: atAGlance() },
      { title: 'Rates, errors, durations', panels: red() },
      { title: 'Calls between services', panels: [serviceMap(), slowestRoutes(), openBreakers()] },
      { title: 'Measured by a load test', panels: loadTestPanels() },
      { title: 'Traces and logs', panels: [failedTraces(), errorLogs(), liveLogs()] },
    ],
  })

const atAGlance = () => [
  stat({
    title: 'Requests',
    description: 'Requests per second, all selected services together.',
    unit: 'reqps',
    width: 6,
    queries: [promql(orZero(rate(count, selectedServices)), 'requests')],
  }),
  stat({
    title: '5xx responses',
    description: 'Share of requests that ended with a server error. HighErrorRate fires above 5%.',
    unit: 'percentunit',
    width: 6,
    steps: [
      [0.01, 'orange'],
      [0.05, 'red'],
    ],
    queries: [promql(ratio(rate(count, failed), rate(count, selectedServices)), '5xx')],
  }),
  stat({
    title: 'Reporting services',
    description: 'Services that have reported in the last 30 seconds. Fewer than four: one is down.',
    unit: 'short',
    width: 6,
    steps: [],
    queries: [
      promqlInstant(
        orZero('count(group by (service_name) (present_over_time(process_memory_usage_bytes[30s])))'),
        'services',
      ),
    ],
  }),
  stat({
    title: 'Firing alerts',
    description: 'Alerts that fire now, including info. Details are in the dashboard Collector and stack.',
    unit: 'short',
    width: 6,
    steps: [[1, 'red']],
    queries: [promqlInstant(orZero('count(ALERTS{alertstate="firing"})'), 'alerts')],
  }),
]

const red = () => [
  timeSeries({
    title: '5xx responses by service',
    description: 'Share of requests of each service that ended with a server error. The objective is below 1%.',
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
    title: 'Requests by service',
    description: 'Requests per second of each service.',
    unit: 'reqps',
    width: 8,
    queries: [promql(rate(count, selectedServices, 'service_name'), '{{service_name}}')],
  }),
  rejected(),
]

const rejected = () =>
  timeSeries({
    title: 'Requests rejected by load shedding',
    description:
      'Requests per second that got 503 at once, because MAX_CONCURRENT_REQUESTS (256 by default) were active; internal ones are calls of other services, rejected at 1.5 times as many. The runbook HighErrorRate has the causes.',
    unit: 'reqps',
    width: 24,
    height: 6,
    queries: [
      promql(
        rate('http_server_requests_shed_total', selectedServices, 'service_name, caller'),
        '{{service_name}}, {{caller}}',
      ),
    ],
  })

const latency = () =>
  timeSeries({
    title: '95th percentile of durations by service',
    description:
      '95 of 100 requests are faster. Each dot leads to a stored trace; dashes are the percentile of stored traces. HighLatency fires above 500 ms.',
    unit: 's',
    width: 8,
    steps: [
      [0.3, 'orange'],
      [0.5, 'red'],
    ],
    queries: [
      promql(quantile(0.95, requestDurationMetric, selectedServices, 'service_name'), '{{service_name}}'),
      // The services’ histograms have no exemplars. The collector’s come after its sampler, so each trace exists.
      promql(quantile(0.95, 'traces_stored_duration_seconds', served, 'service_name'), '{{service_name}}, traces', {
        exemplars: true,
      }),
    ],
  }).overrideByQuery('B', [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 8] } }])

const openBreakers = () =>
  timeSeries({
    title: 'Open circuit breakers',
    description: 'Services that a caller does not call after ten failures in a row; it tries once every 5 seconds.',
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
