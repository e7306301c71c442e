import { openDatabase } from '../../src/database/database'
import { openFaults } from '../../src/faults/faults'
import { listen } from '../../src/listen'
import { runService } from '../../src/run-service'
import { serverTimingOptions } from '../../src/server-timing'
import { serviceClient } from '../../src/service-client'
import { readSettings, requestLimits } from '../../src/settings'
import { startTelemetry } from '../../src/telemetry'
import type { UserApi } from '../user/app'
import { createProductApp } from './app'
import { fillSearchColumns } from './search-columns'
import { defaultStock, seedCatalog } from './seed'
import { productSettings } from './settings'

runService('product-service', async () => {
  const settings = readSettings(process.env, productSettings)
  const faults = await openFaults('product-service', settings)
  const telemetry = startTelemetry('product-service', { settings, faults })
  const migrations = `${import.meta.dir}/migrations`
  const database = await openDatabase({ telemetry, url: settings.DATABASE_URL, migrations, faults })
  const isProduction = settings.environmentName === 'production'
  await seedCatalog(database.db, isProduction ? defaultStock : settings.SEED_STOCK)
  await fillSearchColumns(database.db)
  const serviceKey = settings.SERVICE_KEY
  const users = serviceClient<UserApi>({ telemetry, serviceKey, peer: 'user-service', url: settings.USER_SERVICE_URL })
  const app = createProductApp({
    database,
    users,
    telemetry,
    serviceKey,
    trustedProxies: settings.TRUSTED_PROXIES,
    requestBudgetMs: settings.REQUEST_BUDGET_MS,
    ...requestLimits(settings),
    serverTiming: serverTimingOptions(settings.environmentName),
    faults,
  })
  listen(app, { telemetry, settings, close: database.close })
})
