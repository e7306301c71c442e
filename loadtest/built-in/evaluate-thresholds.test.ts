import { expect, test } from 'bun:test'
import { readSettings } from '../settings'
import { shapeNames, stairsOf } from '../shapes'
import { thresholdsOf } from '../thresholds'
import { engineResultOf, shouldAbort, thresholdHolds } from './evaluate-thresholds'
import { createMetrics, createTrend } from './metrics'

const metrics = createMetrics()
for (let n = 0; n < 10; n++) metrics.observer.journey?.({ rate: undefined, hasReachedEnd: n !== 0 })
for (let n = 0; n < 3; n++) metrics.observer.dropped?.('4')

test.each([
  ['rate>0.89', 'journeys', true],
  ['rate>0.9', 'journeys', false],
  ['rate>=0.9', 'journeys', true],
  ['rate==0.9', 'journeys', true],
  ['rate<0.01', 'journeys', false],
  ['count<=3', 'dropped_iterations', true],
  ['count<3', 'dropped_iterations{rate:4}', false],
  ['p(95)<1', 'http_req_duration{step:pay}', true],
])('%s of %s: %p', (condition, name, expected) => {
  expect(thresholdHolds(condition, metrics, name)).toBe(expected)
})

test('an unknown condition is an error', () => {
  expect(() => thresholdHolds('p95 under 300', metrics, 'journeys')).toThrow('is not of the form p(95)<300')
  expect(() => thresholdHolds('p(95)<300', metrics, 'journeys')).toThrow('journeys has no p(95)')
})

test.each(shapeNames)('every threshold of %s can be evaluated', (shape) => {
  const settings = readSettings({ SHAPE: shape })
  const { metrics: results } = engineResultOf(thresholdsOf(settings, stairsOf(settings)), createMetrics())
  expect(Object.values(results).every((metric) => Object.values(metric?.thresholds ?? {}).every(({ ok }) => ok))).toBe(
    true,
  )
})

test('a threshold aborts the run only after its delay', () => {
  const thresholds = { dropped_iterations: [{ threshold: 'count<=2', abortOnFail: true, delayAbortEval: '10s' }] }
  expect(shouldAbort(thresholds, metrics, 9)).toBe(false)
  expect(shouldAbort(thresholds, metrics, 10)).toBe(true)
  expect(shouldAbort({ dropped_iterations: ['count<=2'] }, metrics, 10)).toBe(false)
})

test('percentiles have three significant digits, from microseconds to minutes', () => {
  const trend = createTrend()
  for (let ms = 1; ms <= 1000; ms++) trend.record(ms / 10)
  for (const [aggregate, ms] of [
    ['med', 50],
    ['p(95)', 95],
    ['p(99)', 99],
    ['max', 100],
  ] as const)
    expect(Math.abs((trend.value(aggregate) ?? 0) - ms) / ms).toBeLessThan(0.002)
  trend.record(120_000)
  expect(trend.value('max')).toBeCloseTo(120_000, -2)
  expect(trend.value('count')).toBe(1001)
})
