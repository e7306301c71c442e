import { and, eq, sql } from 'drizzle-orm'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { jsonOrThrow } from '../../src/service-client'
import type { OrderContext } from './context'
import { ensureOpenCart, findCartItems } from './open-cart'
import type { OrderItemRow, OrderRow } from './order'
import { cartItems, orders, type Refusal } from './schema'

/**
 * Completes an order from any state: reserve the stock (step 2), decide the order (3), settle the reservation (4). Each step
 * can be repeated, also by another instance at the same time: the commit that finds the order pending decides it.
 * @throws DomainError `UNAVAILABLE` when the result of the reservation is unknown. The order stays pending.
 */
export async function settleOrder(context: OrderContext, order: OrderRow, items: OrderItemRow[]): Promise<OrderRow> {
  const decided = order.status === 'pending' ? await reserveAndDecide(context, order, items) : order
  if (decided.settledAt !== null) return decided
  try {
    await settleReservation(context, decided)
    context.checkpoint('reservation settled')
    const settledAt = new Date()
    await setSettledAt(context.db).execute({ id: order.id, settledAt })
    return { ...decided, settledAt }
  } catch (error) {
    // The order is decided. The sweep repeats the call to product-service until it succeeds.
    context.telemetry.log.warn('reservation not settled yet', { 'order.id': order.id, 'order.status': decided.status })
    if (!(error instanceof DomainError)) throw error
  }
  return decided
}

async function reserveAndDecide(context: OrderContext, order: OrderRow, items: OrderItemRow[]): Promise<OrderRow> {
  const refusal = await reserve(context, order, items)
  context.checkpoint('stock reserved')
  const decided = await decide(context, order, items, refusal)
  context.checkpoint('order decided')
  return decided
}

async function reserve({ products }: OrderContext, order: OrderRow, items: OrderItemRow[]): Promise<Refusal | null> {
  try {
    const wanted = items.map(({ productId, quantity }) => ({ product_id: productId, quantity }))
    await jsonOrThrow(
      products.api.reservations[':orderId'].$put({ param: { orderId: order.id }, json: { items: wanted } }),
    )
    return null
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.code === 'OUT_OF_STOCK') return { code: 'OUT_OF_STOCK', details: { products: error.details.products } }
    // Another instance cancels this order: its decision is written, or will be.
    if (error.code === 'RESERVATION_RELEASED') return { code: 'OUT_OF_STOCK', details: { products: [] } }
    // An unexpected refusal. Whether the stock is reserved is unknown, so the order stays pending.
    throw new DomainError('UNAVAILABLE', { service: 'product-service' }, { cause: error })
  }
}

async function decide(
  { db, instruments }: OrderContext,
  order: OrderRow,
  items: OrderItemRow[],
  refusal: Refusal | null,
): Promise<OrderRow> {
  const hasDecided = refusal
    ? await cancel(db, order, items, refusal)
    : await decideOnce(db, order, { status: 'confirmed' })
  if (!hasDecided) {
    const [row] = await db.select().from(orders).where(eq(orders.id, order.id))
    return row as OrderRow
  }
  if (refusal) instruments.refused.add(1, { reason: 'out_of_stock' })
  if (!refusal) {
    instruments.completed.add(1)
    instruments.basketValue.record(order.totalCents / 100)
  }
  return { ...order, status: refusal ? 'cancelled' : 'confirmed', refusal }
}

/** Cancels the order and returns its items to the shopper's cart. Returns whether this call decided the order. */
async function cancel(db: Database, order: OrderRow, items: OrderItemRow[], refusal: Refusal): Promise<boolean> {
  const attempt = () =>
    db.transaction(async (tx) => {
      const hasDecided = await decideOnce(tx, order, { status: 'cancelled', refusal })
      if (hasDecided) await restoreCartItems(tx, order.userId, items)
      return hasDecided
    })
  // A concurrent request may open the next cart at this moment. The second attempt finds that cart.
  return attempt().catch((error) => (isUniqueViolation(error) ? attempt() : Promise.reject(error)))
}

/** Returns the items of a cancelled order to the open cart. Products that the cart already has stay unchanged. */
async function restoreCartItems(tx: Transaction, userId: string, items: OrderItemRow[]): Promise<void> {
  const { cartId } = await ensureOpenCart(tx, userId)
  const present = new Set((await findCartItems(tx, cartId)).map((item) => item.productId))
  const now = Date.now()
  const restored = items
    .filter((item) => !present.has(item.productId))
    .map(({ orderId: _order, position, ...item }) => ({ ...item, cartId, addedAt: new Date(now + position) }))
  if (restored.length > 0) await tx.insert(cartItems).values(restored)
}

/** The deciding commit. Returns whether the order was still pending. */
async function decideOnce(db: Database | Transaction, { id }: OrderRow, decision: Partial<OrderRow>): Promise<boolean> {
  const [{ affectedRows }] = await db
    .update(orders)
    .set(decision)
    .where(and(eq(orders.id, id), eq(orders.status, 'pending')))
  return affectedRows === 1
}

async function settleReservation({ products }: OrderContext, order: OrderRow): Promise<void> {
  const param = { orderId: order.id }
  const reservation = products.api.reservations[':orderId']
  if (order.status === 'confirmed') await jsonOrThrow(reservation.confirm.$post({ param }))
  if (order.status === 'cancelled') await jsonOrThrow(reservation.$delete({ param }))
}

const setSettledAt = prepared((db) =>
  db
    .update(orders)
    .set({ settledAt: sql`${placeholder('settledAt', orders.settledAt)}` })
    .where(eq(orders.id, placeholder('id', orders.id)))
    .prepare(),
)
