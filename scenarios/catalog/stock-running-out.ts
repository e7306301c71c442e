import { scenario } from '../contract'

export default scenario({
  name: 'stock-running-out',
  title: '250 pieces are left of a product that all shoppers buy: it is sold out soon',
  async inject({ setStock, spareProduct, load }) {
    await setStock(spareProduct.id, 250)
    load.setRates({ productIds: [spareProduct.id] })
  },
  revert: ({ setStock, spareProduct }) => setStock(spareProduct.id, 1_000_000),
  // With `--shrink` the trend takes half a minute, otherwise a quarter of an hour. The alert waits one minute more.
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
