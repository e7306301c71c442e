import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'order-database-down',
  title: "order-service's database is killed: no order can be placed",
  inject: ({ kill }) => kill('mysql-order'),
  revert: ({ start }) => start('mysql-order'),
  alerts: [
    {
      name: 'HighErrorRate',
      labels: { service_name: 'order-service' },
      ...defaultDeadlines,
      cause: { service_name: 'order-service', fails_at: 'its database' },
    },
    {
      name: 'CheckoutFailures',
      ...defaultDeadlines,
      cause: { service_name: 'order-service', fails_at: 'its database' },
    },
  ],
  span: { service: 'order-service', tags: { 'db.client.connection.pool.name': 'mysql/order', error: 'true' } },
  log: '{service_name="order-service"} | exception_type!=""',
  sli: { sli: 'errors', service: 'order-service', above: 0.05 },
})
