import { and, asc, eq, sql } from 'drizzle-orm'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/client'
import { given, prepared } from '../../src/database/prepared'
import { cartItems, carts } from './schema'

/** The id of the user's open cart, if there is one. */
export async function openCartId(db: Database | Transaction, userId: string): Promise<string | undefined> {
  const [cart] = await open(db).execute({ userId })
  return cart?.id
}

/** Opens a cart unless the user has one. Of two attempts at once, one opens it and both get it. */
export async function ensureOpenCart(
  db: Database | Transaction,
  userId: string,
): Promise<{ cartId: string; opened: boolean }> {
  const present = await openCartId(db, userId)
  if (present !== undefined) return { cartId: present, opened: false }
  const cart = { id: Bun.randomUUIDv7(), userId, openUserId: userId, createdAt: new Date() }
  try {
    await db.insert(carts).values(cart)
    return { cartId: cart.id, opened: true }
  } catch (error) {
    const cartId = isUniqueViolation(error) ? await openCartId(db, userId) : undefined
    if (cartId === undefined) throw error
    return { cartId, opened: false }
  }
}

/** The lines of a cart, oldest first. */
export const linesOf = (db: Database | Transaction, cartId: string) => lines(db).execute({ cartId })

/**
 * Locks a cart for the rest of the transaction and says whether it is still open: nothing can be added to a cart that
 * is being ordered.
 */
export async function holdOpen(tx: Transaction, cartId: string, userId: string): Promise<boolean> {
  const [{ affectedRows }] = await hold(tx).execute({ cartId, userId })
  return affectedRows === 1
}

/** Closes a cart, which is to be an order; whether it was still open. */
export async function freeze(tx: Transaction, cartId: string, userId: string): Promise<boolean> {
  const [{ affectedRows }] = await close(tx).execute({ cartId, userId })
  return affectedRows === 1
}

const isOpen = () =>
  and(eq(carts.id, given('cartId', carts.id)), eq(carts.openUserId, given('userId', carts.openUserId)))

const hold = prepared((db) =>
  db
    .update(carts)
    .set({ openUserId: sql`${given('userId', carts.openUserId)}` })
    .where(isOpen())
    .prepare(),
)

const close = prepared((db) => db.update(carts).set({ openUserId: null }).where(isOpen()).prepare())

const open = prepared((db) =>
  db
    .select({ id: carts.id })
    .from(carts)
    .where(eq(carts.openUserId, given('userId', carts.openUserId)))
    .prepare(),
)

const lines = prepared((db) =>
  db
    .select()
    .from(cartItems)
    .where(eq(cartItems.cartId, given('cartId', cartItems.cartId)))
    .orderBy(asc(cartItems.addedAt), asc(cartItems.productId))
    .prepare(),
)

/** Changes how many pieces of a product a cart has. */
export const setQuantity = prepared((db) =>
  db
    .update(cartItems)
    .set({ quantity: sql`${given('quantity', cartItems.quantity)}` })
    .where(
      and(
        eq(cartItems.cartId, given('cartId', cartItems.cartId)),
        eq(cartItems.productId, given('productId', cartItems.productId)),
      ),
    )
    .prepare(),
)
