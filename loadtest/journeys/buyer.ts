import { addToCart, type CartPage, changeQuantity, openCart, pay } from '../pages/cart.ts'
import { openHome, openProduct } from '../pages/catalogue.ts'
import { pickRandom } from '../pick-random.ts'
import { type Script, think, type Visit } from '../visit.ts'

/** From the shop window to « Merci pour votre commande »: the full journey. */
export function* buyer(visit: Visit): Script<boolean> {
  const cart = yield* toTheCart(visit)
  if (!cart) return false
  const [first = ''] = cart.productIds
  return yield* pay(visit, yield* changeQuantity(visit, first, 2))
}

/** The same on the shortest way: window, product, cart, payment, thanks. */
export function* order(visit: Visit): Script<boolean> {
  const cart = yield* toTheCart(visit)
  return cart !== undefined && (yield* pay(visit, cart))
}

function* toTheCart(visit: Visit): Script<CartPage | undefined> {
  const { slugs } = yield* openHome(visit)
  yield think
  if (!(yield* addAnyProductToCart(visit, slugs))) return undefined
  yield think
  const cart = yield* openCart(visit)
  yield think
  return cart
}

const maxTries = 3

/** Puts a product into the cart; another one where it is sold out. */
export function* addAnyProductToCart(visit: Visit, slugs: string[]): Script<boolean> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const { form } = yield* openProduct(visit, pickRandom(slugs))
    yield think
    if (!form) continue
    yield* addToCart(visit, form, 1)
    return true
  }
  return false
}
