import { t } from '../src/typography'
import { scenario, usual } from './contract'

export default scenario({
  name: 'kill-order-service',
  title: t`order-service est tué au milieu de paiements : leurs clients ne savent pas s'ils ont commandé`,
  async inject({ load, kill }) {
    while (load.paying() < 3) await Bun.sleep(5)
    await kill('order')
  },
  putBack: ({ start }) => start('order'),
  alerts: [
    {
      name: 'ServiceDown',
      labels: { service_name: 'order-service' },
      ...usual,
      cause: { service_name: 'order-service' },
    },
    { name: 'CheckoutFailures', ...usual, cause: { fails_at: 'order-service' } },
    { name: 'HighErrorRate', labels: { service_name: 'frontend' }, ...usual, cause: { fails_at: 'order-service' } },
  ],
  span: { service: 'frontend', tags: { 'process.status': 'failed' } },
  log: '{service_name="frontend"} | http_route="/checkout/process" | problem_code="UNAVAILABLE" or http_response_status_code="503"',
  sli: { sli: 'availability', service: 'frontend', above: 0.05 },
})
