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
  const outcome = yield* submitPayment(visit, payment)
  if (outcome.kind === 'refused') history.recordRefusal(key)
  if (outcome.kind !== 'confirmed') return outcome.kind === 'refused'
  // The redirect confirms the order, even if the page behind it fails.
  history.recordConfirmation(key, outcome.orderId)
  yield* visit.send({ step: 'thank_you', method: 'GET', path: outcome.thankYou, expectedStatus: 200 })
  return true
}

/** What the shop responded to a payment form. */
export type PaymentOutcome =
  | { kind: 'confirmed'; orderId: string; thankYou: string }
  | { kind: 'refused' }
  | { kind: 'unknown' }

/** Sends a payment form once. */
export function* submitPayment(visit: Visit, payment: Record<string, string>): Script<PaymentOutcome> {
  const path = '/checkout/process'
  const response = yield* visit.send({ step: 'pay', method: 'POST', path, body: payment, expectedStatus: 303 })
  const location = response?.location ?? ''
  const orderId = orderIdIn(location)
  if (orderId) return { kind: 'confirmed', orderId, thankYou: location }
  if (location !== '/checkout') return { kind: 'unknown' }
  // The shop leads back to the cart to refuse an order: the product is sold out, or its price changed.
  const cart = yield* visit.send({ step: 'cart', method: 'GET', path: location, expectedStatus: 200 })
  return { kind: cart ? 'refused' : 'unknown' }
}

function orderIdIn(location: string): string | undefined {
  if (!location.startsWith('/order/thank-you')) return undefined
  return new URLSearchParams(location.slice(location.indexOf('?'))).get('order') ?? undefined
}
