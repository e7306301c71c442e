import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'order-errors',
  title: t`order-service répond 500 à une trace sur dix : le budget d'erreurs fond`,
  inject: ({ setFault }) => setFault('http-error', { value: 500, service: 'order-service', percent: 10 }),
  alerts: [
    {
      name: 'HighErrorRate',
      labels: { service_name: 'order-service' },
      ...defaultDeadlines,
      cause: { service_name: 'order-service', fails_at: 'its own code' },
    },
    { name: 'SLOErrorBudgetFastBurn', labels: { service_name: 'frontend' }, ...defaultDeadlines, requiresShrink: true },
    // Its windows of a day are minutes here, and still longer than anybody waits for their end.
    {
      name: 'SLOErrorBudgetSlowBurn',
      labels: { service_name: 'frontend' },
      firingWithinS: 90,
      resolvedWithinS: false,
      notified: false,
      requiresShrink: true,
    },
  ],
  span: { service: 'order-service', tags: { 'http.response.status_code': '500', 'span.kind': 'server' } },
  log: '{service_name="order-service"} | http_response_status_code="500"',
  // A slow burn is believed when six hours are known: six minutes here.
  minHistoryS: 480,
  sli: { sli: 'errors', service: 'order-service', above: 0.05 },
})
