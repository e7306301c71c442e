import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { alerts } from '../../observability/alerts'
import { alertCases } from '../../observability/alerts/cases'
import { promtoolTest, recordingRulesTest } from '../../observability/alerts/cases/promtool'
import { renderRuleFiles } from '../../observability/prometheus/rule-files'
import { findProgram, isMissing } from '../requirements'

const promtool = `${dirname(findProgram('stack') ?? '')}/promtool`
const dir = mkdtempSync(`${tmpdir()}/vitrine-rules-`)
const shrinks = [1, 60]
// Each test starts promtool, which is slow on a busy machine.
setDefaultTimeout(180_000)

describe.skipIf(isMissing('stack'))('the rules of Prometheus', () => {
  beforeAll(async () => {
    for (const shrink of shrinks) {
      mkdirSync(`${dir}/${shrink}`)
      for (const [name, text] of Object.entries(renderRuleFiles({ shrink })))
        await Bun.write(`${dir}/${shrink}/${name}`, text)
    }
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  test.each(shrinks)('are valid when windows are %i times shorter', async (shrink) => {
    expect(await run('check', 'rules', `${dir}/${shrink}/slo.yml`, `${dir}/${shrink}/alerts.yml`)).toContain('SUCCESS')
  })

  test('record 0 for a service that never failed, nothing for one without requests, and weigh requests, not minutes', async () => {
    const file = `${dir}/recorded.json`
    await Bun.write(file, JSON.stringify(recordingRulesTest(`${dir}/60`)))
    expect(await run('test', 'rules', file)).toContain('SUCCESS')
  })

  test.each(alerts)('$name has cases that fire, resolve and stay silent', ({ name }) => {
    const ofAlert = alertCases[name] ?? []
    expect(ofAlert.some(({ firingAt }) => isOver(Object.values(firingAt)))).toBe(true)
    expect(ofAlert.some(({ firingAt }) => Object.values(firingAt).flat().length === 0)).toBe(true)
  })

  test('each case belongs to an alert', () => {
    expect(Object.keys(alertCases).toSorted()).toEqual(alerts.map(({ name }) => name).toSorted())
  })

  for (const alert of alerts) {
    describe(alert.name, () => {
      for (const one of alertCases[alert.name] ?? []) {
        test(one.name, async () => {
          const file = `${dir}/${Bun.randomUUIDv7()}.json`
          await Bun.write(file, JSON.stringify(promtoolTest(alert, one, `${dir}/${one.shrink ?? 1}`)))
          expect(await run('test', 'rules', file)).toContain('SUCCESS')
        })
      }
    })
  }
})

// Something fires, and later nothing does.
function isOver(firing: unknown[][]): boolean {
  const first = firing.findIndex((ones) => ones.length > 0)
  return first >= 0 && firing.slice(first).some((ones) => ones.length === 0)
}

async function run(...command: string[]): Promise<string> {
  const child = Bun.spawn([promtool, ...command], { stdout: 'pipe', stderr: 'pipe' })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return (await child.exited) === 0 ? out : `${out}${err}`.replaceAll('SUCCESS', '')
}
