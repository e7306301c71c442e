import { and, asc, eq, sql } from 'drizzle-orm'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/database'
import { placeholder, placeholders, prepared } from '../../src/database/prepared'
import type { CurrentProduct } from './current-products'
import { cartItems, carts } from './schema'

/** The id of the user's open cart; `undefined` without one. */
export async function findOpenCartId(db: Database | Transaction, userId: string): Promise<string | undefined> {
  const [cart] = await selectOpenCart(db).execute({ userId })
  return cart?.id
}

/** Returns the user's open cart and opens one if necessary. Concurrent calls get the same cart. */
export async function ensureOpenCart(
  db: Database | Transaction,
  userId: string,
): Promise<{ cartId: string; opened: boolean }> {
  const existing = await findOpenCartId(db, userId)
  if (existing !== undefined) return { cartId: existing, opened: false }
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

export type CartItemRow = typeof cartItems.$inferSelect

/** The items of a cart, oldest first. */
export const findCartItems = (db: Database | Transaction, cartId: string) => selectItems(db).execute({ cartId })

/** Locks a cart for the rest of the transaction, so that no checkout closes it. Returns whether the cart is still open. */
export async function lockOpenCart(tx: Transaction, cartId: string, userId: string): Promise<boolean> {
  const [{ affectedRows }] = await lockCart(tx).execute({ cartId, userId })
  return affectedRows === 1
}

/** Closes a cart for its order. Returns whether the cart was still open. */
export async function closeCart(tx: Transaction, cartId: string, userId: string): Promise<boolean> {
  const [{ affectedRows }] = await unsetOpenUser(tx).execute({ cartId, userId })
  return affectedRows === 1
}

/** Adds pieces of a product to a cart that has `before` of it. `at` orders the items of the cart. */
export async function addPieces(
  tx: Transaction,
  cartId: string,
  {
    product,
    before,
    pieces,
    at = Date.now(),
  }: { product: CurrentProduct; before: number; pieces: number; at?: number },
): Promise<void> {
  const item = { cartId, productId: product.id, quantity: before + pieces }
  if (before > 0) {
    await setQuantity(tx).execute(item)
    return
  }
  const { slug, name, image, price_cents } = product
  await insertItem(tx).execute({ ...item, slug, name, image, unitPriceCents: price_cents, addedAt: new Date(at) })
}

const isOpen = () =>
  and(eq(carts.id, placeholder('cartId', carts.id)), eq(carts.openUserId, placeholder('userId', carts.openUserId)))

// An update without a change takes the row's write lock in both dialects.
const lockCart = prepared((db) =>
  db
    .update(carts)
    .set({ openUserId: sql`${placeholder('userId', carts.openUserId)}` })
    .where(isOpen())
    .prepare(),
)

const unsetOpenUser = prepared((db) => db.update(carts).set({ openUserId: null }).where(isOpen()).prepare())

const selectOpenCart = prepared((db) =>
  db
    .select({ id: carts.id })
    .from(carts)
    .where(eq(carts.openUserId, placeholder('userId', carts.openUserId)))
    .prepare(),
)

const selectItems = prepared((db) =>
  db
    .select()
    .from(cartItems)
    .where(eq(cartItems.cartId, placeholder('cartId', cartItems.cartId)))
    .orderBy(asc(cartItems.addedAt), asc(cartItems.productId))
    .prepare(),
)

const insertItem = prepared((db) =>
  db
    .insert(cartItems)
    .values(placeholders('cartId', 'productId', 'slug', 'name', 'image', 'unitPriceCents', 'quantity', 'addedAt'))
    .prepare(),
)

/** Sets the quantity of a product in a cart. */
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
