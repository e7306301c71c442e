import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import axe from 'axe-core'
import type { LoadTestSummary } from '../../loadtest/report/summary'
import { openChromium } from '../browser/chromium'
import { startDev } from '../dev-process'
import { isMissing } from '../requirements'
import { waitUntil } from '../wait-until'

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

  describe('on a working shop', () => {
    let run: Awaited<ReturnType<typeof loadtest>>
    beforeAll(async () => {
      run = await loadtest('well', 'smoke', '--rate', '2', '--duration', '24s')
    }, 180_000)

    test('passes every threshold and exits with 0', () => {
      expect(run).toMatchObject({ exitCode: 0, summary: { passed: true } })
      expect(run.output).toContain('10 products filled up to')
      expect(run.output).toMatch(/thresholds: \d+ passed, 0 failed/)
      expect(run.output).toContain('load engine: built-in')
    })

    test('completes every journey, with all steps', () => {
      const { summary } = run
      expect(summary.journeys).toMatchObject({ dropped: 0, ended_share: 1 })
      expect(summary.journeys.made).toBeGreaterThan(40)
      expect(summary.steps.map(({ step }) => step)).toEqual(
        expect.arrayContaining(['home', 'product', 'add_to_cart', 'pay', 'thank_you', 'orders', 'login', 'mistake']),
      )
      const requestsOfSteps = summary.steps.reduce((sum, { requests }) => sum + requests, 0)
      expect(summary.all).toMatchObject({ requests: requestsOfSteps, failed_share: 0 })
    })

    test('sends wrong input as a tenth of all requests, which gets the expected 4xx', async () => {
      const { mistakes, all } = run.summary
      expect(mistakes.right_share).toBe(1)
      expect(mistakes.requests / all.requests).toBeGreaterThan(0.03)
      expect(mistakes.requests / all.requests).toBeLessThan(0.2)
      const requests = await notableRequests('well')
      const statuses = requests.filter(({ step }) => step === 'mistake').map(({ status }) => status)
      expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true)
    })

    test('puts the id of the run on spans, and gives each shopper its own network address', async () => {
      const [first] = await notableRequests('well')
      // The spans of the services arrive one after the other.
      await waitUntil(async () => {
        const text = await (await fetch(`${consoleUrl()}/api/traces/${first?.trace_id}`)).text()
        return text.includes(run.summary.run) && /198\.1[89]\.\d+\.0/.test(text)
      })
    })

    test('emits events at start and end, and exports metrics with k6’s names', async () => {
      const logs = await (await fetch(`${consoleUrl()}/logs?service=loadtest`)).text()
      expect(logs).toContain(`Load test ${run.summary.run} started`)
      expect(logs).toContain(`Load test ${run.summary.run} ended`)
      const metrics = await (await fetch(`${consoleUrl()}/metrics`)).text()
      for (const name of ['k6.http_req_duration', 'k6.http_reqs', 'k6.iterations']) expect(metrics).toContain(name)
    })

    test('writes a summary as text, JSON and one HTML page', async () => {
      expect(run.output).toContain(await Bun.file(`${dir}/well/summary.txt`).text())
      const page = await Bun.file(`${dir}/well/summary.html`).text()
      expect(page).toContain('All thresholds pass.')
      expect(page).not.toMatch(/(src|href)="(?!http:\/\/(127|localhost))/)
    })

    test.skipIf(isMissing('browser'))(
      'the page fits a phone and is accessible, in light and dark',
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

  test('a failed threshold exits with 99, and lists traces that the console has', async () => {
    const { exitCode, output, summary } = await loadtest('strict', 'smoke', '--duration', '3s', '--p95-ms', '0.01')
    expect({ exitCode, passed: summary.passed }).toEqual({ exitCode: 99, passed: false })
    expect(output).toMatch(/✗ http_req_duration\{step:home\} p\(95\)<0\.01: [\d.]+\n/)
    expect(output).toMatch(/\n {6}slowest {2}[0-9a-f]{32} {2}\w+ \d{3} /)

    const failed = summary.thresholds.filter(({ ok }) => !ok)
    expect(failed.length).toBeGreaterThan(3)
    const ids = failed.flatMap(({ slowest }) => slowest.map(({ trace_id }) => trace_id))
    for (const id of new Set(ids)) {
      expect(output).toContain(id)
      expect(await isStored(id)).toBe(true)
    }
    expect(await Bun.file(`${dir}/strict/summary.html`).text()).toContain(`href="${consoleUrl()}/traces/${ids[0]}"`)
  }, 180_000)

  test('failed requests exit with 99, and their traces are listed', async () => {
    await dev.command('stop', 'product')
    const { exitCode, summary } = await loadtest('broken', 'smoke', '--duration', '3s', '--journey', 'visitor')
    await dev.command('start', 'product')
    const failures = summary.thresholds.find(({ metric }) => metric === 'http_req_failed{step:home}')
    expect({ exitCode, failures }).toMatchObject({ exitCode: 99, failures: { ok: false, value: 1 } })
    expect(summary.journeys.ended_share).toBe(0)
    const [failed] = failures?.failed ?? []
    expect(failed).toMatchObject({ status: 503, step: 'home' })
    expect(await isStored(failed?.trace_id)).toBe(true)
  }, 180_000)

  test('without a shop, or with one that does not trust this machine, it prints instructions', async () => {
    const nowhere = await loadtest('nowhere', 'smoke', '--url', 'http://127.0.0.1:9')
    expect(nowhere).toMatchObject({ exitCode: 1, output: expect.stringContaining('no shop at http://127.0.0.1:9') })

    const distrustful = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('ok') })
    const refused = await loadtest('distrustful', 'smoke', '--url', distrustful.url.origin)
    expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('Start it with TRUSTED_PROXIES=') })
    await distrustful.stop(true)
  }, 90_000)

  // The console uses another port if the default one is in use.
  const consoleUrl = () => /console +(http:\S+)/.exec(dev.output())?.[1] ?? ''

  /** Waits until the console has the trace: the services export every second. */
  async function isStored(traceId: string | undefined): Promise<boolean> {
    for (let attempt = 0; attempt < 450; attempt++) {
      if ((await fetch(`${consoleUrl()}/traces/${traceId}`)).ok) return true
      await Bun.sleep(100)
    }
    return false
  }

  async function notableRequests(name: string) {
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
    // Durations do not matter here, because other tests run at the same time.
    const tolerant = ['--p95-ms', '30000', '--max-lag-ms', '30000', ...args]
    const command = ['loadtest/run.ts', '--engine', 'built-in', ...tolerant, '--out', `${dir}/${name}`]
    const child = Bun.spawn([process.execPath, ...command], {
      env,
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    const file = Bun.file(`${dir}/${name}/summary.json`)
    const summary = (await file.exists()) ? ((await file.json()) as LoadTestSummary) : ({} as LoadTestSummary)
    return { exitCode: await child.exited, output: out + err, summary }
  }
})
