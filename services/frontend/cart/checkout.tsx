import { type Context, Hono } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type FrontendContext } from '../context'
import { parseInteger, readForm } from '../form'
import { messagesOf } from '../language'
import type { Messages } from '../messages/messages'
import { paths, routes } from '../routes'
import { flash, shopperOf, storeCartCount } from '../session'
import { page } from '../ui/page'
import { type Agreement, type CheckoutOutcome, processCheckout } from './process-checkout'
import { Recap } from './recap'
import { Retry } from './retry'
import { validateCheckout } from './validate-checkout'

export function checkoutRoutes(context: FrontendContext) {
  const { orders, telemetry, faults } = context

  return new Hono()
    .get(routes.checkout, async (c) => {
      const cart = await telemetry.span('checkout_validation', () => validateCheckout(context, c))
      if (cart instanceof DomainError) throw cart
      const body = <Recap cart={cart} idempotencyKey={crypto.randomUUID()} />
      return page(c, { title: messagesOf(c).cart.pageTitle, scripts: ['cart.js'] }, body)
    })
    .post(routes.checkoutProcess, async (c) => {
      const form = await readForm(c)
      // The fault looks like form fields that the server no longer knows: no error, and no shopper can pay.
      const agreed = faults?.value('checkout-discard') ? undefined : agreementOf(form)
      const attempt = { shopper: shopperOf(c), agreed }
      const outcome = await telemetry.span('checkout_process', () => processCheckout(context, attempt))
      if (outcome.status === 'success') return redirectToThankYou(c, outcome)
      if (outcome.status === 'unauthorized') throw outcome.error
      if (outcome.status === 'failed') return offerRetry(c, outcome.error, agreed)
      const refusal = refusalText(outcome, messagesOf(c).cart)
      if (refusal) flash(c, { kind: 'error', text: refusal })
      return c.redirect(routes.checkout, 303)
    })

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
    return page(c, { title: messagesOf(c).cart.title, status, address: routes.checkout }, body)
  }
}

function agreementOf(form: Record<string, string | undefined>): Agreement | undefined {
  const expectedTotalCents = parseInteger(form.expected_total_cents, 0, Number.MAX_SAFE_INTEGER)
  const idempotencyKey = form.idempotency_key
  if (expectedTotalCents === undefined || !idempotencyKey || !/^[\x21-\x7e]{8,100}$/.test(idempotencyKey)) {
    return undefined
  }
  return { expectedTotalCents, idempotencyKey }
}

function refusalText(outcome: CheckoutOutcome, texts: Messages['cart']): string | undefined {
  if (outcome.status === 'price_changed') return texts.priceChanged(outcome.totalCents)
  if (outcome.status === 'out_of_stock') return texts.outOfStock(outcome.names)
  if (outcome.status === 'no_order') return texts.alreadyOrdered
  return undefined
}
