import { and, asc, eq, sql } from 'drizzle-orm'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { cartItems, carts } from './schema'

/** The id of the user's open cart, if there is one. */
export async function findOpenCartId(db: Database | Transaction, userId: string): Promise<string | undefined> {
  const [cart] = await open(db).execute({ userId })
  return cart?.id
}

/** Opens a cart unless the user has one. Of two attempts at once, one opens it and both get it. */
export async function ensureOpenCart(
  db: Database | Transaction,
  userId: string,
): Promise<{ cartId: string; opened: boolean }> {
  const present = await findOpenCartId(db, userId)
  if (present !== undefined) return { cartId: present, opened: false }
  const cart = { id: Bun.randomUUIDv7(), userId, openUserId: userId, createdAt: new Date() }
  try {
    await db.insert(carts).values(cart)
    return { cartId: cart.id, opened: true }
  } catch (error) {
    const cartId = isUniqueViolation(error) ? await findOpenCartId(db, userId) : undefined
    if (cartId === undefined) throw error
    return { cartId, opened: false }
  }
}

/** The lines of a cart, oldest first. */
export const findCartItems = (db: Database | Transaction, cartId: string) => lines(db).execute({ cartId })

/**
 * Locks a cart for the rest of the transaction and says whether it is still open: nothing can be added to a cart that
 * is being ordered.
 */
export async function lockOpenCart(tx: Transaction, cartId: string, userId: string): Promise<boolean> {
  const [{ affectedRows }] = await hold(tx).execute({ cartId, userId })
  return affectedRows === 1
}

/** Closes a cart, which is to be an order; whether it was still open. */
export async function closeCart(tx: Transaction, cartId: string, userId: string): Promise<boolean> {
  const [{ affectedRows }] = await close(tx).execute({ cartId, userId })
  return affectedRows === 1
}

const isOpen = () =>
  and(eq(carts.id, placeholder('cartId', carts.id)), eq(carts.openUserId, placeholder('userId', carts.openUserId)))

const hold = prepared((db) =>
  db
    .update(carts)
    .set({ openUserId: sql`${placeholder('userId', carts.openUserId)}` })
    .where(isOpen())
    .prepare(),
)

const close = prepared((db) => db.update(carts).set({ openUserId: null }).where(isOpen()).prepare())

const open = prepared((db) =>
  db
    .select({ id: carts.id })
    .from(carts)
    .where(eq(carts.openUserId, placeholder('userId', carts.openUserId)))
    .prepare(),
)

const lines = prepared((db) =>
  db
    .select()
    .from(cartItems)
    .where(eq(cartItems.cartId, placeholder('cartId', cartItems.cartId)))
    .orderBy(asc(cartItems.addedAt), asc(cartItems.productId))
    .prepare(),
)

/** Changes how many pieces of a product a cart has. */
export const setQuantity = prepared((db) =>
  db
    .update(cartItems)
    .set({ quantity: sql`${placeholder('quantity', cartItems.quantity)}` })
    .where(
      and(
        eq(cartItems.cartId, placeholder('cartId', cartItems.cartId)),
        eq(cartItems.productId, placeholder('productId', cartItems.productId)),
      ),
    )
    .prepare(),
)
