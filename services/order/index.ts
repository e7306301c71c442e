import { openDatabase } from '../../src/database/database'
import { openFaults } from '../../src/faults/faults'
import { listen } from '../../src/listen'
import { runService } from '../../src/run-service'
import { serverTimingOptions } from '../../src/server-timing'
import { serviceClient } from '../../src/service-client'
import { readSettings, requestLimits } from '../../src/settings'
import { startTelemetry } from '../../src/telemetry'
import type { ProductApi } from '../product/app'
import type { UserApi } from '../user/app'
import { createOrderApp } from './app'
import { type Checkpoint, createOrderContext } from './context'
import { orderSettings } from './settings'
import { startSweep } from './sweep-orders'

runService('order-service', async () => {
  const settings = readSettings(process.env, orderSettings)
  const faults = await openFaults('order-service', settings)
  const telemetry = startTelemetry('order-service', { settings, faults })
  const migrations = `${import.meta.dir}/migrations`
  const database = await openDatabase({ telemetry, url: settings.DATABASE_URL, migrations, faults })
  const own = { telemetry, serviceKey: settings.SERVICE_KEY }
  const users = serviceClient<UserApi>({ ...own, peer: 'user-service', url: settings.USER_SERVICE_URL })
  const products = serviceClient<ProductApi>({ ...own, peer: 'product-service', url: settings.PRODUCT_SERVICE_URL })
  const isProduction = settings.environmentName === 'production'
  const options = {
    ...own,
    trustedProxies: settings.TRUSTED_PROXIES,
    requestBudgetMs: settings.REQUEST_BUDGET_MS,
    ...requestLimits(settings),
    serverTiming: serverTimingOptions(settings.environmentName),
    faults,
    database,
    users,
    products,
    ...(!isProduction && { checkpoint: crashAt }),
  }
  const context = createOrderContext(options)
  const stopSweep = startSweep(context)
  listen(createOrderApp(options, context), {
    telemetry,
    settings,
    stopBackgroundWork: stopSweep,
    close: database.close,
  })
})

/** For the crash tests: kills the process at the checkpoint `CRASH_AT`, like a power failure. */
function crashAt(reached: Checkpoint): void {
  if (reached === process.env.CRASH_AT) process.kill(process.pid, 'SIGKILL')
}
