import { and, eq } from 'drizzle-orm'
import { DomainError } from '../../src/problem'
import type { Cart } from './cart'
import type { OrderContext } from './context'
import { findOpenCartId, lockOpenCart, setQuantity } from './open-cart'
import { cartItems } from './schema'
import { viewCart } from './view-cart'

interface ChangeItem {
  userId: string
  productId: string
  /** 0 removes the product. */
  quantity: number
}

/** Sets the quantity of a product in the open cart. @throws DomainError `NOT_FOUND` when it is not in the cart */
export async function changeItem(context: OrderContext, { userId, productId, quantity }: ChangeItem): Promise<Cart> {
  const { db } = context
  const cartId = await findOpenCartId(db, userId)
  if (cartId === undefined) throw notInCart()
  await db.transaction(async (tx) => {
    if (!(await lockOpenCart(tx, cartId, userId))) throw notInCart()
    const item = and(eq(cartItems.cartId, cartId), eq(cartItems.productId, productId))
    const [{ affectedRows }] = await (quantity === 0
      ? tx.delete(cartItems).where(item)
      : setQuantity(tx).execute({ cartId, productId, quantity }))
    if (affectedRows === 0) throw notInCart()
  })
  return viewCart(context, userId)
}

const notInCart = () => new DomainError('NOT_FOUND', { detail: 'The cart has no such product' })
