import { expect, test } from 'bun:test'
import { readEndpoints } from '../../stack/endpoints'
import { runCheck } from './check'
import { journeyChecks } from './journey'
import { identifyLogServer } from './log-server'

test('without an order, the checks of its telemetry are skipped', async () => {
  const unreachable = 'http://127.0.0.1:9'
  const endpoints = await readEndpoints({
    FRONTEND_URL: unreachable,
    PRODUCT_SERVICE_URL: unreachable,
    JAEGER_URL: unreachable,
    LOKI_URL: unreachable,
  })
  const [order, ...others] = await Promise.all(
    journeyChecks(endpoints, await identifyLogServer(endpoints))
      .slice(0, 6)
      .map(runCheck),
  )
  expect(order?.ok).toBe(false)
  expect(new Set(others.map(({ seen }) => seen))).toEqual(new Set(['skipped: no order could be placed']))
})
