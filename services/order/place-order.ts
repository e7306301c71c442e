import { and, eq } from 'drizzle-orm'
import { isUniqueViolation } from '../../src/database/database'
import { placeholder, placeholders, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { totalOf } from './cart'
import type { OrderContext } from './context'
import { findCurrentProducts, withCurrentFields } from './current-products'
import { findOrderItems } from './find-orders'
import { limitCheckouts } from './limit-checkouts'
import { closeCart, findCartItems, findOpenCartId } from './open-cart'
import { type Order, type OrderItemRow, type OrderRow, toOrder } from './order'
import { requestHash } from './request-hash'
import { orderItems, orders } from './schema'
import { settleOrder } from './settle-order'

export interface Checkout {
  userId: string
  idempotencyKey: string
  /** The cart that the shopper saw; `undefined` for the open cart, whichever it is. */
  cartId?: string | undefined
  /** The total that the shopper agreed to. */
  expectedTotalCents: number
}

interface WrittenOrder {
  row: OrderRow
  items: OrderItemRow[]
  created: boolean
}

/**
 * Turns the open cart into an order, once per idempotency key. Step 1 is here, steps 2 to 4 are in settleOrder.
 * @throws DomainError `EMPTY_CART`, `CART_CHANGED`, `PRICE_CHANGED`, `OUT_OF_STOCK`, `IDEMPOTENCY_KEY_REUSED`, `TOO_MANY_REQUESTS`; `UNAVAILABLE` when the
 * outcome is unknown: a retry with the same key finds it out.
 */
export async function placeOrder(
  context: OrderContext,
  checkout: Checkout,
): Promise<{ order: Order; created: boolean }> {
  const { row, items, created } = (await findByKey(context, checkout)) ?? (await placeNewOrder(context, checkout))
  context.checkpoint('order written')
  const settled = await settleOrder(context, row, items)
  if (settled.status === 'cancelled') {
    throw new DomainError(settled.refusal?.code ?? 'OUT_OF_STOCK', settled.refusal?.details)
  }
  return { order: toOrder(settled, items), created }
}

// A retry of a written order is not limited: it must find out the outcome.
async function placeNewOrder(context: OrderContext, checkout: Checkout): Promise<WrittenOrder> {
  await limitCheckouts(context.limiter, checkout.userId)
  return writeOrder(context, checkout)
}

async function findByKey({ db }: OrderContext, checkout: Checkout): Promise<WrittenOrder | undefined> {
  const [row] = await selectByKey(db).execute({ userId: checkout.userId, idempotencyKey: checkout.idempotencyKey })
  if (row && row.requestHash !== hashOf(checkout)) throw new DomainError('IDEMPOTENCY_KEY_REUSED')
  return row && { row, items: await findOrderItems(db, row.id), created: false }
}

// Step 1: one transaction closes the cart and writes the pending order with current names and prices.
async function writeOrder(context: OrderContext, checkout: Checkout): Promise<WrittenOrder> {
  const { db, products } = context
  const cartId = await findOpenCartId(db, checkout.userId)
  if (checkout.cartId !== undefined && checkout.cartId !== cartId) {
    return findConcurrentOrder(context, checkout, checkout.cartId, 'CART_CHANGED')
  }
  const itemsBefore = cartId === undefined ? [] : await findCartItems(db, cartId)
  if (cartId === undefined || itemsBefore.length === 0) return findConcurrentOrder(context, checkout, cartId)
  const current = await findCurrentProducts(products, productIdsOf(itemsBefore))
  const pricedItems = itemsBefore.map((item) => withCurrentFields(item, current))
  const totalCents = totalOf(pricedItems)
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
  const items = pricedItems.map(({ cartId: _cart, addedAt: _added, ...item }, position) => ({
    orderId: row.id,
    position,
    ...item,
  }))
  try {
    const isWritten = await db.transaction(async (tx) => {
      if (!(await closeCart(tx, cartId, checkout.userId))) return false
      const itemsNow = await findCartItems(tx, cartId)
      if (!haveSameQuantities(itemsNow, itemsBefore)) throw new ItemsChanged()
      await insertOrder(tx).execute({ ...row })
      await tx.insert(orderItems).values(items)
      return true
    })
    if (isWritten) return { row, items, created: true }
  } catch (error) {
    if (error instanceof ItemsChanged) return writeOrder(context, checkout)
    if (!isUniqueViolation(error)) throw error
  }
  return findConcurrentOrder(context, checkout, cartId)
}

// An earlier or concurrent checkout of the same cart or with the same key has written the order: both return it.
async function findConcurrentOrder(
  context: OrderContext,
  checkout: Checkout,
  cartId: string | undefined,
  otherwise: keyof typeof reasons = 'EMPTY_CART',
): Promise<WrittenOrder> {
  const { db } = context
  const ofCart = cartId && and(eq(orders.cartId, cartId), eq(orders.userId, checkout.userId))
  const [row] = ofCart ? await db.select().from(orders).where(ofCart) : []
  if (row) return { row, items: await findOrderItems(db, row.id), created: false }
  const earlier = await findByKey(context, checkout)
  if (!earlier) throw refused(context, otherwise)
  return earlier
}

// The cart changed after its prices were fetched. Throwing rolls the transaction back, and the cart is read again.
class ItemsChanged extends Error {}

const productIdsOf = (items: { productId: string }[]) => items.map((item) => item.productId)

type CartItem = { productId: string; quantity: number }
const haveSameQuantities = (a: CartItem[], b: CartItem[]) =>
  a.length === b.length && a.every((item, i) => item.productId === b[i]?.productId && item.quantity === b[i]?.quantity)

const hashOf = ({ expectedTotalCents, cartId }: Checkout) =>
  requestHash({ expected_total_cents: expectedTotalCents, cart_id: cartId })

const reasons = { EMPTY_CART: 'empty_cart', CART_CHANGED: 'cart_changed', PRICE_CHANGED: 'price_changed' } as const

function refused({ instruments }: OrderContext, code: keyof typeof reasons, details = {}): DomainError {
  instruments.refused.add(1, { reason: reasons[code] })
  return new DomainError(code, details)
}

const selectByKey = prepared((db) =>
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
