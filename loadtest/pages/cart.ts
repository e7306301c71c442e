import { hiddenFields } from '../../stack/clients/hidden-fields.ts'
import type { Script, Visit } from '../visit.ts'

/** Sends the form of a product page. The shop redirects to the same page. */
export function* addToCart(visit: Visit, form: Record<string, string>, quantity: number): Script<void> {
  const { location } = yield* visit.post('add_to_cart', '/cart/add', { ...form, quantity: String(quantity) })
  yield* visit.get('product', location)
}

export interface CartPage {
  /** Fields of the payment form: the agreed total, and the idempotency key. */
  payment: Record<string, string>
  productIds: string[]
}

export function* openCart(visit: Visit): Script<CartPage> {
  const { html } = yield* visit.get('cart', '/checkout')
  const productIds = [...html.matchAll(/action="\/cart\/update\/([\w-]+)"/g)].map(([, id = '']) => id)
  return { payment: hiddenFields(html, '/checkout/process'), productIds }
}

/** Sends the form as without JavaScript. The shop redirects to the cart, whose total has changed. */
export function* changeQuantity(visit: Visit, productId: string, quantity: number): Script<CartPage> {
  yield* visit.post('change_quantity', `/cart/update/${productId}`, { quantity: String(quantity) })
  return yield* openCart(visit)
}

/** Pays the cart. Returns whether the shop confirms the order; otherwise it redirects to the cart with the reason. */
export function* pay(visit: Visit, { payment }: CartPage): Script<boolean> {
  const { location } = yield* visit.post('pay', '/checkout/process', payment)
  if (!location.startsWith('/order/thank-you')) return false
  yield* visit.get('thank_you', location)
  return true
}
