import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'slow-query',
  title: t`une requête SQL de product-service prend 300 ms de plus : tout le catalogue ralentit`,
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
