import { openDatabase } from '../../src/database/database'
import { openFaults } from '../../src/faults/faults'
import { listen } from '../../src/listen'
import { runService } from '../../src/run-service'
import { serverTimingOptions } from '../../src/server-timing'
import { readSettings, requestLimits } from '../../src/settings'
import { startTelemetry } from '../../src/telemetry'
import { createUserApp } from './app'
import { seedAdmin } from './seed'
import { userSettings } from './settings'

runService('user-service', async () => {
  const settings = readSettings(process.env, userSettings)
  const faults = await openFaults('user-service', settings)
  const telemetry = startTelemetry('user-service', { settings, faults })
  const migrations = `${import.meta.dir}/migrations`
  const database = await openDatabase({ telemetry, url: settings.DATABASE_URL, migrations, faults })
  if (settings.environmentName !== 'production') await seedAdmin(database.db)
  const app = createUserApp({
    database,
    telemetry,
    serviceKey: settings.SERVICE_KEY,
    trustedProxies: settings.TRUSTED_PROXIES,
    requestBudgetMs: settings.REQUEST_BUDGET_MS,
    ...requestLimits(settings),
    serverTiming: serverTimingOptions(settings.environmentName),
    faults,
  })
  listen(app, { telemetry, settings, close: database.close })
})
