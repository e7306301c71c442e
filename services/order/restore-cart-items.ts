import type { Transaction } from '../../src/database/database'
import { ensureOpenCart, findCartItems } from './open-cart'
import type { OrderItemRow } from './order'
import { cartItems } from './schema'

/** Gives a cancelled order's lines back to the shopper's open cart; lines that it already has stay as they are. */
export async function restoreCartItems(tx: Transaction, userId: string, items: OrderItemRow[]): Promise<void> {
  const { cartId } = await ensureOpenCart(tx, userId)
  const present = new Set((await findCartItems(tx, cartId)).map((line) => line.productId))
  const now = Date.now()
  const lines = items
    .filter((item) => !present.has(item.productId))
    .map(({ orderId: _order, position, ...line }) => ({ ...line, cartId, addedAt: new Date(now + position) }))
  if (lines.length > 0) await tx.insert(cartItems).values(lines)
}
