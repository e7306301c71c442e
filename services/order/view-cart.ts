import { DomainError } from '../../src/problem'
import { jsonOrThrow } from '../../src/service-client'
import { type Cart, toCart } from './cart'
import type { OrderContext, ProductClient } from './context'
import { findCartItems, findOpenCartId } from './open-cart'

// As many as product-service answers at once.
const mostIds = 100

type Priced = { productId: string; slug: string; name: string; image: string; unitPriceCents: number; quantity: number }

/** The open cart at today's prices; with those it came in with while product-service is away. */
export async function viewCart({ db, products }: OrderContext, userId: string): Promise<Cart> {
  const cartId = await findOpenCartId(db, userId)
  const lines = cartId === undefined ? [] : await findCartItems(db, cartId)
  if (lines.length === 0) return toCart([])
  return toCart(await withCurrentPrices(products, lines).catch(orAsTheyAre(lines)))
}

/** The lines with names and prices as product-service has them now; one call for each hundred. @throws DomainError `UNAVAILABLE` */
export async function withCurrentPrices<L extends Priced>(products: ProductClient, lines: L[]): Promise<L[]> {
  const ids = lines.map((line) => line.productId)
  const batches = Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, n) =>
    ids.slice(n * mostIds, (n + 1) * mostIds),
  )
  const found = await Promise.all(
    batches.map((batch) => jsonOrThrow(products.api.products.batch.$get({ query: { ids: batch.join(',') } }))),
  )
  const known = new Map(found.flatMap(({ items }) => items).map((product) => [product.id, product]))
  return lines.map((line) => {
    const product = known.get(line.productId)
    if (!product) return line
    return {
      ...line,
      slug: product.slug,
      name: product.name,
      image: product.image,
      unitPriceCents: product.price_cents,
    }
  })
}

const orAsTheyAre =
  <T>(lines: T) =>
  (error: unknown): T => {
    if (error instanceof DomainError && error.code === 'UNAVAILABLE') return lines
    throw error
  }
