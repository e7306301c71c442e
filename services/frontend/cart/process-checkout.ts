import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type FrontendContext, type Order } from '../context'
import type { Shopper } from '../session'

/** What the shopper agreed to by submitting the form. */
export interface Agreement {
  expectedTotalCents: number
  idempotencyKey: string
}

export type CheckoutOutcome =
  | { status: 'success'; order: Order }
  | { status: 'unauthorized'; error: DomainError }
  | { status: 'no_order' }
  | { status: 'price_changed'; totalCents: number | undefined }
  | { status: 'out_of_stock'; names: string[] }
  | { status: 'failed'; error: unknown }

interface Attempt {
  shopper: Shopper | undefined
  agreed: Agreement | undefined
}

/** Places the order of a submitted form, and says in span and log how it ended. Never throws. */
export async function processCheckout(shop: FrontendContext, { shopper, agreed }: Attempt): Promise<CheckoutOutcome> {
  const { telemetry } = shop
  telemetry.log.event('checkout.started')
  if (shopper) telemetry.setAttribute('user.id', shopper.user.id)
  const outcome = await place(shop, shopper, agreed).catch((error: unknown) => refused(shop, shopper, error))
  telemetry.setAttribute('process.status', outcome.status)

  if (outcome.status === 'success') {
    const { id, total_cents, items } = outcome.order
    telemetry.setAttribute('order.id', id)
    telemetry.setAttribute('order.total_cents', total_cents)
    telemetry.setAttribute('order.items_count', piecesOf(items))
    telemetry.log.event('checkout.completed', { 'order.id': id, 'order.total_cents': total_cents })
    return outcome
  }
  if (outcome.status === 'failed') {
    telemetry.recordException(outcome.error)
    const reason = reasonOf(outcome.error)
    if (reason) shop.instruments.checkoutFailed.add(1, { reason })
    return outcome
  }
  telemetry.log.event('checkout.refused', { reason: outcome.status }, 'warn')
  return outcome
}

// A refusal that we have no word for is none of these: somebody has tampered with the form.
function reasonOf(error: unknown): 'unavailable' | 'internal' | undefined {
  if (!(error instanceof DomainError)) return 'internal'
  if (error.code !== 'UNAVAILABLE') return undefined
  // `reply` gives what the other side answered as the cause.
  return (error.cause as Error | undefined)?.message === '500' ? 'internal' : 'unavailable'
}

async function place(shop: FrontendContext, shopper?: Shopper, agreed?: Agreement): Promise<CheckoutOutcome> {
  if (!shopper) throw new DomainError('UNAUTHENTICATED')
  if (!agreed) return withoutAgreement(shop, shopper)
  const json = { expected_total_cents: agreed.expectedTotalCents }
  const header = { 'idempotency-key': agreed.idempotencyKey }
  const order = await jsonOrThrow(shop.orders.api.order.checkout.$post({ json, header }, asUser(shopper)))
  return { status: 'success', order }
}

// A form without a total was not made by our page: nobody has agreed to pay anything yet.
async function withoutAgreement(shop: FrontendContext, shopper: Shopper): Promise<CheckoutOutcome> {
  const cart = await cartOf(shop, shopper)
  if (cart.items_count === 0) return { status: 'no_order' }
  return { status: 'price_changed', totalCents: cart.total_cents }
}

async function refused(shop: FrontendContext, shopper: Shopper | undefined, error: unknown): Promise<CheckoutOutcome> {
  if (!(error instanceof DomainError)) return { status: 'failed', error }
  const { code, details } = error
  if (code === 'UNAUTHENTICATED') return { status: 'unauthorized', error }
  if (code === 'EMPTY_CART') return { status: 'no_order' }
  if (code === 'PRICE_CHANGED') return { status: 'price_changed', totalCents: knownTotal(shop, details.total_cents) }
  if (code === 'IDEMPOTENCY_KEY_REUSED') return { status: 'price_changed', totalCents: undefined }
  if (code === 'OUT_OF_STOCK') return { status: 'out_of_stock', names: await namesOf(shop, shopper, details.products) }
  return { status: 'failed', error }
}

function knownTotal({ telemetry }: FrontendContext, totalCents: unknown): number | undefined {
  if (typeof totalCents !== 'number') return undefined
  telemetry.setAttribute('order.total_cents', totalCents)
  return totalCents
}

// The refused cart is open again: its lines know how the missing products are called.
async function namesOf(shop: FrontendContext, shopper: Shopper | undefined, missing: unknown): Promise<string[]> {
  const ids = Array.isArray(missing) ? missing : []
  const cart = shopper && (await cartOf(shop, shopper).catch(() => undefined))
  return (cart?.items ?? []).filter((line) => ids.includes(line.product_id)).map((line) => line.name)
}

async function cartOf({ orders, telemetry }: FrontendContext, shopper: Shopper) {
  const cart = await jsonOrThrow(orders.api.order.$get({}, asUser(shopper)))
  telemetry.setAttribute('order.items_count', cart.items_count)
  telemetry.setAttribute('order.total_cents', cart.total_cents)
  return cart
}

const piecesOf = (items: { quantity: number }[]) => items.reduce((sum, { quantity }) => sum + quantity, 0)
