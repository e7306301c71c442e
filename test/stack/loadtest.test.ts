import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import axe from 'axe-core'
import type { LoadTestSummary } from '../../loadtest/report/summary'
import { openChromium } from '../browser/chromium'
import { startDev } from '../dev-process'
import { isMissing } from '../requirements'

describe('bun run loadtest', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-loadtest-`)
  let dev: ReturnType<typeof startDev>

  beforeAll(async () => {
    dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
  }, 90_000)
  afterAll(async () => {
    await dev.stop()
    rmSync(dir, { recursive: true })
  })

  describe('on a shop that is well', () => {
    let run: Awaited<ReturnType<typeof loadtest>>
    beforeAll(async () => {
      run = await loadtest('well', 'smoke', '--rate', '2', '--duration', '24s')
    }, 180_000)

    test('holds every threshold, and ends with 0', () => {
      expect(run).toMatchObject({ exitCode: 0, figures: { passed: true } })
      expect(run.said).toContain('10 products filled up to')
      expect(run.said).toMatch(/thresholds: \d+ hold, 0 do not/)
      expect(run.said).toContain('load engine: built-in')
    })

    test('makes every journey to its end, step by step', () => {
      const { figures } = run
      expect(figures.journeys).toMatchObject({ dropped: 0, ended_share: 1 })
      expect(figures.journeys.made).toBeGreaterThan(40)
      expect(figures.steps.map(({ step }) => step)).toEqual(
        expect.arrayContaining(['home', 'product', 'add_to_cart', 'pay', 'thank_you', 'orders', 'login', 'mistake']),
      )
      const stepsTogether = figures.steps.reduce((sum, { requests }) => sum + requests, 0)
      expect(figures.all).toMatchObject({ requests: stepsTogether, failed_share: 0 })
    })

    test('mixes in wrong input, a tenth of all, each answered by its own 4xx', async () => {
      const { mistakes, all } = run.figures
      expect(mistakes.right_share).toBe(1)
      expect(mistakes.requests / all.requests).toBeGreaterThan(0.03)
      expect(mistakes.requests / all.requests).toBeLessThan(0.2)
      const requests = await notable('well')
      const statuses = requests.filter(({ step }) => step === 'mistake').map(({ status }) => status)
      expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true)
    })

    test('is seen from inside: its run on spans, each shopper by a network of its own', async () => {
      const [first] = await notable('well')
      expect(await isKnown(first?.trace_id)).toBe(true)
      const text = await (await fetch(`${consoleUrl()}/api/traces/${first?.trace_id}`)).text()
      expect(text).toContain(run.figures.run)
      expect(text).toMatch(/198\.1[89]\.\d+\.0/)
    })

    test('tells the dashboards when it began and ended, and sends its metrics under k6’s names', async () => {
      const logs = await (await fetch(`${consoleUrl()}/logs?service=loadtest`)).text()
      expect(logs).toContain(`Test de charge ${run.figures.run}\u00a0: début`)
      expect(logs).toContain(`Test de charge ${run.figures.run}\u00a0: fin`)
      const metrics = await (await fetch(`${consoleUrl()}/metrics`)).text()
      for (const name of ['k6.http_req_duration', 'k6.http_reqs', 'k6.iterations']) expect(metrics).toContain(name)
    })

    test('leaves a summary as text, JSON and one page', async () => {
      expect(run.said).toContain(await Bun.file(`${dir}/well/summary.txt`).text())
      const page = await Bun.file(`${dir}/well/summary.html`).text()
      expect(page).toContain('Tous les seuils sont tenus.')
      expect(page).not.toMatch(/(src|href)="(?!http:\/\/(127|localhost))/)
    })

    test.skipIf(isMissing('browser'))(
      'whose page fits a telephone and is accessible, in light and dark',
      async () => {
        const browser = await openChromium()
        for (const colorScheme of ['light', 'dark'] as const) {
          const page = await browser.newPage({ viewport: { width: 360, height: 800 }, colorScheme })
          await page.goto(`file://${dir}/well/summary.html`)
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
          await page.evaluate(`${axe.source};0`)
          const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] }
          expect(violations.map(({ id }) => id)).toEqual([])
          await page.screenshot({ path: `.cache/screenshots/loadtest-${colorScheme}.png`, fullPage: true })
        }
        await browser.close()
      },
      180_000,
    )
  })

  test('thresholds can fail: then it ends with 99, and names traces that the console knows', async () => {
    const { exitCode, said, figures } = await loadtest('strict', 'smoke', '--duration', '3s', '--p95-ms', '0.01')
    expect({ exitCode, passed: figures.passed }).toEqual({ exitCode: 99, passed: false })
    expect(said).toMatch(
      /✗ http_req_duration\{step:home\} p\(95\)<0\.01: [\d.]+\n {6}slowest {2}[0-9a-f]{32} {2}home 200/,
    )

    const broken = figures.thresholds.filter(({ ok }) => !ok)
    expect(broken.length).toBeGreaterThan(3)
    const ids = broken.flatMap(({ slowest }) => slowest.map(({ trace_id }) => trace_id))
    for (const id of new Set(ids)) {
      expect(said).toContain(id)
      expect(await isKnown(id)).toBe(true)
    }
    expect(await Bun.file(`${dir}/strict/summary.html`).text()).toContain(`href="${consoleUrl()}/traces/${ids[0]}"`)
  }, 180_000)

  test('a shop that fails is told by its failed requests: 99, and the traces of the failures', async () => {
    await dev.command('stop', 'product')
    const { exitCode, figures } = await loadtest('broken', 'smoke', '--duration', '3s', '--journey', 'visitor')
    await dev.command('start', 'product')
    const failures = figures.thresholds.find(({ metric }) => metric === 'http_req_failed{step:home}')
    expect({ exitCode, failures }).toMatchObject({ exitCode: 99, failures: { ok: false, value: 1 } })
    expect(figures.journeys.ended_share).toBe(0)
    const [failed] = failures?.failed ?? []
    expect(failed).toMatchObject({ status: 503, step: 'home' })
    expect(await isKnown(failed?.trace_id)).toBe(true)
  }, 180_000)

  test('without a shop, or with one that takes all for one client, it says what to do', async () => {
    const nowhere = await loadtest('nowhere', 'smoke', '--url', 'http://127.0.0.1:9')
    expect(nowhere).toMatchObject({ exitCode: 1, said: expect.stringContaining('no shop at http://127.0.0.1:9') })

    const deaf = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('ok') })
    const refused = await loadtest('deaf', 'smoke', '--url', deaf.url.origin)
    expect(refused).toMatchObject({ exitCode: 1, said: expect.stringContaining('Start it with TRUSTED_PROXIES=') })
    await deaf.stop(true)
  }, 90_000)

  // Elsewhere than asked where somebody has that port.
  const consoleUrl = () => /console +(http:\S+)/.exec(dev.output())?.[1] ?? ''

  /** Whether the console has that trace: the services send theirs every second. */
  async function isKnown(traceId: string | undefined): Promise<boolean> {
    for (let attempt = 0; attempt < 450; attempt++) {
      if ((await fetch(`${consoleUrl()}/traces/${traceId}`)).ok) return true
      await Bun.sleep(100)
    }
    return false
  }

  async function notable(name: string) {
    const text = await Bun.file(`${dir}/${name}/requests.jsonl`).text()
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: string; status: number; trace_id: string })
  }

  async function loadtest(name: string, ...args: string[]) {
    const env = {
      ...process.env,
      VITRINE_BASE_PORT: String(dev.basePort),
      OTEL_EXPORTER_OTLP_ENDPOINT: consoleUrl(),
    }
    // Slow is not what this is about, neither of the shop nor of the engine: other tests run beside it.
    const patient = ['--p95-ms', '30000', '--max-lag-ms', '30000', ...args]
    const command = ['loadtest/run.ts', '--engine', 'built-in', ...patient, '--out', `${dir}/${name}`]
    const child = Bun.spawn([process.execPath, ...command], {
      env,
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    const summary = Bun.file(`${dir}/${name}/summary.json`)
    const figures = (await summary.exists()) ? ((await summary.json()) as LoadTestSummary) : ({} as LoadTestSummary)
    return { exitCode: await child.exited, said: out + err, figures }
  }
})
