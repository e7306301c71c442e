import { createBrowser } from '../loadtest/built-in/browser'
import { systemClock as clock } from '../loadtest/built-in/clock'
import { runOpenLoop, timesAtRate } from '../loadtest/built-in/open-loop'
import { perform } from '../loadtest/built-in/perform'
import { pickRandom } from '../loadtest/pick-random'
import { randomAddress, signInShopper } from '../loadtest/shoppers'
import { openVisit, type PageRequest, type Script, type Visit } from '../loadtest/visit'
import type { CheckoutHistory } from './audit'
import { buy } from './buy'

export interface Rates {
  /** Above 0. */
  ordersPerS: number
  /** Above 0. */
  viewsPerS: number
  /** The products that shoppers buy. */
  productIds: string[]
}

export interface LoadOptions extends Rates {
  storefront: string
  history: CheckoutHistory
  shoppers?: number
}

/** Requests as shoppers saw them: all of them, and those with a 5xx or without a response. */
export interface RequestCounts {
  requests: number
  failed: number
}

const timeoutMs = 5000
const thinkMs = 1000
const maxActiveViews = 150
const ordersSettleWithinMs = 20_000
const pages = ['/', '/products', '/product/laptop-pro', '/product/casque-sans-fil', '/product/webcam-hd']

/** Background load: orders and page views start at given rates, whether earlier ones have ended or not. */
export async function startLoad({ storefront, history, shoppers = 24, ...defaults }: LoadOptions) {
  const counts: RequestCounts = { requests: 0, failed: 0 }
  const send = createBrowser({ url: storefront }, timeoutMs)
  const idle: Visit[] = []
  const orders = new Set<Promise<unknown>>()
  const over = new AbortController()
  const { signal } = over
  let rates: Rates = defaults
  let arePaused = false
  let created = 0
  let views = 0
  await addShoppers(shoppers)
  runOpenLoop({
    ...{ clock, signal, maxActive: maxActiveViews, start: viewPage },
    timesMs: timesAtRate(clock, () => rates.viewsPerS),
  })
  runOpenLoop({
    ...{ clock, signal, active: orders, start: order },
    timesMs: timesAtRate(clock, () => rates.ordersPerS),
  })

  return {
    requestCounts: (): RequestCounts => ({ ...counts }),
    /** Signs in more shoppers, who have no cart yet. They order before the others. */
    addShoppers,
    /** Shoppers whose payment form is open, or waits for its response. */
    pendingCheckouts: (): number => history.attempts().filter(({ outcome }) => outcome === 'unknown').length,
    /** Replaces the default rates; without an argument restores them. */
    setRates(other: Partial<Rates> = {}): void {
      rates = { ...defaults, ...other }
    },
    /** Starts no orders while `work` runs, which begins when the active orders have ended. */
    async withOrdersPaused<T>(work: () => Promise<T>): Promise<T> {
      arePaused = true
      try {
        await Promise.race([Promise.all(orders), Bun.sleep(ordersSettleWithinMs)])
        return await work()
      } finally {
        arePaused = false
      }
    },
    async stop(): Promise<void> {
      over.abort()
      await Promise.race([Promise.all(orders), Bun.sleep(timeoutMs + thinkMs)])
    },
  }

  async function addShoppers(count: number): Promise<void> {
    const added: Visit[] = []
    for (let n = 0; n < count; n++) added.push(await addShopper())
    idle.unshift(...added)
  }

  // A busy machine may reject a registration with a 503.
  async function addShopper(triesLeft = 5): Promise<Visit> {
    try {
      return openVisit(await run(signInShopper(created++)))
    } catch (error) {
      if (triesLeft === 0)
        throw new Error(`no shopper can sign in at ${storefront}: ${(error as Error).message} failed`)
      await Bun.sleep(500)
      return addShopper(triesLeft - 1)
    }
  }

  async function viewPage(): Promise<void> {
    const path = pages[views++ % pages.length] as string
    const step = path === '/' ? 'home' : 'product'
    const visit = openVisit({ address: randomAddress(), cookies: {} })
    await run(visit.send({ step, method: 'GET', path, expectedStatus: 200 }))
  }

  /** Does nothing while no shopper is idle. */
  async function order(): Promise<void> {
    const visit = arePaused ? undefined : idle.shift()
    if (!visit) return
    // A journey that an unexpected status has ended is counted by its request.
    await run(buy(visit, pickRandom(rates.productIds), history, () => signal.aborted)).catch(() => undefined)
    idle.push(visit)
  }

  function run<T>(script: Script<T>): Promise<T> {
    return perform(script, { request, pause: () => Bun.sleep(thinkMs) })
  }

  async function request(pageRequest: PageRequest) {
    const response = await send(pageRequest)
    counts.requests++
    if (response.status === 0 || response.status >= 500) counts.failed++
    return response
  }
}

export type Load = Awaited<ReturnType<typeof startLoad>>
