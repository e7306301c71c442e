import { expect, test } from 'bun:test'
import { useFakeClock } from '../../test/clock'
import { recordTelemetry } from '../testing'

function open(maxPerWindow = 3, windowMs = 40) {
  const clock = useFakeClock()
  const seen = recordTelemetry()
  return { seen, clock, telemetry: seen.telemetry('shop', { repeatLimit: { maxPerWindow, windowMs } }) }
}

test('of repeated lines the first are logged, then one with the number held back', async () => {
  const { seen, clock, telemetry } = open()

  await telemetry.span('work', () => {
    for (let n = 0; n < 50; n++) telemetry.log.warn('cache is cold', { n })
  })
  expect(seen.lines().map((line) => line.n)).toEqual([0, 1, 2])
  await clock.advance(40)

  expect(seen.lines().at(-1)).toMatchObject({
    level: 'warn',
    message: 'held back: cache is cold',
    'log.held_back.count': 47,
  })
  expect(seen.lines().at(-1)).not.toHaveProperty('trace_id')
  expect(seen.logs().at(-1)?.attributes).toEqual({ 'log.held_back.count': 47 })
})

test('lines with another text or level are counted separately', () => {
  const { seen, telemetry } = open(1)

  for (let n = 0; n < 2; n++) {
    telemetry.log.warn('cache is cold')
    telemetry.log.error('cache is cold')
    telemetry.log.warn('cache is warm')
  }

  expect(seen.lines().map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn cache is cold',
    'error cache is cold',
    'warn cache is warm',
  ])
})

test('lines are logged again when the window is over', async () => {
  const { seen, clock, telemetry } = open(1)

  telemetry.log.warn('cache is cold')
  await clock.advance(40)
  telemetry.log.warn('cache is cold')

  expect(seen.lines().map(({ message }) => message)).toEqual(['cache is cold', 'cache is cold'])
})

test('an exception repeated by a thousand requests is held back, events and wide events are not', () => {
  const { seen, telemetry } = open(2, 60_000)

  for (let n = 0; n < 1000; n++) {
    telemetry.log.exception('exception', new RangeError('too far'))
    telemetry.log.event('checkout.completed')
  }

  expect(seen.logs('exception')).toHaveLength(2)
  expect(seen.logs('checkout.completed')).toHaveLength(1000)
})

test('a FATAL exception is never held back', () => {
  const { seen, telemetry } = open(1)

  for (let n = 0; n < 3; n++) telemetry.log.exception('exception', new Error('the end'), 'fatal')

  expect(seen.logs('exception')).toHaveLength(3)
})

test('the number held back is logged when the service stops', async () => {
  const { seen, telemetry } = open(1, 60_000)

  for (let n = 0; n < 5; n++) telemetry.log.warn('cache is cold')
  await telemetry.shutdown()

  expect(seen.lines().at(-1)).toMatchObject({ 'log.held_back.count': 4 })
})

test('with any number of different lines, memory is bounded and lines are logged', () => {
  const { seen, telemetry } = open(1, 60_000)

  for (let n = 0; n < 5000; n++) telemetry.log.warn(`number ${n}`)

  expect(seen.lines()).toHaveLength(5000)
  for (let n = 0; n < 100; n++) telemetry.log.warn('cache is cold')
  expect(seen.lines()).toHaveLength(5001)
})

test('a limit of 0 turns the filter off', () => {
  const { seen, telemetry } = open(0)

  for (let n = 0; n < 100; n++) telemetry.log.warn('cache is cold')

  expect(seen.lines()).toHaveLength(100)
})
