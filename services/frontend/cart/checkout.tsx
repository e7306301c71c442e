import { type Context, Hono } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type Cart, type FrontendContext } from '../context'
import { idempotencyKeyOf, parseInteger, readForm } from '../form'
import { messagesOf } from '../language'
import type { Messages } from '../messages/messages'
import { paths, routes } from '../routes'
import { flash, shopperOf, storeCartCount } from '../session'
import { page } from '../ui/page'
import { forgetWithdrawn, guestCartOf, takeGuestCart, viewGuestCart } from './guest-cart'
import { type Agreement, type CheckoutOutcome, processCheckout } from './process-checkout'
import { Recap } from './recap'
import { Retry } from './retry'
import { validateCheckout } from './validate-checkout'

export function checkoutRoutes(context: FrontendContext) {
  const { orders, telemetry, faults } = context

  return new Hono()
    .get(routes.checkout, async (c) => {
      await takeWaitingCart(c)
      const cart = await telemetry.span('checkout_validation', () => validateCheckout(context, c))
      if (!(cart instanceof DomainError)) return cartPage(c, cart)
      if (shopperOf(c) || !guestCartOf(c)) throw cart
      const guestCart = await viewGuestCart(context, c)
      if (forgetWithdrawn(c, guestCart)) flash(c, { kind: 'info', text: messagesOf(c).cart.withdrawn })
      return cartPage(c, guestCart)
    })
    .post(routes.checkoutProcess, async (c) => {
      const form = await readForm(c)
      // The fault looks like form fields that the server no longer knows: no error, and no shopper can pay.
      const agreed = faults?.value('checkout-discard') ? undefined : agreementOf(form)
      const attempt = { shopper: shopperOf(c), agreed }
      const outcome = await telemetry.span('checkout_process', () => processCheckout(context, attempt))
      if (outcome.status === 'success') return redirectToThankYou(c, outcome)
      if (outcome.status === 'unauthorized' || outcome.status === 'too_many_requests') throw outcome.error
      if (outcome.status === 'failed') return offerRetry(c, outcome.error, agreed)
      const refusal = refusalText(outcome, messagesOf(c).cart)
      if (refusal) flash(c, { kind: 'error', text: refusal })
      return c.redirect(routes.checkout, 303)
    })

  // The login could not take the guest's cart, because a service was unavailable.
  async function takeWaitingCart(c: Context): Promise<void> {
    const shopper = shopperOf(c)
    if (!shopper || !guestCartOf(c)) return
    const names = await takeGuestCart(context, c, shopper)
    if (names.length > 0) flash(c, { kind: 'info', text: messagesOf(c).cart.notTaken(names) })
  }

  function cartPage(c: Context, cart: Cart): Response {
    const { pageTitle, empty } = messagesOf(c).cart
    const title = cart.items.length > 0 ? pageTitle : empty
    const body = <Recap cart={cart} agreement={agreementFor(c, cart)} />
    return page(c, { title, scripts: ['cart.js', 'stepper.js'], address: routes.checkout }, body)
  }

  function redirectToThankYou(c: Context, { order }: Extract<CheckoutOutcome, { status: 'success' }>): Response {
    storeCartCount(c, { items_count: 0 })
    return c.redirect(paths.thankYou(order.id), 303)
  }

  async function offerRetry(c: Context, error: unknown, agreed: Agreement | undefined): Promise<Response> {
    if (!agreed) throw error
    const shopper = shopperOf(c)
    const cart = shopper && (await jsonOrThrow(orders.api.order.$get({}, asUser(shopper))).catch(() => undefined))
    const status = error instanceof DomainError && error.code === 'UNAVAILABLE' ? 503 : 500
    const body = <Retry cart={cart} agreed={agreed} traceId={telemetry.traceId() ?? ''} />
    return page(c, { title: messagesOf(c).cart.retry.title, status, address: routes.checkout }, body)
  }
}

/** What the form of a page agrees to; nothing can be paid without a shopper. */
function agreementFor(c: Context, { id, total_cents }: Cart): Agreement | undefined {
  const shopperId = shopperOf(c)?.user.id
  if (!shopperId || !id) return undefined
  return { expectedTotalCents: total_cents, idempotencyKey: crypto.randomUUID(), cartId: id, shopperId }
}

function agreementOf(form: Record<string, string | undefined>): Agreement | undefined {
  const expectedTotalCents = parseInteger(form.expected_total_cents, 0, Number.MAX_SAFE_INTEGER)
  const idempotencyKey = idempotencyKeyOf(form)
  const { cart_id: cartId, shopper_id: shopperId } = form
  if (expectedTotalCents === undefined || !idempotencyKey || !isUuid(cartId) || !isUuid(shopperId)) return undefined
  return { expectedTotalCents, idempotencyKey, cartId, shopperId }
}

const isUuid = (text: string | undefined): text is string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? '')

function refusalText(outcome: CheckoutOutcome, texts: Messages['cart']): string | undefined {
  if (outcome.status === 'price_changed') return texts.priceChanged(outcome.totalCents)
  if (outcome.status === 'cart_changed') return texts.cartChanged
  if (outcome.status === 'out_of_stock') return texts.outOfStock(outcome.names)
  if (outcome.status === 'no_order') return texts.alreadyOrdered
  return undefined
}
