import { DomainError } from '../../src/problem'
import { jsonOrThrow } from '../../src/service-client'
import { maxProducts } from '../limits'
import { type Cart, toCart } from './cart'
import type { OrderContext } from './context'
import { findCartItems, findOpenCartId } from './open-cart'

type PricedItem = {
  productId: string
  slug: string
  name: string
  image: string
  unitPriceCents: number
  quantity: number
}

/** The open cart at current prices; at its stored prices while product-service is unavailable. */
export async function viewCart({ db, products }: OrderContext, userId: string): Promise<Cart> {
  const cartId = await findOpenCartId(db, userId)
  const items = cartId === undefined ? [] : await findCartItems(db, cartId)
  if (items.length === 0) return toCart([])
  return toCart(await withCurrentPrices(products, items).catch(orStoredPrices(items)))
}

/** The items with the current names and prices of product-service. @throws DomainError `UNAVAILABLE` */
export async function withCurrentPrices<I extends PricedItem>(
  products: OrderContext['products'],
  items: I[],
): Promise<I[]> {
  const ids = items.map((item) => item.productId)
  const batches = Array.from({ length: Math.ceil(ids.length / maxProducts) }, (_, n) =>
    ids.slice(n * maxProducts, (n + 1) * maxProducts),
  )
  const responses = await Promise.all(
    batches.map((batch) => jsonOrThrow(products.api.products.batch.$get({ query: { ids: batch.join(',') } }))),
  )
  const current = new Map(responses.flatMap((response) => response.items).map((product) => [product.id, product]))
  return items.map((item) => {
    const product = current.get(item.productId)
    if (!product) return item
    return {
      ...item,
      slug: product.slug,
      name: product.name,
      image: product.image,
      unitPriceCents: product.price_cents,
    }
  })
}

const orStoredPrices =
  <T>(items: T) =>
  (error: unknown): T => {
    if (error instanceof DomainError && error.code === 'UNAVAILABLE') return items
    throw error
  }
