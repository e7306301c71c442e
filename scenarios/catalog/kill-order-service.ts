import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'kill-order-service',
  title: 'order-service is killed during payments: shoppers do not know whether they have ordered',
  async inject({ load, kill }) {
    while (load.pendingCheckouts() < 3) await Bun.sleep(5)
    await kill('order')
  },
  revert: ({ start }) => start('order'),
  alerts: [
    {
      name: 'ServiceDown',
      labels: { service_name: 'order-service' },
      ...defaultDeadlines,
      cause: { service_name: 'order-service' },
    },
    { name: 'CheckoutFailures', ...defaultDeadlines, cause: { fails_at: 'order-service' } },
    {
      name: 'HighErrorRate',
      labels: { service_name: 'frontend' },
      ...defaultDeadlines,
      cause: { fails_at: 'order-service' },
    },
  ],
  span: { service: 'frontend', tags: { 'process.status': 'failed' } },
  log: '{service_name="frontend"} | http_route="/checkout/process" | problem_code="UNAVAILABLE" or http_response_status_code="503"',
  sli: { sli: 'availability', service: 'frontend', above: 0.05 },
})
