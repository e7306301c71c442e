import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'order-errors',
  title: 'order-service responds with 500 in one of ten traces: the error budget burns',
  inject: ({ setFault }) => setFault('http-error', { value: 500, service: 'order-service', percent: 10 }),
  alerts: [
    {
      name: 'HighErrorRate',
      labels: { service_name: 'order-service' },
      ...defaultDeadlines,
      cause: { service_name: 'order-service', fails_at: 'its own code' },
    },
    { name: 'SLOErrorBudgetFastBurn', labels: { service_name: 'frontend' }, ...defaultDeadlines, requiresShrink: true },
    // Its windows of a day take minutes on this stack, which is still too long to wait for.
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
  // A slow burn needs six hours of history, which are six minutes on this stack.
  minHistoryS: 480,
  sli: { sli: 'errors', service: 'order-service', above: 0.05 },
})
