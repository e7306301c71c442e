import { type AuditResult, audit, createCheckoutHistory } from '../../scenarios/audit'
import { type DatabaseSnapshot, readDatabaseSnapshot } from '../../scenarios/database-snapshot'
import { fetchJson } from '../../stack/clients/http'
import { openStockAdmin } from '../../stack/clients/stock-admin'
import { waitUntil } from '../wait-until'
import { type DatabaseName, openDatabases } from './databases'
import { chooseFaults } from './faults'
import { startInstances } from './instances'
import { createRandom } from './random'
import { startShoppers } from './shoppers'

export interface RoundsOptions {
  database: DatabaseName
  rounds: number
  seed: number
  /** Ends the run after the current round; the audit follows. */
  signal: AbortSignal
  print: (line: string) => void
}

export interface RoundsResult extends AuditResult {
  rounds: number
  /** Carts with more or less than what their shopper added, in spite of the form's key. */
  wrongCarts: number
  doubleClicks: number
  secondTabs: number
  retries: number
}

const shopperCount = 8
const plenty = 1_000_000
// These sell out early, later and late in a run, so that orders are refused too.
const scarce = [30, 100, 300]
// Guards against hanging only: a busy machine may be slow.
const timeoutMs = 180_000

/**
 * Kills, pauses and starves a shop in each round, while shoppers buy. A round ends when all is ready and one more order is
 * confirmed. In the end the responses that shoppers got are compared with the databases.
 * @throws Error when the shop does not recover
 */
export async function runRounds({ database, rounds, seed, signal, print }: RoundsOptions): Promise<RoundsResult> {
  const random = createRandom(seed)
  const databases = await openDatabases(database)
  if (!databases.fillDisk) print('without full disks: this process may not mount one')
  const fileOf = (title: string) => `${databases.dir}/${title.replace(' ', '-')}.sqlite`
  const instances = await startInstances(databases.urlOf, (title) => ({
    SEED_STOCK: String(plenty),
    PENDING_REVOCATIONS_FILE: fileOf(title),
  }))
  try {
    const { urls } = instances
    const prices = await stockProducts(urls)
    const databaseUrls = { order: databases.urlOf('order'), product: databases.urlOf('product') }
    const before = await readDatabaseSnapshot(databaseUrls)
    const history = createCheckoutHistory()
    const shoppers = startShoppers({ storefront: urls.frontend, history, random, prices, count: shopperCount })
    let done = 0
    while (done < rounds && !signal.aborted) {
      const faults = chooseFaults(random, { instances, databases })
      print(`round ${done + 1} of ${rounds}: ${faults.map(({ title }) => title).join(', ')}`)
      await Promise.all(faults.map(({ run }) => run()))
      await instances.startAll()
      const { confirmed } = shoppers.counts
      const outputs = () => instances.all.map(({ title, output }) => `${title}: ${output()}`).join('\n')
      await waitUntil(() => shoppers.counts.confirmed > confirmed, { timeoutMs, describe: outputs })
      done++
    }
    await shoppers.stop(timeoutMs)
    const now = await readSettled(() => readDatabaseSnapshot(databaseUrls))
    const { restocked } = history
    const result = audit({ attempts: history.attempts(), restocked, isExclusive: true }, before, now)
    const { confirmed: _, ...counts } = shoppers.counts
    return { ...result, ...counts, ok: result.ok && result.unanswered + counts.wrongCarts === 0, rounds: done }
  } finally {
    await instances.stop()
    await databases.stop()
  }
}

/** Makes some of the products scarce that shoppers buy. Returns prices in cents by slug. */
async function stockProducts({ user, product }: { user: string; product: string }): Promise<Map<string, number>> {
  const admin = await openStockAdmin({
    users: user,
    products: product,
    admin: { username: 'admin', password: 'admin123' },
  })
  const list = `${product}/api/products?limit=100`
  const { items } = await fetchJson<{ items: { id: string; slug: string; price_cents: number }[] }>(list)
  for (const [index, pieces] of scarce.entries()) await admin.setStock(items[index]?.id ?? '', pieces)
  return new Map(items.slice(0, scarce.length + 3).map(({ slug, price_cents }) => [slug, price_cents]))
}

/** The snapshot in which each order is settled; the last one after some minutes, if that never happens. */
async function readSettled(read: () => Promise<DatabaseSnapshot>): Promise<DatabaseSnapshot> {
  const isSettled = ({ orders }: DatabaseSnapshot) => orders.every((order) => order.isSettled)
  const wait = { timeoutMs, intervalMs: 500 }
  return waitUntil(async () => {
    const snapshot = await read()
    return isSettled(snapshot) && snapshot
  }, wait).catch(read)
}
