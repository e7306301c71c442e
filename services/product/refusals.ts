import type { Refusals } from '../../src/problem'

export const refusals = {
  OUT_OF_STOCK: [409, 'There is not enough stock'],
  RESERVATION_RELEASED: [409, 'This reservation was released'],
  RESERVATION_CONFIRMED: [409, 'This reservation was confirmed'],
  RESERVATION_DIFFERS: [409, 'This order has a reservation of other items'],
} as const satisfies Refusals
