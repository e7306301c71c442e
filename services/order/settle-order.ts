import { and, eq, sql } from 'drizzle-orm'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { jsonOrThrow } from '../../src/service-client'
import type { OrderContext } from './context'
import type { OrderItemRow, OrderRow } from './order'
import { restoreCartItems } from './restore-cart-items'
import { orders, type Refusal } from './schema'

/**
 * Brings an order to its end, from wherever it stands: reserve (2), decide (3), tell product-service (4). Each step can
 * be repeated, also by another instance at the same time; the one commit that finds the order pending decides.
 * @throws DomainError `UNAVAILABLE` when product-service's answer to the reservation is unknown: it stays pending.
 */
export async function settleOrder(context: OrderContext, order: OrderRow, items: OrderItemRow[]): Promise<OrderRow> {
  const decided = order.status === 'pending' ? await reserveAndDecide(context, order, items) : order
  if (decided.settledAt !== null) return decided
  try {
    await tellProducts(context, decided)
    context.checkpoint('reservation settled')
    const settledAt = new Date()
    await settle(context.db).execute({ id: order.id, settledAt })
    return { ...decided, settledAt }
  } catch (error) {
    // The order is decided; the sweep tells product-service until it answers.
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
    // Cancelled by another instance: its decision is already written or about to be.
    if (error.code === 'RESERVATION_RELEASED') return { code: 'OUT_OF_STOCK', details: { products: [] } }
    // It said no to what it must not refuse: nothing is known to be reserved, and the order stays pending.
    throw new DomainError('UNAVAILABLE', { service: 'product-service' }, { cause: error })
  }
}

async function decide(
  { db, instruments }: OrderContext,
  order: OrderRow,
  items: OrderItemRow[],
  refusal: Refusal | null,
): Promise<OrderRow> {
  const isMine = refusal
    ? await cancel(db, order, items, refusal)
    : await decideOnce(db, order, { status: 'confirmed' })
  if (!isMine) {
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

/** Whether it was this one that did. The lines go back into the shopper's cart. */
async function cancel(db: Database, order: OrderRow, items: OrderItemRow[], refusal: Refusal): Promise<boolean> {
  const attempt = () =>
    db.transaction(async (tx) => {
      const isMine = await decideOnce(tx, order, { status: 'cancelled', refusal })
      if (isMine) await restoreCartItems(tx, order.userId, items)
      return isMine
    })
  // Another tab may open the next cart at this moment: the second time it is there.
  return attempt().catch((error) => (isUniqueViolation(error) ? attempt() : Promise.reject(error)))
}

/** The deciding commit: whether it was this one. */
async function decideOnce(db: Database | Transaction, { id }: OrderRow, decision: Partial<OrderRow>): Promise<boolean> {
  const [{ affectedRows }] = await db
    .update(orders)
    .set(decision)
    .where(and(eq(orders.id, id), eq(orders.status, 'pending')))
  return affectedRows === 1
}

async function tellProducts({ products }: OrderContext, order: OrderRow): Promise<void> {
  const param = { orderId: order.id }
  const reservation = products.api.reservations[':orderId']
  if (order.status === 'confirmed') await jsonOrThrow(reservation.confirm.$post({ param }))
  if (order.status === 'cancelled') await jsonOrThrow(reservation.$delete({ param }))
}

const settle = prepared((db) =>
  db
    .update(orders)
    .set({ settledAt: sql`${placeholder('settledAt', orders.settledAt)}` })
    .where(eq(orders.id, placeholder('id', orders.id)))
    .prepare(),
)
