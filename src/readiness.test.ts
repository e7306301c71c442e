import { expect, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { useFakeClock } from '../test/clock'
import { serviceKey } from '../test/shop'
import { createService } from './service'

function open(ready: () => Promise<unknown>) {
  const clock = useFakeClock()
  const service = createService({ telemetry: recordTelemetry().telemetry('x-service'), serviceKey, ready })
  const probe = async () => {
    const response = await service.request('/ready')
    return { code: response.status, ...((await response.json()) as { reason?: string }) }
  }
  return { clock, probe }
}

test('/ready is 503 after a second when its check hangs, and checks again for the next probe', async () => {
  let hangs = true
  const { clock, probe } = open(() => (hangs ? new Promise(() => {}) : Promise.resolve()))

  expect(await clock.advanceDuring(probe())).toMatchObject({ code: 503, reason: 'timeout' })

  hangs = false
  expect(await clock.advanceDuring(probe())).toMatchObject({ code: 200, status: 'ready' })
})

test('probes at the same time share one check', async () => {
  let checks = 0
  const { clock, probe } = open(async () => {
    checks++
    await Bun.sleep(10)
    throw new Error('no database')
  })

  const responses = await clock.advanceDuring(Promise.all([probe(), probe(), probe()]))

  for (const response of responses) expect(response).toMatchObject({ code: 503, reason: 'database' })
  expect(checks).toBe(1)
})
