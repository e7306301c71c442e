import { expect, test } from 'bun:test'
import { summarizeRun } from '../report/summary'
import { renderText } from '../report/text'
import { readSettings } from '../settings'
import type { Clock } from './clock'
import type { BrowserResponse } from './engine'
import { createLoadTest } from './load-test'
import { createVirtualClock } from './virtual-clock'

test('a shop that is well holds every threshold, and each journey begins when it was planned to', async () => {
  const began: number[] = []
  const { exitCode, figures } = await loadTest({}, (clock) => {
    began.push(clock.nowMs())
    return clock.nowMs() + 20
  })
  expect(began).toEqual(Array.from({ length: 20 }, (_none, n) => n * 500))
  expect({ exitCode, ...figures }).toMatchObject({
    exitCode: 0,
    passed: true,
    valid: true,
    lag: { p99_ms: 0, limit_ms: 20 },
    journeys: { made: 20, dropped: 0, ended_share: 1 },
    all: { requests: 20, failed_share: 0, p50_ms: expect.closeTo(20, 1), max_ms: expect.closeTo(20, 1) },
  })
})

test('visitors come as planned while the shop is slow', async () => {
  const began: number[] = []
  const { exitCode, figures } = await loadTest({}, (clock) => {
    began.push(clock.nowMs())
    return clock.nowMs() + 5000
  })
  expect(began.at(-1)).toBe(9500)
  expect(figures.all.p50_ms).toBeCloseTo(5000, -1)
  expect(exitCode).toBe(99)
})

test('a stall of 5 s in a run of 30 s is in the 99th percentile', async () => {
  const { figures } = await loadTest({ RATE: '100', DURATION_S: '30' }, (clock) => {
    const now = clock.nowMs()
    return now >= 10_000 && now < 15_000 ? 15_000 : now + 2
  })
  expect(figures.all.p50_ms).toBeCloseTo(2, 1)
  expect(figures.all.p99_ms).toBeGreaterThan(4500)
  expect(figures.all.p99_ms).toBeLessThan(6000)
})

test('an engine that is late says so: its durations begin at the planned start, and its run is not valid', async () => {
  const lateMs = (() => {
    let sleeps = 0
    return () => (++sleeps % 10 === 0 ? 45 : 0)
  })()
  const { exitCode, figures, text } = await loadTest({}, (clock) => clock.nowMs() + 20, lateMs)
  expect({ exitCode, ...figures }).toMatchObject({ exitCode: 75, valid: false })
  expect(figures.lag?.p99_ms).toBeGreaterThan(20)
  expect(figures.all.max_ms).toBeGreaterThan(60)
  expect(figures.all_from_sending?.max_ms).toBeLessThan(figures.all.max_ms)
  expect(text).toContain('NOT VALID: the load engine itself was late')

  const tolerant = await loadTest({ MAX_LAG_MS: '100' }, (clock) => clock.nowMs() + 20, lateMs)
  expect(tolerant).toMatchObject({ exitCode: 0, figures: { valid: true, lag: { limit_ms: 100 } } })
})

test('journeys that can’t begin because too many are on the way are counted, and fail the run', async () => {
  // 64 may be on the way: three times as many as with a fast shop, and ten more.
  const { exitCode, figures } = await loadTest({ RATE: '10', DURATION_S: '20' }, (clock) => clock.nowMs() + 15_000)
  expect(figures.journeys.dropped).toBeGreaterThan(0)
  expect(figures.journeys.made + figures.journeys.dropped).toBe(200)
  expect(figures.thresholds.find(({ metric }) => metric === 'dropped_iterations')).toMatchObject({ ok: false })
  expect(exitCode).toBe(99)
})

test('a shop that never responds has failed, not vanished: what still waits when the run ends is counted', async () => {
  const { exitCode, figures } = await loadTest({ DURATION_S: '5' }, () => Number.POSITIVE_INFINITY)
  expect({ exitCode, ...figures }).toMatchObject({
    exitCode: 99,
    all: { requests: 10, failed_share: 1 },
    journeys: { made: 10, ended_share: 0 },
  })
  expect(figures.thresholds.find(({ metric }) => metric === 'http_req_failed{step:home}')).toMatchObject({
    ok: false,
    failed: [{ status: 0, error: 'no response when the run ended' }, {}, {}],
  })
})

test('a breakpoint search ends on the first stair that does not hold', async () => {
  const settings = { SHAPE: 'breakpoint', RATE: '20', DURATION_S: '40' }
  // Five seconds in, on the second stair, the shop has enough.
  const { exitCode, figures, endMs } = await loadTest(
    settings,
    (clock) => clock.nowMs() + (clock.nowMs() < 5000 ? 10 : 900),
  )
  expect(exitCode).toBe(99)
  expect(figures.stairs.map(({ rate, ok }) => [rate, ok])).toEqual([
    [2, true],
    [4, false],
  ])
  expect(endMs).toBeLessThan(10_000)
})

test('Ctrl-C ends it with what it has', async () => {
  const { exitCode, figures } = await loadTest({ DURATION_S: '60' }, (clock, stop) => {
    if (clock.nowMs() > 4000) stop()
    return clock.nowMs() + 5
  })
  expect(exitCode).toBe(105)
  expect(figures.journeys.made).toBe(9)
})

test('a shop that lets no shopper sign in ends it before it begins', async () => {
  const failing = loadTest({ JOURNEY: 'order' }, (clock) => clock.nowMs() + 5, undefined, 503)
  await expect(failing).rejects.toThrow('no shopper can sign in at http://shop.test: register_form failed')
})

/** Runs a test of the home page in virtual time. @param respondAt when the response to a request that starts now comes */
async function loadTest(
  env: Record<string, string>,
  respondAt: (clock: Clock, stop: () => void) => number,
  lateMs?: () => number,
  status = 200,
) {
  const settings = readSettings({ JOURNEY: 'home', URL: 'http://shop.test', ...env })
  const { clock, runUntilSettled } = createVirtualClock(lateMs)
  const response: BrowserResponse = { status, html: '<a href="/product/x">', location: '', traceId: 'ab', error: '' }
  const load = createLoadTest({
    settings,
    clock,
    async send() {
      const at = respondAt(clock, () => load.stop())
      if (at === Number.POSITIVE_INFINITY) await new Promise(() => {})
      await clock.sleepUntil(at)
      return response
    },
    write: () => {},
    columns: undefined,
    warn: () => {},
  })
  const { exitCode, result, notableRequests } = await runUntilSettled(load.run())
  const figures = summarizeRun(JSON.parse(JSON.stringify(result)), settings, notableRequests, 'built-in')
  return { exitCode, figures, text: renderText(figures), endMs: clock.nowMs() }
}
