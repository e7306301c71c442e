import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { isLauncherRunning } from '../launch/control'
import type { Fault } from '../src/faults/fault'
import { clearFaults, setFault } from '../src/faults/fault-file'
import type { FaultKey } from '../src/faults/flags'
import { type Endpoints, readEndpoints } from '../stack/endpoints'
import { withRunningStack } from '../stack/running-stack'
import { type AuditResult, audit, createCheckoutHistory } from './audit'
import { readDatabaseSnapshot } from './database-snapshot'
import { type Load, startLoad } from './load'
import { createProcessControl, type ProcessControl } from './processes'
import { startTemporaryStack } from './start-temporary-stack'
import { createStockAdmin } from './stock'

/** What scenarios act on: the shop, its stack and its load. */
export interface ScenarioContext extends Pick<ProcessControl, 'kill' | 'start'> {
  endpoints: Endpoints
  /** Whether stack and shop run for this command only. */
  isTemporary: boolean
  load: Load
  /** A product that the default load does not buy. */
  spareProduct: { id: string; slug: string }
  /** Sets a product's stock, as an administrator. */
  setStock(productId: string, pieces: number): Promise<void>
  /** Sets a fault flag. `revertAll` clears all of them. */
  setFault(flag: FaultKey, fault: Fault): void
  /** Clears the faults, starts killed processes and restores the default load. */
  revertAll(): Promise<void>
  /** Compares the responses that shoppers got with the databases, once all orders are settled. */
  audit(): Promise<AuditResult>
  close(): Promise<void>
}

type Env = Record<string, string | undefined>

const settledWithinMs = 40_000

/**
 * Uses the running stack and shop if both run, otherwise starts temporary ones; then starts the load. `signal` aborts the start
 * of temporary ones.
 */
export async function openScenarioContext(
  env: Env,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<ScenarioContext> {
  if (await areBothRunning(env)) return createContext(env, false, print, async () => {})
  const dir = mkdtempSync(`${tmpdir()}/vitrine-scenarios-`)
  const stack = startTemporaryStack(dir, print, signal)
  const close = async () => {
    await stack.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await stack.ready
    return await createContext({ ...env, ...stack.env }, true, print, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function areBothRunning(env: Env): Promise<boolean> {
  if (!(await withRunningStack(env)).notice) return false
  return isLauncherRunning(`${dataDirOf(env)}/dev.sock`)
}

async function createContext(
  env: Env,
  isTemporary: boolean,
  print: (line: string) => void,
  close: () => Promise<void>,
): Promise<ScenarioContext> {
  const endpoints = await readEndpoints(env)
  const { env: databases } = await withRunningStack(env)
  const dataDir = dataDirOf(env)
  const faults = `${dataDir}/faults.json`
  const urls = {
    order: databases.ORDER_DATABASE_URL ?? `${dataDir}/order.sqlite`,
    product: databases.PRODUCT_DATABASE_URL ?? `${dataDir}/product.sqlite`,
  }
  const history = createCheckoutHistory()
  const processes = createProcessControl(resolve(env.VITRINE_STACK_DIR || '.stack'), dataDir)
  const stock = await createStockAdmin(endpoints, history)
  // Before the refill, whose pieces the history counts.
  const before = await readDatabaseSnapshot(urls)
  await stock.refill()
  print('shoppers sign in…')
  const load = await startLoad({
    ...{ storefront: endpoints.shop.frontend, history, productIds: stock.regularProductIds },
    ...{ ordersPerS: Number(env.SCENARIO_ORDERS_PER_S ?? 3), viewsPerS: Number(env.SCENARIO_VIEWS_PER_S ?? 9) },
  })
  return {
    ...{ endpoints, isTemporary, load, spareProduct: stock.spareProduct, setStock: stock.setStock },
    ...{ kill: processes.kill, start: processes.start },
    setFault: (flag, fault) => setFault(faults, flag, fault),
    async revertAll() {
      load.setRates()
      clearFaults(faults)
      await processes.startKilled()
    },
    audit: () => load.withOrdersPaused(auditWhenSettled),
    async close() {
      await load.stop()
      await close()
    },
  }

  // Order-service's sweep settles orders that a crash left undecided, about ten seconds later.
  async function auditWhenSettled(): Promise<AuditResult> {
    const endMs = performance.now() + settledWithinMs
    for (;;) {
      const input = { attempts: history.attempts(), restocked: history.restocked, isExclusive: isTemporary }
      const result = audit(input, before, await readDatabaseSnapshot(urls))
      if (result.ok || performance.now() > endMs) return result
      await Bun.sleep(500)
    }
  }
}

const dataDirOf = (env: Env): string => resolve(env.VITRINE_DATA || '.data')
