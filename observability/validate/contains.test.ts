import { describe, expect, test } from 'bun:test'
import { sameSets } from './configuration'
import { contains, secondsOf } from './contains'

describe('what runs holds what is written', () => {
  test('when it says more than that, and durations in other units', () => {
    expect(contains({ a: '360h', b: [1] }, { a: '15d', b: [1], c: 1 }).ok).toBe(true)
  })

  test('but not when a list is longer or shorter', () => {
    expect(contains({ routes: ['a'] }, { routes: ['a', 'b'] })).toEqual({ ok: false, seen: 'routes has 1 more' })
    expect(contains({ routes: ['a', 'b'] }, { routes: ['a'] }).ok).toBe(false)
  })

  test('for rules in both directions', () => {
    expect(sameSets(['a 1', 'b 1'], ['b 1', 'a 1'])).toEqual({ ok: true, seen: '2 rules, the same' })
    expect(sameSets(['a 1', 'b 1'], ['a 2', 'c 1'])).toEqual({
      ok: false,
      seen: 'different or missing: a, b; not in the repository: c',
    })
  })

  test('where a duration is one', () => {
    expect([secondsOf('1h30m'), secondsOf('500ms'), secondsOf('soon')]).toEqual([5400, 0.5, Number.NaN])
  })
})
