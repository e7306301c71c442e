import { expect, test } from 'bun:test'
import { summarizeRun } from '../report/summary'
import { renderText } from '../report/text'
import { readSettings } from '../settings'
import type { Clock } from './clock'
import type { BrowserResponse } from './engine'
import { createLoadTest } from './load-test'
import { createVirtualClock } from './virtual-clock'

test('a fast shop passes every threshold, and each journey starts at its planned time', async () => {
  const startedMs: number[] = []
  const { exitCode, summary } = await loadTest({}, (clock) => {
    startedMs.push(clock.nowMs())
    return clock.nowMs() + 20
  })
  expect(startedMs).toEqual(Array.from({ length: 20 }, (_none, n) => n * 500))
  expect({ exitCode, ...summary }).toMatchObject({
    exitCode: 0,
    passed: true,
    valid: true,
    lag: { p99_ms: 0, limit_ms: 20 },
    journeys: { made: 20, dropped: 0, ended_share: 1 },
    all: { requests: 20, failed_share: 0, p50_ms: expect.closeTo(20, 1), max_ms: expect.closeTo(20, 1) },
  })
})

test('journeys start as planned while the shop is slow', async () => {
  const startedMs: number[] = []
  const { exitCode, summary } = await loadTest({}, (clock) => {
    startedMs.push(clock.nowMs())
    return clock.nowMs() + 5000
  })
  expect(startedMs.at(-1)).toBe(9500)
  expect(summary.all.p50_ms).toBeCloseTo(5000, -1)
  expect(exitCode).toBe(99)
})

test('a stall of 5 s in a run of 30 s is in the 99th percentile', async () => {
  const { summary } = await loadTest({ RATE: '100', DURATION_S: '30' }, (clock) => {
    const now = clock.nowMs()
    return now >= 10_000 && now < 15_000 ? 15_000 : now + 2
  })
  expect(summary.all.p50_ms).toBeCloseTo(2, 1)
  expect(summary.all.p99_ms).toBeGreaterThan(4500)
  expect(summary.all.p99_ms).toBeLessThan(6000)
})

test('the run of a late engine is not valid, and its durations begin at the planned start', async () => {
  const lateMs = (() => {
    let sleeps = 0
    return () => (++sleeps % 10 === 0 ? 45 : 0)
  })()
  const { exitCode, summary, text } = await loadTest({}, (clock) => clock.nowMs() + 20, lateMs)
  expect({ exitCode, ...summary }).toMatchObject({ exitCode: 75, valid: false })
  expect(summary.lag?.p99_ms).toBeGreaterThan(20)
  expect(summary.all.max_ms).toBeGreaterThan(60)
  expect(summary.all_from_sending?.max_ms).toBeLessThan(summary.all.max_ms)
  expect(text).toContain('NOT VALID: the load engine itself was late')

  const tolerant = await loadTest({ MAX_LAG_MS: '100' }, (clock) => clock.nowMs() + 20, lateMs)
  expect(tolerant).toMatchObject({ exitCode: 0, summary: { valid: true, lag: { limit_ms: 100 } } })
})

test('journeys above the limit of active ones are counted as dropped, and fail the run', async () => {
  // The limit is 64: three times the number of a fast shop, plus ten.
  const { exitCode, summary } = await loadTest({ RATE: '10', DURATION_S: '20' }, (clock) => clock.nowMs() + 15_000)
  expect(summary.journeys.dropped).toBeGreaterThan(0)
  expect(summary.journeys.made + summary.journeys.dropped).toBe(200)
  expect(summary.thresholds.find(({ metric }) => metric === 'dropped_iterations')).toMatchObject({ ok: false })
  expect(exitCode).toBe(99)
})

test('requests that are pending when the run ends count as failed', async () => {
  const { exitCode, summary } = await loadTest({ DURATION_S: '5' }, () => Number.POSITIVE_INFINITY)
  expect({ exitCode, ...summary }).toMatchObject({
    exitCode: 99,
    all: { requests: 10, failed_share: 1 },
    journeys: { made: 10, ended_share: 0 },
  })
  expect(summary.thresholds.find(({ metric }) => metric === 'http_req_failed{step:home}')).toMatchObject({
    ok: false,
    failed: [{ status: 0, error: 'no response when the run ended' }, {}, {}],
  })
})

test('the text lists each failed request once, and one for each trace', async () => {
  const traceIds = ['shed', 'shed', 'other', 'shed', ...Array(16).fill('later')]
  const { summary, text } = await loadTest(
    {},
    (clock) => clock.nowMs() + 20,
    undefined,
    503,
    () => traceIds.shift(),
  )
  const failed = summary.thresholds.filter(({ ok }) => !ok)
  expect(failed.length).toBeGreaterThan(2)
  for (const one of failed) expect(one.failed.map(({ trace_id }) => trace_id)).toEqual(['shed', 'other', 'later'])
  expect(text.match(/failed {3}\S+/g)).toEqual(['failed   shed', 'failed   other', 'failed   later'])
})

test('a breakpoint search ends on the first stair that fails', async () => {
  const settings = { SHAPE: 'breakpoint', RATE: '20', DURATION_S: '40' }
  // After five seconds, on the second stair, the shop is overloaded.
  const { exitCode, summary, endMs } = await loadTest(
    settings,
    (clock) => clock.nowMs() + (clock.nowMs() < 5000 ? 10 : 900),
  )
  expect(exitCode).toBe(99)
  expect(summary.stairs.map(({ rate, ok }) => [rate, ok])).toEqual([
    [2, true],
    [4, false],
  ])
  expect(endMs).toBeLessThan(10_000)
})

test('Ctrl-C ends the run with the results so far', async () => {
  const { exitCode, summary } = await loadTest({ DURATION_S: '60' }, (clock, stop) => {
    if (clock.nowMs() > 4000) stop()
    return clock.nowMs() + 5
  })
  expect(exitCode).toBe(105)
  expect(summary.journeys.made).toBe(9)
})

test('a run does not start when no shopper can sign in', async () => {
  const failing = loadTest({ JOURNEY: 'order' }, (clock) => clock.nowMs() + 5, undefined, 503)
  await expect(failing).rejects.toThrow('no shopper can sign in at http://shop.test: register_form failed')
})

/**
 * Runs a test of the home page in virtual time.
 * @param respondAt returns when a request that is sent now gets its response
 * @param nextTraceId returns the `X-Trace-Id` of each response
 */
async function loadTest(
  env: Record<string, string>,
  respondAt: (clock: Clock, stop: () => void) => number,
  lateMs?: () => number,
  status = 200,
  nextTraceId: () => string | undefined = () => 'ab',
) {
  const settings = readSettings({ JOURNEY: 'home', URL: 'http://shop.test', ...env })
  const { clock, runUntilSettled } = createVirtualClock(lateMs)
  const response: Omit<BrowserResponse, 'traceId'> = { status, html: '<a href="/product/x">', location: '', error: '' }
  const test = createLoadTest({
    settings,
    clock,
    async send() {
      const at = respondAt(clock, () => test.stop())
      if (at === Number.POSITIVE_INFINITY) await new Promise(() => {})
      await clock.sleepUntil(at)
      return { ...response, traceId: nextTraceId() ?? '' }
    },
    write: () => {},
    columns: undefined,
    warn: () => {},
  })
  const { exitCode, result, notableRequests } = await runUntilSettled(test.run())
  const summary = summarizeRun(JSON.parse(JSON.stringify(result)), settings, notableRequests, 'built-in')
  return { exitCode, summary, text: renderText(summary), endMs: clock.nowMs() }
}
