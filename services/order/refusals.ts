import type { Refusals } from '../../src/problem'

export const refusals = {
  OUT_OF_STOCK: [409, 'There is not enough stock'],
  EMPTY_CART: [409, 'The cart is empty'],
  PRICE_CHANGED: [409, 'The total differs from the expected total'],
  CART_CHANGED: [409, 'This cart is not the open cart of this user'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This idempotency key belongs to a different request'],
  QUANTITY_LIMIT: [422, 'The cart has the maximum quantity of this product'],
  CART_FULL: [422, 'The cart has the maximum number of products'],
} as const satisfies Refusals
