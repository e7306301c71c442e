import { addToCart, type CartPage, changeQuantity, openCart, pay } from '../pages/cart.ts'
import { openHome, openProduct } from '../pages/catalogue.ts'
import { oneOf, think } from '../think.ts'
import type { Visit } from '../visit.ts'

/** From the shop window to « Merci pour votre commande »: the full journey. */
export function buyer(visit: Visit): boolean {
  const cart = toTheCart(visit)
  if (!cart) return false
  const [first = ''] = cart.productIds
  return pay(visit, changeQuantity(visit, first, 2))
}

/** The same on the shortest way: window, product, cart, payment, thanks. */
export function order(visit: Visit): boolean {
  const cart = toTheCart(visit)
  return cart !== undefined && pay(visit, cart)
}

function toTheCart(visit: Visit): CartPage | undefined {
  const { slugs } = openHome(visit)
  think()
  if (!takeOne(visit, slugs)) return undefined
  think()
  const cart = openCart(visit)
  think()
  return cart
}

const mostTries = 3

/** Puts a product into the cart; another one where it is sold out. */
export function takeOne(visit: Visit, slugs: string[]): boolean {
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const { form } = openProduct(visit, oneOf(slugs))
    think()
    if (!form) continue
    addToCart(visit, form, 1)
    return true
  }
  return false
}
