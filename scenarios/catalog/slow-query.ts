import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'slow-query',
  title: 'an SQL query of product-service takes 300 ms longer: the whole catalog is slow',
  inject: ({ setFault }) => setFault('slow-query', { value: 300, service: 'product-service' }),
  alerts: [
    {
      name: 'DatabaseSlow',
      labels: { service_name: 'product-service' },
      ...defaultDeadlines,
      cause: { service_name: 'product-service', db_query_summary: 'SELECT products' },
    },
  ],
  span: { service: 'product-service', tags: { 'db.query.summary': 'SELECT products' }, minDurationMs: 250 },
  log: '{service_name="product-service"} | http_server_request_duration > 0.25',
  sli: { sli: 'latency', service: 'product-service', above: 0.05 },
})
