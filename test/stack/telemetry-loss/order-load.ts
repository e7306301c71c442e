import { createBrowser } from '../../../loadtest/built-in/browser'
import { systemClock as clock } from '../../../loadtest/built-in/clock'
import type { BrowserResponse, Send } from '../../../loadtest/built-in/engine'
import { runOpenLoop, timesAtRate } from '../../../loadtest/built-in/open-loop'
import { perform } from '../../../loadtest/built-in/perform'
import { addToCart, openCart, pay } from '../../../loadtest/pages/cart'
import { signInShopper } from '../../../loadtest/shoppers'
import { openVisit, type PageRequest, type Script } from '../../../loadtest/visit'
import { productId } from '../../shop'

const catalogSize = 10

/** Orders through the storefront at a constant rate, by shoppers who have signed in before. */
export async function createOrderLoad(storefront: string, { shoppers = 40, perSecond = 22 } = {}) {
  const send = createBrowser({ url: storefront })
  const idle: Buyer[] = []
  for (let n = 0; n < shoppers; n++) idle.push(await createBuyer(send, n))
  const waiting: ((buyer: Buyer) => void)[] = []
  const active = new Set<Promise<unknown>>()
  const over = new AbortController()
  const durationsMs: number[] = []
  const failures = new Map<string, number>()
  let startMs = 0

  return {
    start(): void {
      startMs = performance.now()
      runOpenLoop({ clock, active, start: order, timesMs: timesAtRate(clock, () => perSecond), signal: over.signal })
    },
    /** Resolves when the active orders have ended. */
    async stop() {
      const seconds = (performance.now() - startMs) / 1000
      over.abort()
      await Promise.all(active)
      durationsMs.sort((a, b) => a - b)
      const p = (share: number) => Math.round(durationsMs[Math.floor(durationsMs.length * share)] ?? 0)
      return {
        orders: durationsMs.length,
        perSecond: durationsMs.length / seconds,
        p50: p(0.5),
        p95: p(0.95),
        failures,
      }
    },
  }

  /** Waits for an idle shopper first. */
  async function order(): Promise<void> {
    const buyer = idle.shift() ?? (await new Promise<Buyer>((resolve) => waiting.push(resolve)))
    if (!over.signal.aborted) await measure(buyer)
    const next = waiting.shift()
    if (next) next(buyer)
    else idle.push(buyer)
  }

  async function measure(buyer: Buyer): Promise<void> {
    const orderStartMs = performance.now()
    const failure = await buyer.order()
    if (failure === undefined) durationsMs.push(performance.now() - orderStartMs)
    else failures.set(failure, (failures.get(failure) ?? 0) + 1)
  }
}

type Buyer = Awaited<ReturnType<typeof createBuyer>>

/** A shopper who has signed in and bought once, so that a further order takes two requests. */
async function createBuyer(send: Send, n: number) {
  let latest: BrowserResponse | undefined
  const request = async (pageRequest: PageRequest) => (latest = await send(pageRequest))
  const run = <T>(script: Script<T>) => perform(script, { request, pause: async () => {} })
  const article = { product_id: productId((n % catalogSize) + 1) }
  const visit = openVisit(await run(signInShopper(n)))
  await run(addToCart(visit, article, 1))
  const firstCart = await run(openCart(visit))
  if (!(await run(pay(visit, firstCart)))) throw new Error(`shopper ${n} could not pay: ${responseText()}`)
  let isCartEmpty = true

  return {
    /** Resolves with the last response if the order is not confirmed. */
    async order(): Promise<string | undefined> {
      isCartEmpty = await run(orderAgain()).catch(() => false)
      return isCartEmpty ? undefined : responseText()
    },
  }

  /** Returns whether the order is confirmed. */
  function* orderAgain(): Script<boolean> {
    yield* visit.post('add_to_cart', '/cart/add', { ...article, quantity: '1' })
    const payment = isCartEmpty
      ? { ...firstCart.payment, idempotency_key: crypto.randomUUID() }
      : (yield* openCart(visit)).payment
    const { location } = yield* visit.post('pay', '/checkout/process', payment)
    return location.startsWith('/order/thank-you')
  }

  function responseText(): string {
    return `${latest?.status} ${latest?.location.split('?')[0]}${latest?.error}`
  }
}
