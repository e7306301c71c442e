import { t } from '../src/typography'
import { scenario, usual } from './contract'

export default scenario({
  name: 'order-database-gone',
  title: t`la base de données d'order-service est tuée : plus aucune commande`,
  inject: ({ kill }) => kill('mysql-order'),
  putBack: ({ start }) => start('mysql-order'),
  alerts: [
    {
      name: 'HighErrorRate',
      labels: { service_name: 'order-service' },
      ...usual,
      cause: { service_name: 'order-service', fails_at: 'its database' },
    },
    { name: 'CheckoutFailures', ...usual, cause: { service_name: 'order-service', fails_at: 'its database' } },
  ],
  span: { service: 'order-service', tags: { 'db.client.connection.pool.name': 'mysql/order', error: 'true' } },
  log: '{service_name="order-service"} | exception_type!=""',
  sli: { sli: 'errors', service: 'order-service', above: 0.05 },
})
