import { createShopper, hiddenFields } from '../../../stack/clients/shopper'
import { productId } from '../../shop'

const catalogueSize = 10
const paidAt = '/order/thank-you'

/** Orders through the storefront, so many begun a second whatever becomes of them, by shoppers who have signed in before. */
export async function createOrderLoad(storefront: string, { shoppers = 40, perSecond = 22 } = {}) {
  const idle: Buyer[] = []
  for (let n = 0; n < shoppers; n++) idle.push(await buyer(storefront, n))
  const underWay = new Set<Promise<void>>()
  const durationsMs: number[] = []
  const failures = new Map<string, number>()
  let begun = 0
  let startMs = 0
  let elapsedMs = 0
  let timer: ReturnType<typeof setInterval> | undefined

  return {
    start(): void {
      startMs = performance.now()
      timer = setInterval(beginWhatIsDue, 10)
    },
    /** Ends when the last order has ended. */
    async stop() {
      clearInterval(timer)
      elapsedMs = performance.now() - startMs
      await Promise.all(underWay)
      durationsMs.sort((a, b) => a - b)
      const p = (share: number) => Math.round(durationsMs[Math.floor(durationsMs.length * share)] ?? 0)
      const seconds = elapsedMs / 1000
      return {
        orders: durationsMs.length,
        perSecond: durationsMs.length / seconds,
        p50: p(0.5),
        p95: p(0.95),
        failures,
      }
    },
  }

  // Those that found no idle shopper are begun as soon as there is one.
  function beginWhatIsDue(): void {
    const due = ((performance.now() - startMs) / 1000) * perSecond
    while (begun < due && idle.length > 0) {
      begun++
      const one = idle.shift() as Buyer
      const order = place(one).finally(() => {
        underWay.delete(order)
        idle.push(one)
      })
      underWay.add(order)
    }
  }

  async function place(one: Buyer): Promise<void> {
    const beganMs = performance.now()
    const failure = await one.order().catch((error: Error) => error.message)
    if (failure === undefined) durationsMs.push(performance.now() - beganMs)
    else failures.set(failure, (failures.get(failure) ?? 0) + 1)
  }
}

type Buyer = Awaited<ReturnType<typeof buyer>>

/** One who has signed in and knows the price: an order is two requests, and no page is loaded after them. */
async function buyer(storefront: string, n: number) {
  let follows = true
  let location = ''
  const visitor = createShopper(storefront, async (url, init) => {
    const answer = await fetch(url, init)
    if (follows || answer.status < 300) return answer
    location = answer.headers.get('location') ?? ''
    const headers = new Headers(answer.headers)
    headers.delete('location')
    return new Response(await answer.text(), { status: answer.status, headers })
  })
  const article = { product_id: productId((n % catalogueSize) + 1), quantity: 1 }
  const agreement = async () => hiddenFields((await visitor.get('/checkout')).html, '/checkout/process')
  await visitor.register(`load${n}`)
  await visitor.post('/cart/add', article)
  const known = await agreement()
  const paid = await visitor.post('/checkout/process', known)
  if (!paid.path.startsWith(paidAt)) throw new Error(`shopper ${n} could not pay: ${paid.path} ${paid.status}`)
  follows = false
  let isCartKnown = true

  return {
    /** What went wrong, or nothing. */
    async order(): Promise<string | undefined> {
      await visitor.post('/cart/add', article)
      const agreed = isCartKnown ? { ...known, idempotency_key: crypto.randomUUID() } : await agreement()
      isCartKnown = false
      const { status } = await visitor.post('/checkout/process', agreed)
      isCartKnown = location.startsWith(paidAt)
      return isCartKnown ? undefined : `${status} ${location.split('?')[0]}`
    },
  }
}
