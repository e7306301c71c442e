import { jsonOrThrow } from '../../src/service-client'
import { maxProducts } from '../limits'
import type { OrderContext } from './context'

/** A product as product-service has it now. */
export interface CurrentProduct {
  id: string
  slug: string
  name: string
  image: string
  price_cents: number
  stock: number
}

/** The current products with these ids; unknown and withdrawn ones are left out. @throws DomainError `UNAVAILABLE` */
export async function findCurrentProducts(
  products: OrderContext['products'],
  ids: string[],
): Promise<Map<string, CurrentProduct>> {
  const batches = Array.from({ length: Math.ceil(ids.length / maxProducts) }, (_, n) =>
    ids.slice(n * maxProducts, (n + 1) * maxProducts),
  )
  const responses = await Promise.all(
    batches.map((batch) => jsonOrThrow(products.api.products.batch.$get({ query: { ids: batch.join(',') } }))),
  )
  return new Map(responses.flatMap((response) => response.items).map((product) => [product.id, product]))
}

/** The item with the current slug, name, image and price; unchanged when the product is not for sale any more. */
export function withCurrentFields<I extends { productId: string }>(item: I, current: Map<string, CurrentProduct>): I {
  const product = current.get(item.productId)
  if (!product) return item
  const { slug, name, image, price_cents } = product
  return { ...item, slug, name, image, unitPriceCents: price_cents }
}
