import type { CheckoutHistory } from './checkout-history'
import { buy, createVisitor, type Visitor } from './visit'

export interface Rates {
  ordersPerS: number
  viewsPerS: number
  /** What is bought. */
  productIds: string[]
}

export interface LoadOptions extends Rates {
  storefront: string
  history: CheckoutHistory
  shoppers?: number
}

/** Requests as shoppers saw them: all, and those that failed (5xx, or no answer). */
export interface RequestCounts {
  requests: number
  failed: number
}

const tickMs = 50
const mostViews = 150
const paths = ['/', '/products', '/product/laptop-pro', '/product/casque-sans-fil', '/product/webcam-hd']

/** Shoppers of the background: orders and page views begin at a rate, whatever became of those before. */
export async function startLoad({ storefront, history, shoppers = 24, ...usual }: LoadOptions) {
  const experience: RequestCounts = { requests: 0, failed: 0 }
  const seen = (status: number) => {
    experience.requests++
    if (status >= 500) experience.failed++
  }
  const run = Bun.randomUUIDv7().slice(-8)
  const idle: Visitor[] = []
  let visits = 0
  await invite(shoppers)
  const buying = new Set<Promise<void>>()
  let rates: Rates = usual
  let owed = { ordersPerS: 0, viewsPerS: 0 }
  let views = 0
  let isResting = false
  let isOver = false
  const timer = setInterval(beginWhatIsDue, tickMs)

  return {
    experience: (): RequestCounts => ({ ...experience }),
    /** More shoppers, who have signed in and opened no cart yet; they come before those who were there. */
    invite,
    /** Shoppers who have a form before them at this moment, or wait for its answer. */
    pendingCheckouts: (): number => history.attempts().filter(({ outcome }) => outcome === 'unknown').length,
    /** Other rates; without any the usual ones. */
    setRates(other: Partial<Rates> = {}): void {
      rates = { ...usual, ...other }
    },
    /** Lets those who pay come to an end while nobody new begins; `whileResting` sees books at rest. */
    async withOrdersPaused<T>(whileResting: () => Promise<T>): Promise<T> {
      isResting = true
      try {
        await Promise.race([Promise.all(buying), Bun.sleep(20_000)])
        return await whileResting()
      } finally {
        isResting = false
      }
    },
    async stop(): Promise<void> {
      isOver = true
      clearInterval(timer)
      await Promise.race([Promise.all(buying), Bun.sleep(6000)])
    },
  }

  async function invite(count: number): Promise<void> {
    const fresh: Visitor[] = []
    for (let n = 0; n < count; n++) fresh.push(await newcomer())
    idle.unshift(...fresh)
  }

  // On a busy machine somebody may be turned away.
  async function newcomer(triesLeft = 5): Promise<Visitor> {
    const one = createVisitor(storefront, visits, seen)
    try {
      await one.register(`scenario-${run}-${visits++}`)
      return one
    } catch (error) {
      if (triesLeft === 0) throw error
      await Bun.sleep(500)
      return newcomer(triesLeft - 1)
    }
  }

  function beginWhatIsDue(): void {
    owed = {
      ordersPerS: Math.min(owed.ordersPerS + (rates.ordersPerS * tickMs) / 1000, shoppers),
      viewsPerS: Math.min(owed.viewsPerS + (rates.viewsPerS * tickMs) / 1000, mostViews),
    }
    for (; owed.viewsPerS >= 1 && views < mostViews; owed.viewsPerS--) look()
    if (isResting) owed.ordersPerS = 0
    for (; owed.ordersPerS >= 1 && idle.length > 0; owed.ordersPerS--) order(idle.shift() as Visitor)
  }

  async function look(): Promise<void> {
    views++
    const one = createVisitor(storefront, visits++, seen)
    await one.get(paths[visits % paths.length] as string).catch(() => undefined)
    views--
  }

  function order(one: Visitor): void {
    const { productIds } = rates
    const productId = productIds[Math.floor(Math.random() * productIds.length)] as string
    const visit = buy(one, productId, history, () => isOver)
      .catch(() => undefined)
      .finally(() => {
        buying.delete(visit)
        idle.push(one)
      })
    buying.add(visit)
  }
}

export type Load = Awaited<ReturnType<typeof startLoad>>
