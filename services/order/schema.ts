import {
  cents,
  id,
  index,
  int,
  json,
  primaryKey,
  string,
  table,
  timestamp,
  uniqueIndex,
} from '../../src/database/columns'
import { rateLimitTable } from '../../src/rate-limit'

export const carts = table('carts', {
  id: id().primaryKey(),
  userId: id().notNull(),
  /** The user while the cart is open, null after the checkout. Unique, so that a user has one open cart. */
  openUserId: id().unique(),
  createdAt: timestamp().notNull(),
})

/** The product at the time when it was added to the cart or ordered. */
const itemColumns = () => ({
  productId: id().notNull(),
  slug: string(80).notNull(),
  name: string(120).notNull(),
  image: string(200).notNull(),
  unitPriceCents: cents().notNull(),
  quantity: int().notNull(),
})

export const cartItems = table(
  'cart_items',
  {
    cartId: id()
      .notNull()
      .references(() => carts.id),
    ...itemColumns(),
    addedAt: timestamp().notNull(),
  },
  (item) => [primaryKey({ columns: [item.cartId, item.productId] })],
)

/** Why an order was cancelled. Each retry with the same key gets it as its response. */
export interface Refusal {
  code: string
  details: Record<string, unknown>
}

export const orders = table(
  'orders',
  {
    id: id().primaryKey(),
    userId: id().notNull(),
    cartId: id()
      .notNull()
      .unique()
      .references(() => carts.id),
    idempotencyKey: string(100).notNull(),
    /** SHA-256 of the request body. The same key with another body is refused. */
    requestHash: string(64).notNull(),
    status: string(10).$type<'pending' | 'confirmed' | 'cancelled'>().notNull(),
    totalCents: cents().notNull(),
    refusal: json<Refusal>(),
    createdAt: timestamp().notNull(),
    /** When product-service acknowledged the outcome. Until then the sweep repeats the call. */
    settledAt: timestamp(),
  },
  (order) => [
    uniqueIndex('orders_user_key').on(order.userId, order.idempotencyKey),
    index('orders_unsettled').on(order.settledAt, order.createdAt),
    index('orders_of_user').on(order.userId, order.id),
    index('orders_by_status').on(order.status, order.createdAt),
  ],
)

export const orderItems = table(
  'order_items',
  {
    orderId: id()
      .notNull()
      .references(() => orders.id),
    position: int().notNull(),
    ...itemColumns(),
  },
  (item) => [
    primaryKey({ columns: [item.orderId, item.position] }),
    index('order_items_by_product').on(item.productId, item.orderId),
  ],
)

/** The changes of a cart that came with an `Idempotency-Key`: a retry returns their outcome and changes nothing. */
export const cartChanges = table(
  'cart_changes',
  {
    userId: id().notNull(),
    idempotencyKey: string(100).notNull(),
    /** SHA-256 of the route and the request body. The same key with another request is refused. */
    requestHash: string(64).notNull(),
    outcome: json<unknown>().notNull(),
    createdAt: timestamp().notNull(),
  },
  (change) => [
    primaryKey({ columns: [change.userId, change.idempotencyKey] }),
    index('cart_changes_by_age').on(change.createdAt),
  ],
)

export const rateLimits = rateLimitTable()
