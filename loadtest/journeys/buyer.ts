import { addToCart, type CartPage, changeQuantity, openCart, pay } from '../pages/cart.ts'
import { openHome, openProduct } from '../pages/catalog.ts'
import { pickRandom } from '../pick-random.ts'
import { type Script, think, type Visit } from '../visit.ts'

/** The full journey, from the home page to the thank-you page. */
export function* buyer(visit: Visit): Script<boolean> {
  const cart = yield* fillCart(visit)
  if (!cart) return false
  const [first = ''] = cart.productIds
  return yield* pay(visit, yield* changeQuantity(visit, first, 2))
}

/** The shortest order: home page, product, cart, payment, thank-you page. */
export function* order(visit: Visit): Script<boolean> {
  const cart = yield* fillCart(visit)
  return cart !== undefined && (yield* pay(visit, cart))
}

function* fillCart(visit: Visit): Script<CartPage | undefined> {
  const { slugs } = yield* openHome(visit)
  yield think
  if (!(yield* addAnyProductToCart(visit, slugs))) return undefined
  yield think
  const cart = yield* openCart(visit)
  yield think
  return cart
}

const maxTries = 3

/** Adds a random product to the cart; another one if it is sold out. Returns whether it succeeded. */
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
