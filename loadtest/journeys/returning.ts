import { openCart, pay } from '../pages/cart.ts'
import { openHome } from '../pages/catalog.ts'
import { openOrder, openOrders } from '../pages/orders.ts'
import { type Script, think, type Visit } from '../visit.ts'
import { addAnyProductToCart } from './buyer.ts'

/** Opens the latest order, and orders one of its products again. */
export function* returning(visit: Visit): Script<boolean> {
  const { slugs: homeSlugs } = yield* openHome(visit)
  yield think
  const [latest] = (yield* openOrders(visit)).ids
  yield think
  const orderedSlugs = latest ? (yield* openOrder(visit, latest)).slugs : []
  if (!(yield* addAnyProductToCart(visit, orderedSlugs.length > 0 ? orderedSlugs : homeSlugs))) return false
  yield think
  return yield* pay(visit, yield* openCart(visit))
}
