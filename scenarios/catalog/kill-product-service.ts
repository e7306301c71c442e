import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'kill-product-service',
  title: 'product-service is killed: no catalog and no carts, pages respond with 503',
  inject: ({ kill }) => kill('product'),
  revert: ({ start }) => start('product'),
  alerts: [
    {
      name: 'ServiceDown',
      labels: { service_name: 'product-service' },
      ...defaultDeadlines,
      cause: { service_name: 'product-service' },
    },
    {
      name: 'HighErrorRate',
      labels: { service_name: 'frontend' },
      ...defaultDeadlines,
      cause: { fails_at: 'product-service' },
    },
  ],
  span: { service: 'frontend', tags: { 'service.peer.name': 'product-service', error: 'true' } },
  log: '{service_name="frontend"} | problem_code="UNAVAILABLE"',
  sli: { sli: 'availability', service: 'frontend', above: 0.05 },
})
