import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Browser } from 'playwright-core'
import { alerts } from '../../observability/alerts'
import { findPrometheusUi, programsDir } from '../../stack/native/programs'
import { openChromium } from '../browser/chromium'
import { startDev } from '../dev-process'
import { isMissing } from '../requirements'
import { startStack } from './start-stack'

interface Notification {
  externalURL: string
  alerts: { labels: { alertname: string }; annotations: { runbook_url: string }; generatorURL: string }[]
}

const withinMs = 60_000
// Without npm packages the UI is not built, and the table lists Prometheus as an API.
const hasPages = findPrometheusUi(programsDir) !== undefined
const isServiceDown = ({ labels }: Notification['alerts'][number]) => labels.alertname === 'ServiceDown'

/** Texts that a browser shows at each address that `bun run stack` prints. */
const shownAt: Record<string, string[]> = {
  prometheus: hasPages ? ['Query', 'Alerts', 'Status'] : ['"status":"success"'],
  alertmanager: ['Silences', 'Filter'],
  jaeger: ['"data":', 'frontend'],
  'log-server': ['"status":"success"', 'service_name'],
  collector: ['Server available'],
  alerts: ['{"alerts":['],
}

// The tests run in this order: first with a working shop, then with a service that a scenario has killed until its alert is checked.
describe.skipIf(isMissing('stack') || isMissing('mariadb') || isMissing('browser'))(
  'every printed address opens',
  () => {
    const dir = mkdtempSync(`${tmpdir()}/vitrine-links-`)
    const outage = `${dir}/outage`
    const notified = Promise.withResolvers<Notification>()
    const webhook = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: receiveNotification })
    let stack: Awaited<ReturnType<typeof startStack>>
    let dev: ReturnType<typeof startDev>
    let browser: Browser

    beforeAll(async () => {
      browser = await openChromium()
      stack = await startStack({ ALERT_WEBHOOK_URL: webhook.url.href })
      dev = startDev(undefined, stackEnv())
      await dev.waitForOutput('Vitrine is ready')
    }, 180_000)
    afterAll(async () => {
      rmSync(outage, { force: true })
      await Promise.all([dev.stop(), browser.close()])
      await stack.stop()
      await webhook.stop(true)
      rmSync(dir, { recursive: true })
    }, 60_000)

    test('the badge of a page links to its trace in the console', async () => {
      const page = await browser.newPage()
      await page.goto(dev.url(0))
      const href = (await page.locator('a[href*="/traces/"]').getAttribute('href')) ?? ''
      await page.close()
      expect(new URL(href).port).toBe(new URL(stack.endpoints.console).port)
      await shows(href, 'GET /', 'frontend')
    }, 90_000)

    test('each address in the table of bun run stack shows its server', async () => {
      const rows = (await Bun.file(`${stack.dir}/stack.log`).text()).match(/^ {2}\S+ +http\S+ .*$/gm) ?? []
      expect(rows.map(nameOf).sort()).toEqual(Object.keys(shownAt).sort())
      for (const row of rows) {
        const [, address = ''] = /(http\S+)/.exec(row) ?? []
        await shows(address, ...(shownAt[nameOf(row)] ?? []))
      }
      expect(rows.find((row) => nameOf(row) === 'jaeger')).toContain(new URL(stack.endpoints.console).host)
      await shows(`${stack.endpoints.console}/traces`, 'GET /')
    }, 300_000)

    test('the summary of a load test links to the slowest requests', async () => {
      const { output } = await run('loadtest/run.ts', 'smoke', '--duration', '3s', '--p95-ms', '0.01', '--out', dir)
      expect(output).toContain('summaries: ')
      const links = await linksIn(`${dir}/summary.html`)
      expect(links.length).toBeGreaterThan(0)
      for (const { href, text } of links.slice(0, 3)) await shows(href, text)
      const prefix = /^traces: (\S+)<id>$/m.exec(output)?.[1]
      await shows(`${prefix}${links[0]?.text}`, links[0]?.text ?? '')
    }, 300_000)

    describe('while a service is down', () => {
      let scenarioRun: ReturnType<typeof run>
      let notification: Notification
      beforeAll(async () => {
        await Bun.write(outage, '')
        await Bun.write(`${dir}/product-down.ts`, productDown(outage))
        scenarioRun = run('scenarios/run.ts', `${dir}/product-down.ts`, '--report', dir)
        notification = await Promise.race([
          notified.promise,
          scenarioRun.then(({ output }) => Promise.reject(new Error(output))),
        ])
      }, 180_000)

      test('the notification links to Alertmanager; the alert is in the console and at the receiver', async () => {
        expect(new URL(notification.externalURL).origin).toBe(stack.endpoints.alertmanager)
        await shows(notification.externalURL, 'alertname="ServiceDown"')
        await shows(`${stack.endpoints.console}/alerts`, 'ServiceDown', 'product-service')
        await shows(`${stack.endpoints.alertReceiver}/alerts`, '"name":"ServiceDown"', '"status":"firing"')
      }, 240_000)

      test('the runbook link of the alert opens a page of the console', async () => {
        const { runbook_url = '' } = notification.alerts.find(isServiceDown)?.annotations ?? {}
        expect(runbook_url).toBe(`${stack.endpoints.console}/runbooks/ServiceDown`)
        await shows(runbook_url, 'ServiceDown', 'For shoppers')
      }, 120_000)

      test.skipIf(!hasPages)(
        'the alert links to its expression in Prometheus, and is on its alerts page',
        async () => {
          const { generatorURL = '' } = notification.alerts.find(isServiceDown) ?? {}
          expect(new URL(generatorURL).origin).toBe(stack.endpoints.prometheus)
          const { expr = '' } = alerts.find(({ name }) => name === 'ServiceDown') ?? {}
          await shows(generatorURL, expr.slice(0, 40), 'product-service')
          await shows(`${stack.endpoints.prometheus}/alerts`, 'ServiceDown', 'firing')
        },
        180_000,
      )

      test('the report links to the trace, its log records and a graph of the alert', async () => {
        rmSync(outage)
        const { output } = await scenarioRun
        expect(output).toContain('report: ')
        const links = await linksIn(`${dir}/report.html`)
        const expected: Record<string, string[]> = {
          trace: ['frontend'],
          'log records': ['UNAVAILABLE'],
          alerts: hasPages
            ? ['ALERTS{alertname=~"ServiceDown"}', 'alertstate="firing"']
            : ['"alertname":"ServiceDown"', '"alertstate":"firing"'],
        }
        for (const [beginning, words] of Object.entries(expected)) {
          const link = links.find(({ text }) => text.startsWith(beginning))
          if (!link)
            throw new Error(`the report has no link « ${beginning}… », but: ${JSON.stringify(links)}\n${output}`)
          await shows(link.href, ...words)
        }
        const markdown = await Bun.file(`${dir}/report.md`).text()
        for (const { href } of links) expect(markdown).toContain(`](${href})`)
      }, 300_000)
    })

    const stackEnv = () => ({
      VITRINE_STACK_DIR: stack.dir,
      VITRINE_CONSOLE_PORT: new URL(stack.endpoints.collector).port,
    })

    async function run(script: string, ...args: string[]) {
      const env = { ...process.env, ...stackEnv(), VITRINE_BASE_PORT: String(dev.basePort), VITRINE_DATA: dev.dir }
      const child = Bun.spawn([process.execPath, script, ...args], { env, stdout: 'pipe', stderr: 'pipe' })
      const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
      return { exitCode: await child.exited, output: out + err }
    }

    async function receiveNotification(request: Request): Promise<Response> {
      const notification = (await request.json()) as Notification
      if (notification.alerts.some(isServiceDown)) notified.resolve(notification)
      return new Response('accepted')
    }

    /** The links of a page to local servers, without runbooks. */
    async function linksIn(path: string): Promise<{ href: string; text: string }[]> {
      const page = await browser.newPage()
      await page.goto(`file://${path}`)
      const all = await page.locator('a[href^="http"]').all()
      const links = await Promise.all(
        all.map(async (link) => ({
          href: (await link.getAttribute('href')) ?? '',
          text: (await link.textContent()) ?? '',
        })),
      )
      await page.close()
      return links.filter(({ href }) => !href.includes('/runbooks/'))
    }

    /** Waits until a browser shows all texts there; ignores case and whitespace. */
    async function shows(url: string, ...texts: string[]): Promise<void> {
      const page = await browser.newPage()
      const endMs = performance.now() + withinMs
      let shown = ''
      let reloadAfterMs = 2000
      let loadedMs = Number.NEGATIVE_INFINITY
      try {
        while (performance.now() < endMs) {
          // Spans arrive every second, and a page that was opened too early does not update. On a busy machine scripts are slow.
          if (performance.now() > loadedMs + reloadAfterMs) {
            await page.goto(url)
            loadedMs = performance.now()
            reloadAfterMs *= 2
          }
          // A page that redirects or reloads itself has no text for a moment.
          shown = await page.evaluate<string>('document.body.innerText').catch(() => shown)
          if (texts.every((text) => bare(shown).includes(bare(text)))) return
          await Bun.sleep(200)
        }
        throw new Error(`${url} does not show ${texts.join(' and ')}, but:\n${shown.slice(0, 2000)}`)
      } finally {
        await page.close()
      }
    }
  },
)

const nameOf = (row: string): string => row.trim().split(/\s/)[0] ?? ''

const bare = (text: string): string => text.replace(/\s+/g, '').toLowerCase()

/** A scenario that lasts as long as the file `outage` exists. */
const productDown = (outage: string) => `import { existsSync } from 'node:fs'
export default {
  name: 'product-down',
  title: 'the catalog is down',
  inject: (context) => context.kill('product'),
  async revert() {
    while (existsSync('${outage}')) await Bun.sleep(100)
  },
  alerts: [{ name: 'ServiceDown', labels: { service_name: 'product-service' }, firingWithinS: 180, resolvedWithinS: false }],
  span: { service: 'frontend', tags: { error: 'true' } },
  log: '{service_name="frontend"} | problem_code="UNAVAILABLE"',
}
`
