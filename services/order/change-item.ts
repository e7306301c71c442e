import { and, eq } from 'drizzle-orm'
import { DomainError } from '../../src/problem'
import type { Cart } from './cart'
import type { OrderContext } from './context'
import { findCurrentProducts } from './current-products'
import { findCartItems, findOpenCartId, lockOpenCart, setQuantity } from './open-cart'
import { outOfStock } from './out-of-stock'
import { cartItems } from './schema'
import { viewCart } from './view-cart'

interface ChangeItem {
  userId: string
  productId: string
  /** 0 removes the product. */
  quantity: number
}

/**
 * Sets the quantity of a product in the open cart.
 * @throws DomainError `NOT_FOUND` when it is not in the cart, `OUT_OF_STOCK`; `UNAVAILABLE` while the stock is unknown
 */
export async function changeItem(context: OrderContext, change: ChangeItem): Promise<Cart> {
  const { db } = context
  const { userId, productId, quantity } = change
  const cartId = await findOpenCartId(db, userId)
  if (cartId === undefined) throw notInCart()
  if (quantity > 0) await checkStock(context, cartId, change)
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

async function checkStock({ db, products }: OrderContext, cartId: string, { productId, quantity }: ChangeItem) {
  const item = (await findCartItems(db, cartId)).find((candidate) => candidate.productId === productId)
  if (!item) throw notInCart()
  const stock = (await findCurrentProducts(products, [productId])).get(productId)?.stock ?? 0
  if (quantity > stock) throw outOfStock({ id: productId, stock }, item.quantity)
}

const notInCart = () => new DomainError('NOT_FOUND', { detail: 'The cart has no such product' })
