import { t } from '../src/typography'
import { scenario } from './contract'

export default scenario({
  name: 'stock-running-out',
  title: t`il reste 250 pièces d'un article que tout le monde achète : bientôt plus une seule`,
  async inject({ stock, spare, load }) {
    await stock(spare.id, 250)
    load.at({ productIds: [spare.id] })
  },
  putBack: ({ stock, spare }) => stock(spare.id, 1_000_000),
  // A trend: of half a minute here, of a quarter of an hour elsewhere, and a minute more in both.
  alerts: [
    {
      name: 'OutOfStockSoon',
      labels: { service_name: 'product-service' },
      withinS: 120,
      clearedWithinS: 120,
      shrunk: true,
      cause: ({ spare }) => ({ product_slug: spare.slug }),
    },
  ],
  span: { service: 'order-service', tags: { 'problem.code': 'OUT_OF_STOCK' } },
  log: '{service_name="order-service"} | problem_code="OUT_OF_STOCK"',
})
