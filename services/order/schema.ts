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

export const carts = table('carts', {
  id: id().primaryKey(),
  userId: id().notNull(),
  /** The user while the cart is open, null once it is an order: unique, so nobody has two open carts. */
  openUserId: id().unique(),
  createdAt: timestamp().notNull(),
})

/** A product as it was when it came into the cart, or when it was ordered. */
const line = () => ({
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
    ...line(),
    addedAt: timestamp().notNull(),
  },
  (item) => [primaryKey({ columns: [item.cartId, item.productId] })],
)

/** Why an order was cancelled, as its shopper is told, again at each repetition. */
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
    /** SHA-256 of the request: the same key with another body is refused. */
    requestHash: string(64).notNull(),
    status: string(10).$type<'pending' | 'confirmed' | 'cancelled'>().notNull(),
    totalCents: cents().notNull(),
    refusal: json<Refusal>(),
    createdAt: timestamp().notNull(),
    /** When product-service acknowledged the outcome: until then the sweep repeats it. */
    settledAt: timestamp(),
  },
  (order) => [
    uniqueIndex('orders_user_key').on(order.userId, order.idempotencyKey),
    index('orders_unsettled').on(order.settledAt, order.createdAt),
  ],
)

export const orderItems = table(
  'order_items',
  {
    orderId: id()
      .notNull()
      .references(() => orders.id),
    position: int().notNull(),
    ...line(),
  },
  (item) => [primaryKey({ columns: [item.orderId, item.position] })],
)
