import { hiddenFields } from '../../stack/clients/shopper.ts'
import type { Script, Visit } from '../visit.ts'

/** Sends the form of a product's page; the shop leads back to it. */
export function* addToCart(visit: Visit, form: Record<string, string>, quantity: number): Script<void> {
  const { location } = yield* visit.post('add_to_cart', '/cart/add', { ...form, quantity: String(quantity) })
  yield* visit.get('product', location)
}

export interface CartPage {
  /** What the form of payment holds: the total that is agreed to, and the key that makes a second click no second order. */
  payment: Record<string, string>
  productIds: string[]
}

export function* openCart(visit: Visit): Script<CartPage> {
  const { html } = yield* visit.get('cart', '/checkout')
  const productIds = [...html.matchAll(/action="\/cart\/update\/([\w-]+)"/g)].map(([, id = '']) => id)
  return { payment: hiddenFields(html, '/checkout/process'), productIds }
}

/** As the form without JavaScript does it: the shop leads back to the cart, whose total is another now. */
export function* changeQuantity(visit: Visit, productId: string, quantity: number): Script<CartPage> {
  yield* visit.post('change_quantity', `/cart/update/${productId}`, { quantity: String(quantity) })
  return yield* openCart(visit)
}

/** Pays what the cart shows. Whether the shop says thank you; else it leads back to the cart and says why. */
export function* pay(visit: Visit, { payment }: CartPage): Script<boolean> {
  const { location } = yield* visit.post('pay', '/checkout/process', payment)
  if (!location.startsWith('/order/thank-you')) return false
  yield* visit.get('thank_you', location)
  return true
}
