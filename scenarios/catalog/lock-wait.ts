import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'lock-wait',
  title: t`tous veulent le même article, et chaque réservation garde son verrou 400 ms : les autres attendent`,
  inject({ setFault, load, spareProduct }) {
    load.setRates({ productIds: [spareProduct.id] })
    setFault('stock-lock', { value: 400, service: 'product-service' })
  },
  alerts: [
    {
      name: 'DatabaseSlow',
      labels: { service_name: 'product-service' },
      ...defaultDeadlines,
      cause: { service_name: 'product-service', db_query_summary: 'UPDATE products' },
    },
  ],
  span: { service: 'product-service', tags: { 'db.query.summary': 'UPDATE products' }, minDurationMs: 300 },
  log: '{service_name="product-service"} | http_route="/api/reservations/:orderId" | http_server_request_duration > 0.6',
})
