import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { alerts } from '../../observability/alerts'
import { alertCases } from '../../observability/alerts/cases'
import { pickRandomScenario } from '../blind'
import type { Scenario } from '../contract'
import { scenarios } from '.'

test('a blind run picks a scenario that can run here and needs no history', async () => {
  const skipAllBut = (name: string) => async (one: Scenario) => (one.name === name ? undefined : 'not here')
  for (let n = 0; n < 20; n++)
    expect((await pickRandomScenario(scenarios, skipAllBut('lock-wait'))).name).toBe('lock-wait')
  await expect(pickRandomScenario(scenarios, skipAllBut('none'))).rejects.toThrow('no scenario can run here')
  await expect(pickRandomScenario(scenarios, skipAllBut('traffic-spike'))).rejects.toThrow('no scenario can run here')
})

test('each scenario has its own name, which is the name of its file', () => {
  const names = scenarios.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(existsSync(`${import.meta.dir}/${name}.ts`)).toBe(true)
})

test.each(scenarios)('$name: the first alert declares the cause that its runbook names', ({ alerts: [first] }) => {
  const cause = typeof first.cause === 'function' ? ['from the context'] : Object.values(first.cause ?? {})
  expect(cause).not.toHaveLength(0)
})

// Only a failure of Prometheus itself causes it, and without Prometheus no alert fires.
const withoutScenario = ['MetricsNotArriving']

test('each alert is fired by a scenario of scenarios/catalog, and has cases in observability/alerts/cases', () => {
  const names = alerts.map(({ name }) => name)
  const fired = scenarios.flatMap((one) => one.alerts.map(({ name }) => name))
  expect(names.filter((name) => !fired.includes(name))).toEqual(withoutScenario)
  expect(names.filter((name) => !alertCases[name])).toEqual([])
})
