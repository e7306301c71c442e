import { describe, expect, test } from 'bun:test'
import { compareRules } from './configuration'
import { contains, parseDurationS } from './contains'

describe('a running configuration matches the file', () => {
  test('when it has more settings, and durations in other units', () => {
    expect(contains({ a: '360h', b: [1] }, { a: '15d', b: [1], c: 1 }).ok).toBe(true)
  })

  test('but not when a list is longer or shorter', () => {
    expect(contains({ routes: ['a'] }, { routes: ['a', 'b'] })).toEqual({ ok: false, seen: 'routes has 1 more' })
    expect(contains({ routes: ['a', 'b'] }, { routes: ['a'] }).ok).toBe(false)
  })

  test('and rules are compared in both directions', () => {
    expect(compareRules(['a 1', 'b 1'], ['b 1', 'a 1'])).toEqual({ ok: true, seen: '2 rules, the same' })
    expect(compareRules(['a 1', 'b 1'], ['a 2', 'c 1'])).toEqual({
      ok: false,
      seen: 'different or missing: a, b; not in the repository: c',
    })
  })

  test('and durations are parsed to seconds', () => {
    expect([parseDurationS('1h30m'), parseDurationS('500ms'), parseDurationS('soon')]).toEqual([5400, 0.5, Number.NaN])
  })
})
