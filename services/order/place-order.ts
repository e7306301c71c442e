import { and, eq } from 'drizzle-orm'
import { isUniqueViolation } from '../../src/database/database'
import { placeholder, placeholders, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { totalOf } from './cart'
import type { OrderContext } from './context'
import { findOrderItems } from './find-orders'
import { closeCart, findCartItems, findOpenCartId } from './open-cart'
import { type Order, type OrderItemRow, type OrderRow, toOrder } from './order'
import { orderItems, orders } from './schema'
import { settleOrder } from './settle-order'
import { withCurrentPrices } from './view-cart'

export interface Checkout {
  userId: string
  idempotencyKey: string
  /** What the shopper saw and agreed to, in cents. */
  expectedTotalCents: number
}

interface Written {
  row: OrderRow
  items: OrderItemRow[]
  created: boolean
}

/**
 * Turns the open cart into an order, once for each key: step 1 here, steps 2 to 4 in settleOrder.
 * @throws DomainError `EMPTY_CART`, `PRICE_CHANGED`, `OUT_OF_STOCK`, `IDEMPOTENCY_KEY_REUSED`; `UNAVAILABLE` when the
 * outcome is unknown: the same key asks again.
 */
export async function placeOrder(
  context: OrderContext,
  checkout: Checkout,
): Promise<{ order: Order; created: boolean }> {
  const earlier = await findByKey(context, checkout)
  const { row, items, created } = earlier ?? (await writeOrder(context, checkout))
  context.checkpoint('order written')
  const settled = await settleOrder(context, row, items)
  if (settled.status === 'cancelled') {
    throw new DomainError(settled.refusal?.code ?? 'OUT_OF_STOCK', settled.refusal?.details)
  }
  return { order: toOrder(settled, items), created }
}

async function findByKey({ db }: OrderContext, checkout: Checkout): Promise<Written | undefined> {
  const [row] = await ofKey(db).execute({ userId: checkout.userId, idempotencyKey: checkout.idempotencyKey })
  if (row && row.requestHash !== hashOf(checkout)) throw new DomainError('IDEMPOTENCY_KEY_REUSED')
  return row && { row, items: await findOrderItems(db, row.id), created: false }
}

// Step 1: one transaction freezes the cart and writes the pending order with today's names and prices.
async function writeOrder(context: OrderContext, checkout: Checkout): Promise<Written> {
  const { db, products } = context
  const cartId = await findOpenCartId(db, checkout.userId)
  const seen = cartId === undefined ? [] : await findCartItems(db, cartId)
  if (cartId === undefined || seen.length === 0) return writtenMeanwhile(context, checkout, cartId)
  const lines = await withCurrentPrices(products, seen)
  const totalCents = totalOf(lines)
  if (totalCents !== checkout.expectedTotalCents) throw refused(context, 'PRICE_CHANGED', { total_cents: totalCents })

  const row: OrderRow = {
    id: Bun.randomUUIDv7(),
    userId: checkout.userId,
    cartId,
    idempotencyKey: checkout.idempotencyKey,
    requestHash: hashOf(checkout),
    status: 'pending',
    totalCents,
    refusal: null,
    createdAt: new Date(),
    settledAt: null,
  }
  const items = lines.map(({ cartId: _cart, addedAt: _added, ...line }, position) => ({
    orderId: row.id,
    position,
    ...line,
  }))
  try {
    const frozen = await db.transaction(async (tx) => {
      if (!(await closeCart(tx, cartId, checkout.userId))) return false
      const now = await findCartItems(tx, cartId)
      if (!sameLines(now, seen)) throw new ChangedMeanwhile()
      await insertOrder(tx).execute({ ...row })
      await tx.insert(orderItems).values(items)
      return true
    })
    if (frozen) return { row, items, created: true }
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return writeOrder(context, checkout)
    if (!isUniqueViolation(error)) throw error
  }
  return writtenMeanwhile(context, checkout, cartId)
}

// Somebody may have been quicker, with another key for the same cart or with this one: it is the same order.
async function writtenMeanwhile(
  context: OrderContext,
  checkout: Checkout,
  cartId: string | undefined,
): Promise<Written> {
  const { db } = context
  const [row] = cartId === undefined ? [] : await db.select().from(orders).where(eq(orders.cartId, cartId))
  if (row) return { row, items: await findOrderItems(db, row.id), created: false }
  const earlier = await findByKey(context, checkout)
  if (!earlier) throw refused(context, 'EMPTY_CART')
  return earlier
}

// Another tab put something in after the prices were asked for: the frozen cart is let go, and read again.
class ChangedMeanwhile extends Error {}

type CartLine = { productId: string; quantity: number }
const sameLines = (a: CartLine[], b: CartLine[]) =>
  a.length === b.length && a.every((line, i) => line.productId === b[i]?.productId && line.quantity === b[i]?.quantity)

const hashOf = ({ expectedTotalCents }: Checkout) =>
  new Bun.CryptoHasher('sha256').update(JSON.stringify({ expected_total_cents: expectedTotalCents })).digest('hex')

const reasons = { EMPTY_CART: 'empty_cart', PRICE_CHANGED: 'price_changed' } as const

function refused({ instruments }: OrderContext, code: keyof typeof reasons, details = {}): DomainError {
  instruments.refused.add(1, { reason: reasons[code] })
  return new DomainError(code, details)
}

const ofKey = prepared((db) =>
  db
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.userId, placeholder('userId', orders.userId)),
        eq(orders.idempotencyKey, placeholder('idempotencyKey', orders.idempotencyKey)),
      ),
    )
    .prepare(),
)

const insertOrder = prepared((db) =>
  db
    .insert(orders)
    .values(
      placeholders('id', 'userId', 'cartId', 'idempotencyKey', 'requestHash', 'status', 'totalCents', 'createdAt'),
    )
    .prepare(),
)
