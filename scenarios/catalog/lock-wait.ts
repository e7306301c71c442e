import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'lock-wait',
  title: 'all shoppers buy the same product, and each reservation holds its lock for 400 ms: the others wait',
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
