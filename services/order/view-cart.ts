import { DomainError } from '../../src/problem'
import { type Cart, toCart } from './cart'
import type { OrderContext } from './context'
import { findCurrentProducts, withCurrentFields } from './current-products'
import { findCartItems, findOpenCartId } from './open-cart'

/** The open cart at current prices and stock; at its stored prices while product-service is unavailable. */
export async function viewCart({ db, products }: OrderContext, userId: string): Promise<Cart> {
  const cartId = await findOpenCartId(db, userId)
  const items = cartId === undefined ? [] : await findCartItems(db, cartId)
  if (items.length === 0) return toCart(cartId, [])
  const ids = items.map((item) => item.productId)
  const current = await findCurrentProducts(products, ids).catch(ifUnavailable)
  if (!current)
    return toCart(
      cartId,
      items.map((item) => ({ ...item, available: null })),
    )
  const priced = items.map((item) => ({
    ...withCurrentFields(item, current),
    available: current.get(item.productId)?.stock ?? 0,
  }))
  return toCart(cartId, priced)
}

function ifUnavailable(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'UNAVAILABLE') return undefined
  throw error
}
