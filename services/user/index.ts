import { openDatabase } from '../../src/database/database'
import { openFaults } from '../../src/faults/faults'
import { listen } from '../../src/listen'
import { runService } from '../../src/run-service'
import { serverTimingOptions } from '../../src/server-timing'
import { readSettings, requestLimits } from '../../src/settings'
import { startTelemetry } from '../../src/telemetry'
import { refuseDevelopmentCredentials } from './administrators'
import { createUserApp } from './app'
import { createUserContext } from './context'
import { seedAdmin } from './seed'
import { userSettings } from './settings'
import { startSweep } from './sweep-expired'

runService('user-service', async () => {
  const settings = readSettings(process.env, userSettings)
  const faults = await openFaults('user-service', settings)
  const telemetry = startTelemetry('user-service', { settings, faults })
  const migrations = `${import.meta.dir}/migrations`
  const database = await openDatabase({ telemetry, url: settings.DATABASE_URL, migrations, faults })
  if (settings.environmentName === 'production') await refuseDevelopmentCredentials(database)
  else await seedAdmin(database.db)
  const options = {
    database,
    telemetry,
    serviceKey: settings.SERVICE_KEY,
    trustedProxies: settings.TRUSTED_PROXIES,
    requestBudgetMs: settings.REQUEST_BUDGET_MS,
    ...requestLimits(settings),
    serverTiming: serverTimingOptions(settings.environmentName),
    faults,
  }
  const context = createUserContext(options)
  const stopSweep = startSweep(context)
  listen(createUserApp(options, context), {
    telemetry,
    settings,
    stopBackgroundWork: stopSweep,
    close: database.close,
  })
})
