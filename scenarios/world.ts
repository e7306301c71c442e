import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { isLauncherRunning } from '../launch/control'
import { clearFaults, type Fault, setFault } from '../src/faults/file'
import type { FaultKey } from '../src/faults/flags'
import { type Endpoints, readEndpoints } from '../stack/read-endpoints'
import { withRunningStack } from '../stack/running-stack'
import { audit, type Books } from './books'
import { createLedger } from './ledger'
import { type Load, startLoad } from './load'
import { type Processes, processesOf } from './processes'
import { readRows } from './rows'
import { createShelf } from './shelf'
import { startOwn } from './start-own'

export interface World extends Pick<Processes, 'kill' | 'start'> {
  places: Endpoints
  /** Whether stack and shop are there for this run only. */
  isOwn: boolean
  load: Load
  /** A product that nobody buys by chance. */
  spare: { id: string; slug: string }
  /** Sets its pieces, as an administrator. */
  stock(productId: string, pieces: number): Promise<void>
  /** Turns a flag on; all are off after the scenario. */
  fault(flag: FaultKey, fault: Fault): void
  /** Ends all that is wrong: flags off, what was killed runs, load as usual. */
  heal(): Promise<void>
  /** Compares what shoppers were told with the databases, when all orders are settled. */
  audit(): Promise<Books>
  close(): Promise<void>
}

type Env = Record<string, string | undefined>

const settledWithinMs = 40_000

/**
 * The running stack and shop, if both run, else own ones in a temporary folder; and shoppers who use it. `ctrlC` ends what
 * was started.
 */
export async function openWorld(given: Env, say: (line: string) => void, ctrlC: AbortSignal): Promise<World> {
  if (await bothRun(given)) return inhabit(given, false, say, async () => {})
  const dir = mkdtempSync(`${tmpdir()}/vitrine-scenarios-`)
  const own = startOwn(dir, say, ctrlC)
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
  isOwn: boolean,
  say: (line: string) => void,
  close: () => Promise<void>,
): Promise<World> {
  const places = await readEndpoints(env)
  const { env: databases } = await withRunningStack(env)
  const dataDir = dataOf(env)
  const faults = `${dataDir}/faults.json`
  const urls = {
    order: databases.ORDER_DATABASE_URL ?? `${dataDir}/order.sqlite`,
    product: databases.PRODUCT_DATABASE_URL ?? `${dataDir}/product.sqlite`,
  }
  const ledger = createLedger()
  const processes = processesOf(resolve(env.VITRINE_STACK_DIR || '.stack'), dataDir)
  const shelf = await createShelf(places, ledger)
  // Before the shelf is filled: what that adds is counted as restocked.
  const before = await readRows(urls)
  await shelf.fill()
  say('les clients s’inscrivent…')
  const load = await startLoad({
    ...{ storefront: places.shop.frontend, ledger, productIds: shelf.bought },
    ...{ ordersPerS: Number(env.SCENARIO_ORDERS_PER_S ?? 3), viewsPerS: Number(env.SCENARIO_VIEWS_PER_S ?? 9) },
  })
  return {
    ...{ places, isOwn, load, spare: shelf.spare, stock: shelf.stock, kill: processes.kill, start: processes.start },
    fault: (flag, fault) => setFault(faults, flag, fault),
    async heal() {
      load.at()
      clearFaults(faults)
      await processes.startAll()
    },
    audit: () => load.rest(settledBooks),
    async close() {
      await load.stop()
      await close()
    },
  }

  // What a crash left undecided is settled by the sweep, some ten seconds later.
  async function settledBooks(): Promise<Books> {
    const endMs = performance.now() + settledWithinMs
    for (;;) {
      const told = { attempts: ledger.attempts(), restocked: ledger.restocked, isAll: isOwn }
      const books = audit(told, before, await readRows(urls))
      if (books.ok || performance.now() > endMs) return books
      await Bun.sleep(500)
    }
  }
}

const dataOf = (env: Env): string => resolve(env.VITRINE_DATA || '.data')
