import { expect, test } from 'bun:test'
import { readEndpoints } from '../../stack/endpoints'
import { runCheck } from './check'
import { journeyChecks } from './journey'
import { identifyLogServer } from './log-server'

test('without an order nothing is looked for that it would have left', async () => {
  const nowhere = 'http://127.0.0.1:9'
  const places = await readEndpoints({
    FRONTEND_URL: nowhere,
    PRODUCT_SERVICE_URL: nowhere,
    JAEGER_URL: nowhere,
    LOKI_URL: nowhere,
  })
  const [placed, ...looked] = await Promise.all(
    journeyChecks(places, await identifyLogServer(places))
      .slice(0, 6)
      .map(runCheck),
  )
  expect(placed?.ok).toBe(false)
  expect(new Set(looked.map(({ seen }) => seen))).toEqual(new Set(['not asked: no order could be placed']))
})
