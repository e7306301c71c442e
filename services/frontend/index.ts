import { openFaults } from '../../src/faults/faults'
import { listen } from '../../src/listen'
import { runService } from '../../src/run-service'
import { serverTimingOptions } from '../../src/server-timing'
import { serviceClient } from '../../src/service-client'
import { readSettings, requestLimits } from '../../src/settings'
import { startTelemetry } from '../../src/telemetry'
import type { OrderApi } from '../order/app'
import type { ProductApi } from '../product/app'
import type { UserApi } from '../user/app'
import { createPendingRevocations } from './account/pending-revocations'
import { createFrontendApp } from './app'
import { assetSamplingRules } from './assets'
import { frontendSettings } from './settings'

runService('frontend', async () => {
  const settings = readSettings(process.env, frontendSettings)
  const faults = await openFaults('frontend', settings)
  const telemetry = startTelemetry('frontend', { settings, faults, samplingRules: assetSamplingRules })
  const own = { telemetry, serviceKey: settings.SERVICE_KEY }
  const users = serviceClient<UserApi>({ ...own, peer: 'user-service', url: settings.USER_SERVICE_URL })
  const products = serviceClient<ProductApi>({ ...own, peer: 'product-service', url: settings.PRODUCT_SERVICE_URL })
  const orders = serviceClient<OrderApi>({ ...own, peer: 'order-service', url: settings.ORDER_SERVICE_URL })
  const shared = {
    sessionSecret: settings.SESSION_SECRET,
    trustedProxies: settings.TRUSTED_PROXIES,
    publicOrigin: settings.PUBLIC_ORIGIN,
    requestBudgetMs: settings.REQUEST_BUDGET_MS,
    ...requestLimits(settings),
    serverTiming: serverTimingOptions(settings.environmentName, settings.VITRINE_CONSOLE_URL),
    faults,
  }
  const pendingRevocations = createPendingRevocations({ path: settings.PENDING_REVOCATIONS_FILE, users, telemetry })
  const stopRevoking = pendingRevocations.start()
  listen(createFrontendApp({ ...own, ...shared, users, products, orders, pendingRevocations }), {
    telemetry,
    settings,
    stopBackgroundWork: stopRevoking,
  })
})
