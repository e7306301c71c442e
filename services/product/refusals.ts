import type { Refusals } from '../../src/problem'

export const refusals = {
  SLUG_TAKEN: [409, 'This slug is taken'],
  STOCK_LIMIT: [422, 'The stock would exceed its maximum'],
  OUT_OF_STOCK: [409, 'There is not enough stock'],
  RESERVATION_RELEASED: [409, 'This reservation was released'],
  RESERVATION_CONFIRMED: [409, 'This reservation was confirmed'],
  RESERVATION_DIFFERS: [409, 'This order has a reservation of other items'],
} as const satisfies Refusals
