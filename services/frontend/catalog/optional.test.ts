import { expect, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { withDeadline } from '../../../src/deadline'
import { DomainError } from '../../../src/problem'
import { createOptional } from './optional'

const telemetry = () => recordTelemetry().telemetry('frontend')

test('a load that hangs is waited for a part of the deadline only, and shared', async () => {
  let loads = 0
  const { promise, resolve } = Promise.withResolvers<string[]>()
  const get = createOptional(telemetry(), () => {
    loads++
    return promise
  })

  expect(await Promise.all([1, 2, 3].map(() => withDeadline(100, () => get())))).toEqual(Array(3).fill(undefined))
  resolve(['late'])
  expect(await withDeadline(600_000, () => get())).toEqual(['late'])
  expect(loads).toBe(1)
})

test('a value is loaded once for each key and is frozen', async () => {
  const loaded: string[] = []
  const get = createOptional(telemetry(), async (key) => {
    loaded.push(key)
    return [key]
  })

  const values = [await get('a'), await get('b'), await get('a')]

  expect(values).toEqual([['a'], ['b'], ['a']])
  expect(values[0]).toBe(values[2])
  expect(Object.isFrozen(values[0])).toBeTrue()
  expect(loaded).toEqual(['a', 'b'])
})

test('a failure is no value, and is not repeated at once', async () => {
  let loads = 0
  const get = createOptional(telemetry(), async () => {
    loads++
    throw new DomainError('UNAVAILABLE')
  })

  expect([await get(), await get()]).toEqual([undefined, undefined])
  expect(loads).toBe(1)
})
