import { createBrowser } from '../../loadtest/built-in/browser'
import { perform } from '../../loadtest/built-in/perform'
import { openCart } from '../../loadtest/pages/cart'
import { openProduct } from '../../loadtest/pages/catalog'
import { signInShopper } from '../../loadtest/shoppers'
import { openVisit, type Script, type Visit, type Visitor } from '../../loadtest/visit'
import type { CheckoutHistory } from '../../scenarios/audit'
import { type PaymentOutcome, submitPayment } from '../../scenarios/buy'
import type { Random } from './random'

const timeoutMs = 8000
const maxPauseMs = 1000
// Shoppers have an own address and account for this many orders, so that no rate limit is theirs.
const ordersPerPerson = 10

export interface ShopperOptions {
  storefront: string
  history: CheckoutHistory
  random: Random
  /** Prices in cents by slug, of the products that they buy. */
  prices: Map<string, number>
  count: number
}

/** Shoppers who retry, double-click and pay in two tabs, one purchase after the other. */
export function startShoppers({ storefront, history, random, prices, count }: ShopperOptions) {
  const send = createBrowser({ url: storefront }, timeoutMs)
  const counts = { confirmed: 0, doubleClicks: 0, secondTabs: 0, retries: 0, wrongCarts: 0 }
  let isOver = false
  let hasGivenUp = false
  let people = 0
  const all = Promise.all(Array.from({ length: count }, shopUntilOver))

  return {
    counts,
    /** Each finishes its purchase: it retries until it has the outcome or `limitMs` have passed. */
    async stop(limitMs: number): Promise<void> {
      isOver = true
      const timer = setTimeout(() => {
        hasGivenUp = true
      }, limitMs)
      await all
      clearTimeout(timer)
    },
  }

  async function shopUntilOver(): Promise<void> {
    while (!isOver) {
      const visitor = await insist(() => run(signInShopper(people++)))
      for (let orders = 0; visitor && orders < ordersPerPerson && !isOver; orders++) {
        if (!(await purchase(visitor))) break
        await Bun.sleep(random.between(0, maxPauseMs))
      }
    }
  }

  /** One purchase. Returns whether the shopper has an empty cart again. */
  async function purchase(visitor: Visitor): Promise<boolean> {
    const slug = random.pick([...prices.keys()])
    const page = await insist(() => run(openProduct(openVisit(visitor), slug)))
    if (!page?.form) return page !== undefined
    const form: Record<string, string> = { ...page.form, quantity: '1' }
    const added = await insist(() => clicked(visitor, (visit) => visit.post('add_to_cart', '/cart/add', form)))
    const tabs = await openTabs(visitor)
    const [first] = tabs
    if (!added || !first?.idempotency_key) return false
    // Only a form with a key promises that a repeated click adds nothing.
    if (form.idempotency_key && first.expected_total_cents !== String(prices.get(slug))) counts.wrongCarts++
    const keys = tabs.map(({ idempotency_key: key = '' }) => key)
    history.recordAttempt(first.idempotency_key, keys.slice(1))
    // Meanwhile others may buy the last piece.
    await Bun.sleep(random.between(0, maxPauseMs))
    const outcomes = await Promise.all(tabs.map((payment) => pay(visitor, payment)))
    return record(first.idempotency_key, outcomes)
  }

  /** The payment forms of one cart: one, or those of two tabs. */
  async function openTabs(visitor: Visitor): Promise<Record<string, string>[]> {
    const open = () => insist(() => run(openCart(openVisit(visitor))))
    const isSecond = random.pick([true, false, false])
    if (isSecond) counts.secondTabs++
    const pages = await Promise.all(isSecond ? [open(), open()] : [open()])
    return pages.flatMap((cart) => (cart ? [cart.payment] : []))
  }

  async function pay(visitor: Visitor, payment: Record<string, string>): Promise<PaymentOutcome> {
    const settled = await insist(async () => {
      const outcome = await clicked(visitor, (visit) => submitPayment(visit, payment))
      if (outcome.kind === 'unknown') throw new Error('the outcome is unknown')
      return outcome
    })
    return settled ?? { kind: 'unknown' }
  }

  function record(key: string, outcomes: PaymentOutcome[]): boolean {
    const confirmed = outcomes.find((outcome) => outcome.kind === 'confirmed')
    if (confirmed) {
      counts.confirmed++
      history.recordConfirmation(key, confirmed.orderId)
    } else if (outcomes.every(({ kind }) => kind === 'refused')) history.recordRefusal(key)
    return confirmed !== undefined
  }

  /** Clicks once, or twice at the same time: the browser shows the response to the second. */
  async function clicked<T>(visitor: Visitor, script: (visit: Visit) => Script<T>): Promise<T> {
    if (random.pick([true, false, false])) {
      counts.doubleClicks++
      run(script(openVisit(visitor))).catch(() => {})
    }
    return run(script(openVisit(visitor)))
  }

  /** Tries again, after a pause, until it succeeds; `undefined` when the shopper has given up. */
  async function insist<T>(attempt: () => Promise<T>): Promise<T | undefined> {
    while (!hasGivenUp) {
      try {
        return await attempt()
      } catch {
        counts.retries++
        await Bun.sleep(random.between(100, 900))
      }
    }
    return undefined
  }

  function run<T>(script: Script<T>): Promise<T> {
    return perform(script, { request: send, pause: () => Bun.sleep(random.between(0, 300)) })
  }
}

export type Shoppers = ReturnType<typeof startShoppers>
