import { openCart, pay } from '../pages/cart.ts'
import { openHome } from '../pages/catalogue.ts'
import { openOrder, openOrders } from '../pages/orders.ts'
import { type Script, think, type Visit } from '../visit.ts'
import { addAnyProductToCart } from './buyer.ts'

/** Looks what was ordered before, and orders the same again. */
export function* returning(visit: Visit): Script<boolean> {
  const { slugs: shopWindow } = yield* openHome(visit)
  yield think
  const [latest] = (yield* openOrders(visit)).ids
  yield think
  const before = latest ? (yield* openOrder(visit, latest)).slugs : []
  if (!(yield* addAnyProductToCart(visit, before.length > 0 ? before : shopWindow))) return false
  yield think
  return yield* pay(visit, yield* openCart(visit))
}
