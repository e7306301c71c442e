import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'kill-user-service',
  title: 'user-service is killed: no session is accepted, no cart and no payment',
  inject: ({ kill }) => kill('user'),
  revert: ({ start }) => start('user'),
  alerts: [
    {
      name: 'ServiceDown',
      labels: { service_name: 'user-service' },
      ...defaultDeadlines,
      cause: { service_name: 'user-service' },
    },
    {
      name: 'HighErrorRate',
      labels: { service_name: 'order-service' },
      ...defaultDeadlines,
      cause: { fails_at: 'user-service' },
    },
  ],
  span: { service: 'order-service', tags: { 'service.peer.name': 'user-service', error: 'true' } },
  log: '{service_name="order-service"} | problem_code="UNAVAILABLE"',
  sli: { sli: 'errors', service: 'order-service', above: 0.05 },
})
