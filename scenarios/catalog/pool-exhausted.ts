import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'pool-exhausted',
  title: 'order-service has one database connection, held for 300 ms each time: requests wait for it',
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
