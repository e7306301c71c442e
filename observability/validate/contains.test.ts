import { describe, expect, test } from 'bun:test'
import { compareRules } from './configuration'
import { contains, parseDurationS } from './contains'

describe('what runs holds what is written', () => {
  test('when it says more than that, and durations in other units', () => {
    expect(contains({ a: '360h', b: [1] }, { a: '15d', b: [1], c: 1 }).ok).toBe(true)
  })

  test('but not when a list is longer or shorter', () => {
    expect(contains({ routes: ['a'] }, { routes: ['a', 'b'] })).toEqual({ ok: false, seen: 'routes has 1 more' })
    expect(contains({ routes: ['a', 'b'] }, { routes: ['a'] }).ok).toBe(false)
  })

  test('for rules in both directions', () => {
    expect(compareRules(['a 1', 'b 1'], ['b 1', 'a 1'])).toEqual({ ok: true, seen: '2 rules, the same' })
    expect(compareRules(['a 1', 'b 1'], ['a 2', 'c 1'])).toEqual({
      ok: false,
      seen: 'different or missing: a, b; not in the repository: c',
    })
  })

  test('where a duration is one', () => {
    expect([parseDurationS('1h30m'), parseDurationS('500ms'), parseDurationS('soon')]).toEqual([5400, 0.5, Number.NaN])
  })
})
