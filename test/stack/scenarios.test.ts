import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Verdict } from '../../scenarios/verdict'
import { isMissing } from '../requirements'

// One stack and one shop for all, in this order; the last one expects what can't come.
const played = [
  'kill-product-service',
  'order-database-down',
  'product-latency',
  'collector-down',
  'checkout-discarded',
]

describe.skipIf(isMissing('stack') || isMissing('mysql'))('bun run scenario', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-scenarios-test-`)
  const run = Promise.withResolvers<Awaited<ReturnType<typeof scenario>>>()
  afterAll(() => rmSync(dir, { recursive: true }))

  test('plays five of them and one that can’t hold, on a stack of its own, and ends with 1', async () => {
    const impossible = `${dir}/impossible.ts`
    await Bun.write(impossible, impossibleScenario)
    run.resolve(await scenario(...played, impossible, '--json', '--report', dir))
    const { exitCode, verdicts, said } = await run.promise
    expect(verdicts.map((one) => one.scenario)).toEqual([...played, 'impossible'])
    expect(said).toContain('✗ impossible')
    expect(exitCode).toBe(1)
  }, 900_000)

  test.each(played)('%s: seen, told and over in time, no order lost or doubled', async (name) => {
    const { verdicts } = await run.promise
    const { ok, missing, firing_s, resolved_s, seen, audit } = verdicts.find((one) => one.scenario === name) as Verdict
    expect(missing).toEqual([])
    expect(ok).toBe(true)
    // Conversion is a trend; what is broken hard is known within a minute.
    expect(firing_s).toBeLessThan(name === 'checkout-discarded' ? 120 : 60)
    expect(resolved_s).toBeLessThan(120)
    const [first] = Object.values(seen.runbook)
    expect(first?.cause_named_s).toBeLessThanOrEqual(60)
    for (const { queries, answered } of Object.values(seen.runbook)) expect(answered).toBe(queries)
    expect(audit).toMatchObject({ lost: 0, doubled: 0, unsettled: 0, miscounted: 0 })
    expect(audit?.confirmed).toBeGreaterThan(20)
  })

  test('what was expected and did not come is named', async () => {
    const { verdicts } = await run.promise
    const { ok, firing_s, missing, audit } = verdicts.at(-1) as Verdict
    expect({ ok, firing_s }).toEqual({ ok: false, firing_s: null })
    expect(missing).toEqual(['ServiceDown frontend ne s’est pas déclenchée (attendue en 1 s)'])
    expect(audit?.ok).toBe(true)
  })

  test('the report tells all six', async () => {
    await run.promise
    const [text, page] = await Promise.all([Bun.file(`${dir}/report.md`).text(), Bun.file(`${dir}/report.html`).text()])
    for (const name of [...played, 'impossible']) {
      expect(text).toContain(`| ${name} |`)
      expect(page).toContain(`id="${name}"`)
    }
  })
})

describe('bun run scenario, without playing', () => {
  test('lists what there is, and refuses what there is not with the names that there are', async () => {
    const listed = await scenario('list')
    expect(listed.exitCode).toBe(0)
    for (const name of played) expect(listed.out).toContain(name)
    const refused = await scenario('kill-everything')
    expect(refused.exitCode).toBe(2)
    expect(refused.said).toContain('no scenario "kill-everything"; there are ')
    expect((await scenario()).said).toContain('usage: bun run scenario')
  })
})

const impossibleScenario = `export default {
  name: 'impossible',
  title: 'rien ne se passe',
  inject() {},
  alerts: [{ name: 'ServiceDown', labels: { service_name: 'frontend' }, firingWithinS: 1 }],
}`

async function scenario(...args: string[]) {
  // Nothing runs there: it starts its own.
  const env = { ...process.env, VITRINE_STACK_DIR: '/nonexistent' }
  const child = Bun.spawn([process.execPath, 'scenarios/run.ts', ...args], { env, stdout: 'pipe', stderr: 'pipe' })
  const [out, said] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  const exitCode = await child.exited
  const verdicts: Verdict[] = args.includes('--json') ? JSON.parse(out) : []
  return { exitCode, out, said, verdicts }
}
