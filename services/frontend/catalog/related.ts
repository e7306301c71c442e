import { jsonOrThrow } from '../../../src/service-client'
import type { FrontendContext, Product } from '../context'
import { findOnSale, rankedLimit, rowSize } from './find-on-sale'
import { createOptional } from './optional'

/** The products that others bought with this one, and the newest where those are too few. */
export function relatedProducts(context: FrontendContext) {
  const { orders, products, telemetry } = context
  return createOptional<Product[]>(telemetry, async (id) => {
    const bought = await findBoughtWith(id).catch(() => [])
    if (bought.length === rowSize) return bought
    const query = { sort: 'newest', limit: String(rankedLimit) } as const
    const { items } = await jsonOrThrow(products.api.products.$get({ query }))
    const shown = new Set([id, ...bought.map((product) => product.id)])
    return [...bought, ...items.filter((one) => one.stock > 0 && !shown.has(one.id))].slice(0, rowSize)
  })

  async function findBoughtWith(id: string): Promise<Product[]> {
    const request = { param: { id }, query: { limit: String(rankedLimit) } }
    const { product_ids } = await jsonOrThrow(orders.api.products[':id']['bought-with'].$get(request))
    return findOnSale(context, product_ids)
  }
}
