import { openCart, pay } from '../pages/cart.ts'
import { openHome } from '../pages/catalogue.ts'
import { openOrder, openOrders } from '../pages/orders.ts'
import { think } from '../think.ts'
import type { Visit } from '../visit.ts'
import { takeOne } from './buyer.ts'

/** Looks what was ordered before, and orders the same again. */
export function returning(visit: Visit): boolean {
  const { slugs: shopWindow } = openHome(visit)
  think()
  const [latest] = openOrders(visit).ids
  think()
  const before = latest ? openOrder(visit, latest).slugs : []
  if (!takeOne(visit, before.length > 0 ? before : shopWindow)) return false
  think()
  return pay(visit, openCart(visit))
}
