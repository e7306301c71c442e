import { expect, test } from 'bun:test'
import { readSettings } from '../settings'
import { scenariosOf, shapeNames } from '../shapes'
import { arrivalTimesMs, durationMs } from './arrivals'

const constant = (per10s: number, duration: string) => ({ startRate: per10s, stages: [{ duration, target: per10s }] })

test('a constant rate is evenly spaced from the start', () => {
  expect([...arrivalTimesMs(constant(40, '2s'))]).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750])
  expect([...arrivalTimesMs(constant(5, '5s'))]).toEqual([0, 2000, 4000])
  expect([...arrivalTimesMs(constant(0, '5s'))]).toEqual([])
})

test('arrival n of a rising rate is at the time when the integral of the rate is n', () => {
  // 0/s to 4/s in 2 s: the integral is t², so the arrivals are at the roots of 0, 1, 2 and 3.
  const times = [...arrivalTimesMs({ startRate: 0, stages: [{ duration: '2s', target: 40 }] })]
  expect(times.map((ms) => ms ** 2 / 1e6)).toEqual([0, 1, 2, 3].map((n) => expect.closeTo(n, 6)))
})

test('a rate that falls to 0 has as many arrivals as one that rises', () => {
  const times = [...arrivalTimesMs({ startRate: 40, stages: [{ duration: '2s', target: 0 }] })]
  expect(times).toHaveLength(4)
  expect(times.at(-1)).toBeLessThan(2000)
})

test.each(shapeNames)('%s has the arrivals of its stages, in order and within its duration', (shape) => {
  for (const scenario of Object.values(scenariosOf(readSettings({ SHAPE: shape })))) {
    const times = [...arrivalTimesMs(scenario)]
    let from = scenario.startRate
    const expected = scenario.stages.reduce((sum, { duration, target }) => {
      const stage = ((from + target) / 2 / 10) * Number.parseFloat(duration)
      from = target
      return sum + stage
    }, 0)
    expect(Math.abs(times.length - expected)).toBeLessThanOrEqual(1)
    expect(times.toSorted((a, b) => a - b)).toEqual(times)
    expect(times.every((ms) => ms >= 0 && ms < durationMs(scenario))).toBe(true)
  }
})
