import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Verdict } from '../../scenarios/verdict'
import { isMissing } from '../requirements'

// All share one stack and one shop.
const names = ['kill-product-service', 'order-database-down', 'product-latency', 'collector-down', 'checkout-discarded']

describe.skipIf(isMissing('stack') || isMissing('mariadb'))('bun run scenario', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-scenarios-test-`)
  const run = Promise.withResolvers<Awaited<ReturnType<typeof scenario>>>()
  afterAll(() => rmSync(dir, { recursive: true }))

  test('runs five scenarios and an impossible one on a temporary stack, and exits with 1', async () => {
    const impossible = `${dir}/impossible.ts`
    await Bun.write(impossible, impossibleScenario)
    run.resolve(await scenario(...names, impossible, '--json', '--report', dir))
    const { exitCode, verdicts, output } = await run.promise
    expect(verdicts.map((one) => one.scenario)).toEqual([...names, 'impossible'])
    expect(output).toContain('✗ impossible')
    expect(exitCode).toBe(1)
  }, 900_000)

  test.each(names)('%s: alerts, evidence and resolution are in time, no order is lost or doubled', async (name) => {
    const { verdicts } = await run.promise
    const { ok, missing, firing_s, resolved_s, seen, audit } = verdicts.find((one) => one.scenario === name) as Verdict
    expect(missing).toEqual([])
    expect(ok).toBe(true)
    // Conversion is a trend. Hard failures fire within a minute.
    expect(firing_s).toBeLessThan(name === 'checkout-discarded' ? 120 : 60)
    expect(resolved_s).toBeLessThan(120)
    const [first] = Object.values(seen.runbook)
    expect(first?.cause_named_s).toBeLessThanOrEqual(60)
    for (const { queries, with_rows } of Object.values(seen.runbook)) expect(with_rows).toBe(queries)
    expect(audit).toMatchObject({ lost: 0, doubled: 0, unsettled: 0, miscounted: 0 })
    expect(audit?.confirmed).toBeGreaterThan(20)
  })

  test('a missing alert is reported', async () => {
    const { verdicts } = await run.promise
    const { ok, firing_s, missing, audit } = verdicts.at(-1) as Verdict
    expect({ ok, firing_s }).toEqual({ ok: false, firing_s: null })
    expect(missing).toEqual(['ServiceDown frontend did not fire within 1 s'])
    expect(audit?.ok).toBe(true)
  })

  test('the report contains all six scenarios', async () => {
    await run.promise
    const [text, page] = await Promise.all([Bun.file(`${dir}/report.md`).text(), Bun.file(`${dir}/report.html`).text()])
    for (const name of [...names, 'impossible']) {
      expect(text).toContain(`| ${name} |`)
      expect(page).toContain(`id="${name}"`)
    }
  })
})

describe('the arguments of bun run scenario', () => {
  test('list prints the scenarios, and an unknown name is an error that lists them', async () => {
    const list = await scenario('list')
    expect(list.exitCode).toBe(0)
    for (const name of names) expect(list.out).toContain(name)
    const refused = await scenario('kill-everything')
    expect(refused.exitCode).toBe(2)
    expect(refused.output).toContain('no scenario "kill-everything"; there are ')
    expect((await scenario()).output).toContain('usage: bun run scenario')
  })
})

const impossibleScenario = `export default {
  name: 'impossible',
  title: 'nothing happens',
  inject() {},
  alerts: [{ name: 'ServiceDown', labels: { service_name: 'frontend' }, firingWithinS: 1 }],
}`

async function scenario(...args: string[]) {
  // No stack runs there, so the command starts a temporary one.
  const env = { ...process.env, VITRINE_STACK_DIR: '/nonexistent' }
  const child = Bun.spawn([process.execPath, 'scenarios/run.ts', ...args], { env, stdout: 'pipe', stderr: 'pipe' })
  const [out, output] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  const exitCode = await child.exited
  const verdicts: Verdict[] = args.includes('--json') ? JSON.parse(out) : []
  return { exitCode, out, output, verdicts }
}
