import type { Context } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type Cart, type FrontendContext } from '../context'
import { requireShopper, shopperOf, storeCartCount } from '../session'
import { recordTotal } from './record-total'

/**
 * Returns the cart to pay, or `UNAUTHENTICATED` without a shopper, and records the status on the span. A missing sign-in and
 * an empty cart are expected outcomes, not failures of the span.
 * @throws DomainError `UNAVAILABLE`
 */
export async function validateCheckout(
  { orders, telemetry }: FrontendContext,
  c: Context,
): Promise<Cart | DomainError> {
  const userId = shopperOf(c)?.user.id
  if (userId) telemetry.setAttribute('user.id', userId)
  try {
    const cart = await jsonOrThrow(orders.api.order.$get({}, asUser(requireShopper(c))))
    storeCartCount(c, cart)
    telemetry.setAttribute('order.items_count', cart.items_count)
    recordTotal(telemetry, cart.total_cents)
    telemetry.setAttribute('checkout.status', cart.items_count > 0 ? 'valid' : 'no_order')
    return cart
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'UNAUTHENTICATED') throw error
    telemetry.setAttribute('checkout.status', 'unauthorized')
    return error
  }
}
