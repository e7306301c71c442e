import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'pool-exhausted',
  title: t`order-service n'a plus qu'une connexion à sa base, et chacun la garde 300 ms : on fait la queue`,
  inject({ setFault }) {
    setFault('slow-query', { value: 300, service: 'order-service' })
    setFault('pool-size', { value: 1, service: 'order-service' })
  },
  alerts: [
    {
      name: 'DatabasePoolExhausted',
      labels: { service_name: 'order-service' },
      ...defaultDeadlines,
      cause: { service_name: 'order-service', connections: '1' },
    },
  ],
  span: { service: 'order-service', tags: { 'db.client.connection.pool.name': 'mysql/order' }, minDurationMs: 200 },
  log: '{service_name="order-service"} | http_server_request_duration > 0.5',
  sli: { sli: 'latency', service: 'order-service', above: 0.05 },
})
