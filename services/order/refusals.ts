import type { Refusals } from '../../src/problem'

export const refusals = {
  OUT_OF_STOCK: [409, 'There is not enough stock'],
  EMPTY_CART: [409, 'The cart is empty'],
  PRICE_CHANGED: [409, 'The total is not the expected one any more'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This idempotency key came with another request before'],
  QUANTITY_LIMIT: [422, 'A cart does not take so many pieces of one product'],
  CART_FULL: [422, 'A cart does not take so many products'],
} as const satisfies Refusals
