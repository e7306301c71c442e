import { addToCart, openCart } from '../loadtest/pages/cart'
import { type Script, think, type Visit } from '../loadtest/visit'
import type { CheckoutHistory } from './audit'

/**
 * Adds one piece to the cart and pays. Sends the same form again after an error or a timeout, as the page offers, until the
 * outcome is known or `isOver`.
 */
export function* buy(visit: Visit, productId: string, history: CheckoutHistory, isOver: () => boolean): Script<void> {
  yield* addToCart(visit, { product_id: productId }, 1)
  const { payment } = yield* openCart(visit)
  const { idempotency_key: key } = payment
  if (!key) return
  history.recordAttempt(key)
  let isSettled = false
  do {
    // Whenever a fault begins, some shoppers are at this step.
    yield think
    isSettled = yield* pay(visit, payment, key, history)
  } while (!isSettled && !isOver())
}

/** Sends the form once. Returns whether the shop confirmed or refused the order. */
function* pay(visit: Visit, payment: Record<string, string>, key: string, history: CheckoutHistory): Script<boolean> {
  const path = '/checkout/process'
  const response = yield* visit.send({ step: 'pay', method: 'POST', path, body: payment, expectedStatus: 303 })
  if (!response) return false
  const { location } = response
  const orderId = orderIdIn(location)
  if (orderId) {
    // The redirect confirms the order, even if the page behind it fails.
    history.recordConfirmation(key, orderId)
    yield* visit.send({ step: 'thank_you', method: 'GET', path: location, expectedStatus: 200 })
    return true
  }
  if (location !== '/checkout') return false
  // The shop leads back to the cart to refuse an order: the product is sold out, or its price changed.
  const isRefused = yield* visit.send({ step: 'cart', method: 'GET', path: location, expectedStatus: 200 })
  if (isRefused) history.recordRefusal(key)
  return isRefused !== undefined
}

function orderIdIn(location: string): string | undefined {
  if (!location.startsWith('/order/thank-you')) return undefined
  return new URLSearchParams(location.slice(location.indexOf('?'))).get('order') ?? undefined
}
