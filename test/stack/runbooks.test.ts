import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { alerts } from '../../observability/alerts'
import { type RunbookQuery, readRunbook, runbookQueriesOf, runRunbookQuery } from '../../observability/runbooks'
import { createCheckoutHistory } from '../../scenarios/audit'
import { scenarios } from '../../scenarios/catalog'
import { startLoad } from '../../scenarios/load'
import { createStockAdmin } from '../../scenarios/stock'
import { setFault } from '../../src/faults/fault-file'
import { type Endpoints, readEndpoints } from '../../stack/endpoints'
import { isMissing } from '../requirements'
import { startShop, startStack } from './start-stack'

const fired = new Set(
  scenarios.flatMap((one) => one.alerts.filter(({ requiresShrink }) => !requiresShrink).map(({ name }) => name)),
)
const unfired = alerts.filter(({ name }) => !fired.has(name))
const resultsTimeoutMs = 180_000

/** Alerts that no scenario fires with unshortened windows: each of their queries must return rows under this load. */
describe.skipIf(isMissing('stack'))('the runbooks, with a shop under load that fails now and then', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-runbooks-`)
  let endpoints: Endpoints
  const ends: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const stack = await startStack()
    ends.unshift(stack.stop)
    const faults = `${dir}/faults.json`
    const shop = await startShop(stack.endpoints.collector, { FAULTS_FILE: faults, TRUSTED_PROXIES: '127.0.0.1,::1' })
    ends.unshift(shop.stop)
    endpoints = await readEndpoints({ VITRINE_STACK_DIR: stack.dir, VITRINE_BASE_PORT: new URL(shop.url).port })
    const history = createCheckoutHistory()
    const stock = await createStockAdmin(endpoints, history)
    await stock.refill()
    const rates = { ordersPerS: 2, viewsPerS: 4, productIds: stock.regularProductIds }
    const load = await startLoad({ storefront: shop.url, history, shoppers: 8, ...rates })
    ends.unshift(load.stop)
    setFault(faults, 'http-error', { value: 500, service: 'product-service', percent: 10 })
    setFault(faults, 'http-latency', { value: 400, service: 'order-service', percent: 20 })
    setFault(faults, 'checkout-discard', { value: 1, service: 'frontend', percent: 50 })
  }, 180_000)

  afterAll(async () => {
    for (const end of ends) await end()
    rmSync(dir, { recursive: true })
  }, 180_000)

  test.each(unfired)(
    '$name, which no scenario fires at full length: each of its queries has a result',
    async ({ name }) => {
      const endMs = performance.now() + resultsTimeoutMs
      let empty = runbookQueriesOf(readRunbook(name))
      while (empty.length > 0 && performance.now() < endMs) {
        // Rejected queries are tested below; a busy server is queried again.
        const responses = await Promise.all(empty.map((query) => runRunbookQuery(query, endpoints).catch(() => [])))
        empty = empty.filter((_query, index) => responses[index]?.length === 0)
        await Bun.sleep(1000)
      }
      expect(empty).toEqual([])
    },
    resultsTimeoutMs + 30_000,
  )

  test.each(alerts)('$name: servers accept each of its queries', async ({ name }) => {
    expect(await Promise.all(runbookQueriesOf(readRunbook(name)).map(refusal))).not.toContainEqual(expect.any(String))
  })

  test('an invalid query is rejected', async () => {
    expect(await refusal({ kind: 'promql', text: 'sum by (service_name) (up' })).toContain('parse error')
    expect(await refusal({ kind: 'logql', text: '{service_name=~".*"}' })).toContain('matcher')
  })

  const refusal = (query: RunbookQuery): Promise<string | undefined> =>
    runRunbookQuery(query, endpoints).then(
      () => undefined,
      (error: Error) => error.message,
    )
})
