import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { emitEvent } from '../../stack/emit-event'
import { startDev } from '../dev-process'
import { isMissing } from '../requirements'
import { waitUntil } from '../wait-until'
import { openChromium, openPage } from './chromium'

const screenshots = '.cache/screenshots'
const pages = ['/', '/traces', '/logs', '/http-requests', '/metrics', '/queries', '/map', '/errors', '/alerts', '/cost']

describe.skipIf(isMissing('browser'))('the console in Chromium, with a running shop', () => {
  let browser: Browser
  let dev: ReturnType<typeof startDev>
  let shop: string
  let console_: string

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    dev = startDev()
    shop = dev.url(0)
    console_ = dev.url(4)
    browser = await openChromium()
    await dev.waitForOutput('Vitrine is ready')
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await dev.stop()
  }, 180_000)

  test('an order leads from the badge to its trace, its statements, its log lines, and back by an attribute', async () => {
    const { page, complaints } = await visit({ viewport: { width: 1280, height: 900 } })
    await order(page)
    const badge = page.locator('.badge-costs a')
    expect(await badge.getAttribute('href')).toMatch(new RegExp(`^${console_}/traces/[0-9a-f]{32}$`))
    expect(await page.locator('.badge-costs').innerText()).toMatch(/^\d+\u00a0ms · \d+\u00a0requêtes? SQL · trace$/)
    await waitForTrace(page, await badge.getAttribute('href'))
    await badge.click()
    await page.getByRole('heading', { level: 1, name: 'GET /order/thank-you' }).waitFor()

    // The trace of the order itself is found by an attribute.
    await page.goto(`${console_}/traces`)
    await page.getByLabel('Nom ou attribut').fill('process.status=success')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'POST /checkout/process' }).first().click()
    await page.getByRole('heading', { name: 'POST /checkout/process' }).waitFor()
    await waitForLastSpan(page)
    const update = page.locator('.waterfall li', { hasText: 'UPDATE products' }).first()
    await update.locator('summary').first().click()
    expect(await update.innerText()).toContain('update "products" set "stock"')
    expect(await update.innerText()).toContain('product-service')

    await page.getByLabel('Chercher dans la trace').fill('order.items_count')
    expect(await page.locator('output').innerText()).toMatch(/^\d+\u00a0spans? trouvés?$/)
    expect(await page.locator('.waterfall li.match').count()).toBeGreaterThan(0)

    await page.getByRole('link', { name: 'Dans les journaux' }).click()
    await page.getByRole('heading', { level: 1, name: 'Journaux' }).waitFor()
    await page.locator('#live').getByText('checkout.completed').first().waitFor()
    await page.locator('#live a[href*="#s-"]').first().click()
    await page.getByRole('heading', { name: 'POST /checkout/process' }).waitFor()
    await page.screenshot({ path: `${screenshots}/console-trace.png`, fullPage: true })
    expect(complaints).toEqual([])
  }, 180_000)

  test('rows below a span collapse, and a trace is copied', async () => {
    const { page } = await visit({
      viewport: { width: 1280, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await order(page)
    await page.goto(`${console_}/traces?q=process.status%3Dsuccess`)
    await page.getByRole('link', { name: 'POST /checkout/process' }).first().click()
    await waitForLastSpan(page)
    const shown = () => page.locator('.waterfall li:visible').count()
    const all = await shown()
    await page.locator('.waterfall li', { hasText: 'POST /api/order/checkout' }).locator('.toggle').first().click()
    expect(await shown()).toBeLessThan(all / 2)
    await page.getByRole('link', { name: 'Copier en Markdown' }).click()
    await page.getByRole('link', { name: 'Copié' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('- frontend `POST /checkout/process`')
  }, 180_000)

  test('new traces appear without a reload, and wait while a row has the focus', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${console_}/traces`)
    const first = page.locator('tbody tr').first()
    const before = await first.innerText()
    await fetch(`${shop}/product/webcam-hd`)
    for (let attempt = 0; attempt < 2400 && (await first.innerText()) === before; attempt++) await Bun.sleep(50)
    expect(await first.innerText()).not.toBe(before)

    await first.locator('a').focus()
    await fetch(`${shop}/product/souris-gaming`)
    await page.getByText(/^\d+ nouveaux$/).waitFor()
    await page.getByRole('button', { name: 'Afficher' }).click()
    await page.getByText('en direct').waitFor()
  }, 180_000)

  test('the focus stays where it is when it moves while the page is fetched', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${console_}/traces`)
    await page.getByText('en direct').waitFor()
    const release = Promise.withResolvers<void>()
    const requested = Promise.withResolvers<void>()
    await page.route(`${console_}/traces`, async (route) => {
      requested.resolve()
      await release.promise
      await route.continue()
    })
    await fetch(`${shop}/product/webcam-hd`)
    await requested.promise
    await page.keyboard.press('j')
    release.resolve()
    await page.getByText(/^\d+ nouveaux$/).waitFor()
    await page.keyboard.press('j')
    expect(await focusedRow(page)).toBe(1)
  }, 180_000)

  test('the keyboard walks through rows, searches, and goes to pages', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await fetch(shop)
    await page.goto(`${console_}/traces`)
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await focusedRow(page)).toBe(1)
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.name')).toBe('q')
    await page.keyboard.press('Escape')
    await page.locator('h1').click()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await page.getByRole('heading', { level: 1, name: 'Erreurs' }).waitFor()
  }, 180_000)

  test('pages update for a program that sends only spans, and keep opened details open', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${console_}/`)
    await sendSpan('only-spans', 'GET /fresh')
    await page.locator('.card', { hasText: 'only-spans' }).waitFor()

    await page.goto(`${console_}/logs`)
    const line = page.locator('.logs details').first()
    await line.locator('summary').click()
    await page.mouse.move(0, 0)
    await page.evaluate('document.activeElement.blur()')
    await fetch(shop)
    await page.getByText(/^\d+ nouveaux$/).waitFor()
    expect(await line.getAttribute('open')).not.toBeNull()
  }, 180_000)

  test('an open trace adds spans that arrive late, and keeps the scroll position and the focus', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 500 } })
    const id = await sendSpan('early', 'GET /early')
    for (let n = 0; n < 30; n++) await sendSpan('early', `step ${n}`, id)
    await page.goto(`${console_}/traces/${id}`)
    await page.evaluate('window.isSamePage = true')
    const rows = page.locator('.waterfall li')
    const read = rows.filter({ hasText: 'step 20' })
    await read.locator('summary').first().click()
    await page.getByLabel('Chercher dans la trace').fill('step 20')
    await read.locator('summary').first().focus()
    const top = async () => Math.round((await read.boundingBox())?.y ?? Number.NaN)
    const [before, topBefore] = [await rows.count(), await top()]

    // It began before the spans in view, and pushes them down.
    await sendSpan('early', 'the late one', id, 5000)
    await rows.filter({ hasText: 'the late one' }).waitFor({ state: 'attached' })
    expect(await rows.count()).toBe(before + 1)
    expect(await page.evaluate('window.isSamePage')).toBeTrue()
    expect(await read.locator('details').first().getAttribute('open')).not.toBeNull()
    expect(await page.evaluate('document.activeElement.closest("li")?.querySelector(".what").textContent')).toBe(
      'step 20',
    )
    expect(await page.getByLabel('Chercher dans la trace').inputValue()).toBe('step 20')
    expect(await page.locator('.waterfall li.match').count()).toBe(1)
    expect(Math.abs((await top()) - topBefore)).toBeLessThan(3)
    expect(await page.locator('.trace-facts').innerText()).toMatch(/32\u00a0spans/)
  }, 180_000)

  test('a hidden tab closes its event stream', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${console_}/traces`)
    await page.getByText('en direct').waitFor()
    const closed = page.waitForEvent('requestfailed', { predicate: (request) => request.url().endsWith('/events') })
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))`)
    await closed
  }, 180_000)

  test.each(['light', 'dark'] as const)(
    'each page fits its width, has no serious accessibility violation, and sends no request to third parties: %s',
    async (colorScheme) => {
      const trace = await anyTrace()
      const events = { scenario: 'product-service est tué', loadtest: 'Test de charge : début' }
      for (const [service, body] of Object.entries(events))
        await emitEvent(console_, { service, eventName: `${service}.started`, body })
      const long = 'a-service-with-a-very-long-name-indeed'
      const route = `GET /${'a-part-that-goes-on-and-on/'.repeat(4)}:id`
      const longTrace = `/traces/${await sendSpan(long, route)}`
      for (const width of [1280, 360]) {
        const { page, complaints } = await visit({ colorScheme, viewport: { width, height: 900 } })
        for (const path of [
          ...pages,
          trace,
          longTrace,
          '/http-requests?service=frontend&route=GET+%2F',
          '/metrics?name=http.server.request.duration',
        ]) {
          await page.goto(`${console_}${path}`)
          const name = path.split('?')[0]?.replace(trace, 'trace').replaceAll('/', '') || 'overview'
          const detail = path.includes('?') ? '-detail' : ''
          await page.screenshot({
            path: `${screenshots}/console-${name}${detail}-${width}-${colorScheme}.png`,
            fullPage: true,
          })
          const overflow = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          )
          await page.evaluate(`${axe.source};0`)
          const found = (await page.evaluate('axe.run()')) as {
            passes: unknown[]
            violations: { id: string; impact: string }[]
          }
          expect(found.passes.length).toBeGreaterThan(10)
          const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
          expect({ path, width, overflow, serious: serious.map(({ id }) => id) }).toEqual({
            path,
            width,
            overflow: 0,
            serious: [],
          })
        }
        expect(complaints).toEqual([])
      }
    },
    600_000,
  )

  test('scripts are small', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    for (const path of [...pages, await anyTrace(), '/metrics?name=http.server.request.duration']) {
      const scripts: Promise<number>[] = []
      page.removeAllListeners('response')
      page.on('response', (response) => {
        const size = async () => (await response.request().sizes()).responseBodySize
        if (response.url().endsWith('.js')) scripts.push(size())
      })
      // Resolves when the page and its scripts are loaded.
      await page.goto(`${console_}${path}`)
      const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0)
      expect({ path, isSmall: bytes < 60 * 1024 }).toEqual({ path, isSmall: true })
    }
  }, 180_000)

  // Last: the shop is broken from here on.
  test('product-service stops: the error, the alert and the red edge', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await dev.command('stop', 'product')
    for (let n = 0; n < 30; n++) expect((await fetch(shop)).status).toBe(503)

    await waitForText(page, `${console_}/alerts`, /HighErrorRate.*frontend/s)
    expect(await page.locator('#live').innerText()).toMatch(/critique\s+HighErrorRate/)
    await page.getByRole('link', { name: 'les traces' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Traces' }).waitFor()
    expect(await page.locator('tbody').innerText()).toMatch(/erreurs?/)

    await waitForText(page, `${console_}/errors`, /ECONNREFUSED/)
    await waitForText(page, `${console_}/map`, /product-service/)
    expect(await page.locator('svg .edge.bad, svg .bad').count()).toBeGreaterThan(0)
    await page.screenshot({ path: `${screenshots}/console-map-broken.png`, fullPage: true })
    await waitForText(page, `${console_}/alerts`, /ServiceDown.*product-service/s)
    await page.goto(`${console_}/`)
    expect(await page.locator('#live').innerText()).toContain('ServiceDown')
    await page.screenshot({ path: `${screenshots}/console-overview-broken.png`, fullPage: true })
    await dev.command('start', 'product')
  }, 600_000)

  async function visit(options: BrowserContextOptions) {
    const page = await openPage(browser, options)
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      const { origin } = new URL(request.url())
      if (origin !== shop && origin !== console_) complaints.push(`third party: ${request.url()}`)
    })
    return { page, complaints }
  }

  /** Sends a failed request of a program outside of the shop. @returns its trace id */
  async function sendSpan(
    service: string,
    name: string,
    traceId = Bun.randomUUIDv7().replaceAll('-', ''),
    agoMs = 0,
  ): Promise<string> {
    const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
    const us = (Date.now() - agoMs) * 1000
    const attributes = [
      text('error.type', 'AnErrorWithAnUnreasonablyLongNameThatSaysNothing'),
      text('code.function', name),
    ]
    const span = {
      traceId,
      spanId: Bun.randomUUIDv7().replaceAll('-', '').slice(16),
      name,
      kind: 2,
      status: { code: 2 },
      attributes,
    }
    const times = { startTimeUnixNano: `${us - 5000}000`, endTimeUnixNano: `${us}000` }
    const resource = { attributes: [text('service.name', service)] }
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...span, ...times }] }] }] })
    const headers = { 'Content-Type': 'application/json' }
    expect((await fetch(`${console_}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200)
    return traceId
  }

  async function order(page: Page): Promise<void> {
    const name = `ada-${Bun.randomUUIDv7().slice(-10)}`
    await page.goto(`${shop}/register`)
    await page.getByLabel('Prénom').fill('Ada')
    await page.getByLabel('Nom', { exact: true }).fill('Martin')
    await page.getByLabel('Nom d’utilisateur').fill(name)
    await page.getByLabel(/e-mail/i).fill(`${name}@example.test`)
    await page.getByLabel('Mot de passe').fill('correct horse')
    await page.locator('main').getByRole('button').click()
    await page.getByText('Merci pour votre inscription').waitFor()
    await page.getByLabel('Nom d’utilisateur').fill(name)
    await page.getByLabel('Mot de passe').fill('correct horse')
    await page.locator('main').getByRole('button').click()
    await page.getByText('Bienvenue, Ada').waitFor()
    await page.goto(`${shop}/product/souris-gaming`)
    await page.getByRole('button', { name: 'Ajouter au panier' }).click()
    await page.getByText('Ajouté au panier').waitFor()
    await page.goto(`${shop}/checkout`)
    await page.getByRole('button', { name: 'Confirmer et payer' }).click()
    await page.getByRole('heading', { name: /Merci pour votre commande/ }).waitFor()
    await waitForTrace(page, await page.locator('.badge-costs a').getAttribute('href'))
  }

  function focusedRow(page: Page): Promise<number> {
    return page.evaluate("[...document.querySelectorAll('tbody tr')].indexOf(document.activeElement.closest('tr'))")
  }

  /** Waits for the trace: exports take a second. */
  async function waitForTrace(page: Page, trace: string | null): Promise<void> {
    await waitUntil(async () => (await page.request.get(trace ?? '')).ok(), { describe: () => trace })
  }

  /** Reloads until the trace has the spans that other services send last. */
  async function waitForLastSpan(page: Page): Promise<void> {
    const last = page.locator('.waterfall li', { hasText: 'POST /api/reservations/:orderId/confirm' })
    for (let attempt = 0; attempt < 100 && (await last.count()) === 0; attempt++) {
      await Bun.sleep(100)
      await page.reload()
    }
  }

  async function anyTrace(): Promise<string> {
    await fetch(shop)
    const { trace_id } = await waitUntil(async () => {
      const response = await fetch(`${console_}/api/traces?route=GET+%2F`)
      return ((await response.json()) as { traces: { trace_id: string }[] }).traces[0]
    })
    return `/traces/${trace_id}`
  }

  async function waitForText(page: Page, url: string, expected: RegExp): Promise<void> {
    let text = ''
    const isShown = async () => {
      await page.goto(url)
      text = await page.locator('#live').innerText()
      return expected.test(text)
    }
    await waitUntil(isShown, { timeoutMs: 240_000, intervalMs: 500, describe: () => `${url} shows: ${text}` })
  }
})
