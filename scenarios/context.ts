import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { isLauncherRunning } from '../launch/control'
import { clearFaults, type Fault, setFault } from '../src/faults/fault-file'
import type { FaultKey } from '../src/faults/flags'
import { type Endpoints, readEndpoints } from '../stack/endpoints'
import { withRunningStack } from '../stack/running-stack'
import { type AuditResult, audit } from './audit'
import { createCheckoutHistory } from './checkout-history'
import { readDatabaseSnapshot } from './database-snapshot'
import { type Load, startLoad } from './load'
import { createProcessControl, type ProcessControl } from './processes'
import { startTemporaryStack } from './start-temporary-stack'
import { createStockAdmin } from './stock'

export interface ScenarioContext extends Pick<ProcessControl, 'kill' | 'start'> {
  endpoints: Endpoints
  /** Whether stack and shop are there for this run only. */
  isTemporary: boolean
  load: Load
  /** A product that nobody buys by chance. */
  spareProduct: { id: string; slug: string }
  /** Sets its pieces, as an administrator. */
  setStock(productId: string, pieces: number): Promise<void>
  /** Turns a flag on; all are off after the scenario. */
  setFault(flag: FaultKey, fault: Fault): void
  /** Ends all that is wrong: flags off, what was killed runs, load as usual. */
  revertAll(): Promise<void>
  /** Compares what shoppers were told with the databases, when all orders are settled. */
  audit(): Promise<AuditResult>
  close(): Promise<void>
}

type Env = Record<string, string | undefined>

const settledWithinMs = 40_000

/**
 * The running stack and shop, if both run, else own ones in a temporary folder; and shoppers who use it. `ctrlC` ends what
 * was started.
 */
export async function openScenarioContext(
  given: Env,
  say: (line: string) => void,
  ctrlC: AbortSignal,
): Promise<ScenarioContext> {
  if (await bothRun(given)) return inhabit(given, false, say, async () => {})
  const dir = mkdtempSync(`${tmpdir()}/vitrine-scenarios-`)
  const own = startTemporaryStack(dir, say, ctrlC)
  const close = async () => {
    await own.end()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await own.ready
    return await inhabit({ ...given, ...own.env }, true, say, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function bothRun(env: Env): Promise<boolean> {
  if (!(await withRunningStack(env)).notice) return false
  return isLauncherRunning(`${dataOf(env)}/dev.sock`)
}

async function inhabit(
  env: Env,
  isTemporary: boolean,
  say: (line: string) => void,
  close: () => Promise<void>,
): Promise<ScenarioContext> {
  const endpoints = await readEndpoints(env)
  const { env: databases } = await withRunningStack(env)
  const dataDir = dataOf(env)
  const faults = `${dataDir}/faults.json`
  const urls = {
    order: databases.ORDER_DATABASE_URL ?? `${dataDir}/order.sqlite`,
    product: databases.PRODUCT_DATABASE_URL ?? `${dataDir}/product.sqlite`,
  }
  const history = createCheckoutHistory()
  const processes = createProcessControl(resolve(env.VITRINE_STACK_DIR || '.stack'), dataDir)
  const shelf = await createStockAdmin(endpoints, history)
  // Before the shelf is filled: what that adds is counted as restocked.
  const before = await readDatabaseSnapshot(urls)
  await shelf.refill()
  say('les clients s’inscrivent…')
  const load = await startLoad({
    ...{ storefront: endpoints.shop.frontend, history, productIds: shelf.regularProductIds },
    ...{ ordersPerS: Number(env.SCENARIO_ORDERS_PER_S ?? 3), viewsPerS: Number(env.SCENARIO_VIEWS_PER_S ?? 9) },
  })
  return {
    ...{
      endpoints,
      isTemporary,
      load,
      spareProduct: shelf.spareProduct,
      setStock: shelf.stock,
      kill: processes.kill,
      start: processes.start,
    },
    setFault: (flag, fault) => setFault(faults, flag, fault),
    async revertAll() {
      load.setRates()
      clearFaults(faults)
      await processes.startKilled()
    },
    audit: () => load.withOrdersPaused(settledBooks),
    async close() {
      await load.stop()
      await close()
    },
  }

  // What a crash left undecided is settled by the sweep, some ten seconds later.
  async function settledBooks(): Promise<AuditResult> {
    const endMs = performance.now() + settledWithinMs
    for (;;) {
      const told = { attempts: history.attempts(), restocked: history.restocked, isExclusive: isTemporary }
      const result = audit(told, before, await readDatabaseSnapshot(urls))
      if (result.ok || performance.now() > endMs) return result
      await Bun.sleep(500)
    }
  }
}

const dataOf = (env: Env): string => resolve(env.VITRINE_DATA || '.data')
