import { createShopper, hiddenFields, type ShopPage } from '../stack/clients/shopper'
import type { CheckoutHistory } from './checkout-history'

const patienceMs = 5000
const againAfterMs = 1000
// Somebody is always at this point when something breaks.
const thinksMs = 1000
const paid = '/order/thank-you'

/** What the storefront answered, for who counts. */
export type OnResponse = (status: number) => void

/** Somebody with an address of their own, behind a proxy that the shop trusts. */
export function createVisitor(storefront: string, n: number, seen: OnResponse) {
  const address = `10.${Math.floor(n / 62_500) % 250}.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`
  return createShopper(storefront, async (url, init) => {
    const headers = new Headers(init.headers)
    headers.set('X-Forwarded-For', address)
    try {
      const answer = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(patienceMs) })
      seen(answer.status)
      return answer
    } catch (error) {
      // Cut off or too slow: for a shopper as bad as an error page.
      seen(599)
      throw error
    }
  })
}

export type Visitor = ReturnType<typeof createVisitor>

/**
 * Puts a piece into the cart and pays. Where the answer stays away or is an error, the same form is sent again, as the page
 * offers, until the outcome is known or `isOver`.
 */
export async function buy(
  one: Visitor,
  productId: string,
  ledger: CheckoutHistory,
  isOver: () => boolean,
): Promise<void> {
  await one.post('/cart/add', { product_id: productId, quantity: 1 })
  const { html } = await one.get('/checkout')
  const form = hiddenFields(html, '/checkout/process')
  const { idempotency_key: key } = form
  if (!key) return
  ledger.recordAttempt(key)
  await Bun.sleep(thinksMs)
  while (!(await settled(one, form, key, ledger)) && !isOver()) await Bun.sleep(againAfterMs)
}

async function settled(
  one: Visitor,
  form: Record<string, string>,
  key: string,
  ledger: CheckoutHistory,
): Promise<boolean> {
  const page = await one.post('/checkout/process', form).catch(() => undefined)
  const orderId = page && orderOf(page)
  if (orderId) ledger.recordConfirmation(key, orderId)
  // Back at the cart with a reason: sold out, another price.
  const isRefused = page?.path === '/checkout' && page.status === 200
  if (isRefused) ledger.recordRefusal(key)
  return orderId !== undefined || isRefused
}

// Who is led there has been told, even if the page itself fails.
function orderOf({ path }: ShopPage): string | undefined {
  if (!path.startsWith(paid)) return undefined
  return new URLSearchParams(path.slice(path.indexOf('?'))).get('order') ?? undefined
}
