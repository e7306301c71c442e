import { t } from '../../src/typography'
import { scenario } from '../contract'

export default scenario({
  name: 'stock-running-out',
  title: t`il reste 250 pièces d'un article que tout le monde achète : bientôt plus une seule`,
  async inject({ setStock, spareProduct, load }) {
    await setStock(spareProduct.id, 250)
    load.setRates({ productIds: [spareProduct.id] })
  },
  revert: ({ setStock, spareProduct }) => setStock(spareProduct.id, 1_000_000),
  // A trend: of half a minute here, of a quarter of an hour elsewhere, and a minute more in both.
  alerts: [
    {
      name: 'OutOfStockSoon',
      labels: { service_name: 'product-service' },
      firingWithinS: 120,
      resolvedWithinS: 120,
      requiresShrink: true,
      cause: ({ spareProduct }) => ({ product_slug: spareProduct.slug }),
    },
  ],
  span: { service: 'order-service', tags: { 'problem.code': 'OUT_OF_STOCK' } },
  log: '{service_name="order-service"} | problem_code="OUT_OF_STOCK"',
})
