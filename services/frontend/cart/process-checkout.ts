import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type FrontendContext, type Order } from '../context'
import type { Shopper } from '../session'
import { recordTotal } from './record-total'

/** The fields of the form that the shopper submitted. */
export interface Agreement {
  /** The total that the page shows. */
  expectedTotalCents: number
  /** Stays the same for each retry of this order. */
  idempotencyKey: string
  cartId: string
  shopperId: string
}

export type CheckoutOutcome =
  | { status: 'success'; order: Order }
  | { status: 'unauthorized'; error: DomainError }
  | { status: 'too_many_requests'; error: DomainError }
  | { status: 'no_order' }
  | { status: 'cart_changed' }
  | { status: 'price_changed'; totalCents: number | undefined }
  | { status: 'out_of_stock'; names: string[] }
  | { status: 'failed'; error: unknown }

interface Attempt {
  shopper: Shopper | undefined
  agreed: Agreement | undefined
}

/** Places the order of a submitted form and records the outcome in span and log. Never throws. */
export async function processCheckout(
  context: FrontendContext,
  { shopper, agreed }: Attempt,
): Promise<CheckoutOutcome> {
  const { telemetry } = context
  telemetry.log.event('checkout.started')
  if (shopper) telemetry.setAttribute('user.id', shopper.user.id)
  const outcome = await placeOrder(context, shopper, agreed).catch((error: unknown) =>
    outcomeOf(context, shopper, error),
  )
  telemetry.setAttribute('process.status', outcome.status)

  if (outcome.status === 'success') {
    const { id, total_cents, items } = outcome.order
    telemetry.setAttribute('order.id', id)
    recordTotal(telemetry, total_cents)
    telemetry.setAttribute('order.items_count', piecesOf(items))
    telemetry.log.event('checkout.completed', { 'order.id': id, 'order.total_cents': total_cents })
    return outcome
  }
  if (outcome.status === 'failed') {
    telemetry.recordException(outcome.error)
    const reason = failureReason(outcome.error)
    if (reason) context.instruments.checkoutFailed.add(1, { reason })
    return outcome
  }
  telemetry.log.event('checkout.refused', { reason: outcome.status }, 'warn')
  return outcome
}

// Other refusals, such as an invalid request, come from a manipulated form and are not counted as failures.
function failureReason(error: unknown): 'unavailable' | 'internal' | undefined {
  if (!(error instanceof DomainError)) return 'internal'
  if (error.code !== 'UNAVAILABLE') return undefined
  // jsonOrThrow sets the status of the response as the cause.
  return (error.cause as Error | undefined)?.message === '500' ? 'internal' : 'unavailable'
}

async function placeOrder(context: FrontendContext, shopper?: Shopper, agreed?: Agreement): Promise<CheckoutOutcome> {
  if (!shopper) throw new DomainError('UNAUTHENTICATED')
  if (!agreed) return outcomeWithoutAgreement(context, shopper)
  // The page was rendered for another shopper, who has signed out in this browser since.
  if (agreed.shopperId !== shopper.user.id) return { status: 'cart_changed' }
  const json = { expected_total_cents: agreed.expectedTotalCents, cart_id: agreed.cartId }
  const header = { 'idempotency-key': agreed.idempotencyKey }
  const order = await jsonOrThrow(context.orders.api.order.checkout.$post({ json, header }, asUser(shopper)))
  return { status: 'success', order }
}

// A form without a total does not come from our page: show the cart, so that the shopper can agree to its total.
async function outcomeWithoutAgreement(context: FrontendContext, shopper: Shopper): Promise<CheckoutOutcome> {
  const cart = await cartOf(context, shopper)
  if (cart.items_count === 0) return { status: 'no_order' }
  return { status: 'price_changed', totalCents: cart.total_cents }
}

async function outcomeOf(
  context: FrontendContext,
  shopper: Shopper | undefined,
  error: unknown,
): Promise<CheckoutOutcome> {
  if (!(error instanceof DomainError)) return { status: 'failed', error }
  const { code, details } = error
  if (code === 'UNAUTHENTICATED') return { status: 'unauthorized', error }
  if (code === 'TOO_MANY_REQUESTS') return { status: 'too_many_requests', error }
  if (code === 'EMPTY_CART') return { status: 'no_order' }
  if (code === 'CART_CHANGED') return { status: 'cart_changed' }
  if (code === 'PRICE_CHANGED')
    return { status: 'price_changed', totalCents: recordNewTotal(context, details.total_cents) }
  if (code === 'IDEMPOTENCY_KEY_REUSED') return { status: 'price_changed', totalCents: undefined }
  if (code === 'OUT_OF_STOCK')
    return { status: 'out_of_stock', names: await namesOf(context, shopper, details.products) }
  return { status: 'failed', error }
}

function recordNewTotal({ telemetry }: FrontendContext, totalCents: unknown): number | undefined {
  if (typeof totalCents !== 'number') return undefined
  recordTotal(telemetry, totalCents)
  return totalCents
}

// The refused items are back in the open cart, which has the names of the missing products.
async function namesOf(context: FrontendContext, shopper: Shopper | undefined, missing: unknown): Promise<string[]> {
  const ids = Array.isArray(missing) ? missing : []
  const cart = shopper && (await cartOf(context, shopper).catch(() => undefined))
  return (cart?.items ?? []).filter((item) => ids.includes(item.product_id)).map((item) => item.name)
}

async function cartOf({ orders, telemetry }: FrontendContext, shopper: Shopper) {
  const cart = await jsonOrThrow(orders.api.order.$get({}, asUser(shopper)))
  telemetry.setAttribute('order.items_count', cart.items_count)
  recordTotal(telemetry, cart.total_cents)
  return cart
}

const piecesOf = (items: { quantity: number }[]) => items.reduce((sum, { quantity }) => sum + quantity, 0)
