import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { isMissing } from '../requirements'
import { startServices } from '../service-processes'
import { openChromium, openPage } from './chromium'

const paths = [
  '/',
  '/products',
  '/products?q=pro&sort=price',
  '/products?q=zzz',
  '/product/laptop-pro',
  '/checkout',
  '/login',
]
const maxPageBytes = 100_000

describe.skipIf(isMissing('browser'))('how the storefront looks in Chromium', () => {
  let browser: Browser
  let shop: Awaited<ReturnType<typeof startServices>>

  beforeAll(async () => {
    shop = await startServices()
    browser = await openChromium()
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await shop.stop()
  })

  test.each(
    [320, 390, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => [width, scheme] as const)),
  )(
    'pages fit %i px, %s: nothing moves, the header is low, axe finds nothing',
    async (width, colorScheme) => {
      const page = await openPage(browser, { colorScheme, viewport: { width, height: 900 } })
      await addFromProductPage(page, 'laptop-pro')
      for (const path of paths) {
        await page.goto(`${shop.frontend.url}${path}`)
        const found = { path, ...(await measure(page)), violations: await violations(page) }
        expect(found).toEqual({ path, overflow: 0, shift: 0, isHeaderLow: true, violations: [] })
      }
    },
    300_000,
  )

  test('with a zoom of 400 % nothing is cut off', async () => {
    const page = await openPage(browser, { viewport: { width: 320, height: 256 } })
    for (const path of paths) {
      await page.goto(`${shop.frontend.url}${path}`)
      expect({ path, overflow: (await measure(page)).overflow }).toEqual({ path, overflow: 0 })
    }
    expect(await page.evaluate("getComputedStyle(document.querySelector('.top')).position")).toBe('static')
  }, 180_000)

  test('a first visit of a page costs at most 100 KB, and uses our font', async () => {
    for (const path of ['/', '/products', '/product/laptop-pro']) {
      const page = await openPage(browser, { viewport: { width: 1280, height: 900 } })
      const sizes: Promise<number>[] = []
      page.on('requestfinished', (request) =>
        sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize)),
      )
      await page.goto(`${shop.frontend.url}${path}`, { waitUntil: 'networkidle' })
      const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
      expect({ path, isSmall: bytes < maxPageBytes, isLoaded: bytes > 20_000 }).toEqual({
        path,
        isSmall: true,
        isLoaded: true,
      })
      expect(await page.evaluate("document.fonts.load('1rem Figtree').then(([font]) => font?.status)")).toBe('loaded')
      await page.context().close()
    }
  }, 180_000)

  test('a stepper changes the quantity, and is a number field without JavaScript', async () => {
    const page = await openPage(browser)
    await page.goto(`${shop.frontend.url}/product/laptop-pro`)
    const field = page.getByRole('spinbutton', { name: 'Quantité' })
    for (const [name, value] of [
      ['Un de plus', '2'],
      ['Un de plus', '3'],
      ['Un de moins', '2'],
      ['Un de moins', '1'],
      ['Un de moins', '1'],
    ] as const) {
      await page.getByRole('button', { name }).click()
      expect(await field.inputValue()).toBe(value)
    }
    await page.getByRole('button', { name: 'Un de plus' }).click()
    await page.getByRole('button', { name: 'Ajouter au panier' }).click()
    await page.locator('.count').filter({ hasText: '2' }).waitFor()

    await page.goto(`${shop.frontend.url}/checkout`)
    await page.getByRole('button', { name: 'Un de plus' }).click()
    await page.locator('[data-cart-total]').filter({ hasText: '3 899,97' }).waitFor()
    await page.locator('.count').filter({ hasText: '3' }).waitFor()

    const plain = await openPage(browser, { javaScriptEnabled: false })
    await plain.goto(`${shop.frontend.url}/product/laptop-pro`)
    expect(await plain.getByRole('button', { name: 'Un de plus' }).count()).toBe(0)
    await plain.getByRole('spinbutton', { name: 'Quantité' }).fill('2')
    await plain.getByRole('button', { name: 'Ajouter au panier' }).click()
    await plain.locator('.count').filter({ hasText: '2' }).waitFor()
  }, 180_000)

  test('"Ajouter" on a card works without JavaScript too', async () => {
    const page = await openPage(browser, { javaScriptEnabled: false })
    await page.goto(`${shop.frontend.url}/products`)
    await page.getByRole('button', { name: 'Ajouter Casque Sans Fil au panier' }).click()
    await page.getByText('Ajouté au panier').waitFor()
    await page.getByRole('heading', { level: 1, name: 'Casque Sans Fil' }).waitFor()
  }, 180_000)

  test('the home page shows the products that this browser viewed last', async () => {
    const page = await openPage(browser)
    for (const slug of ['webcam-hd', 'laptop-pro', 'webcam-hd', 'montre-connectee'])
      await page.goto(`${shop.frontend.url}/product/${slug}`)
    await page.goto(`${shop.frontend.url}/`)
    const viewed = page.locator('[data-last-viewed]')
    expect(await viewed.locator('h3').allInnerTexts()).toEqual(['Montre Connectée', 'Webcam HD', 'Laptop Pro'])

    await page.evaluate('localStorage.setItem(\'viewed\', \'[{"slug":"//evil","name":1},null]\')')
    await page.reload()
    expect(await viewed.isVisible()).toBeFalse()
  }, 180_000)

  test('on a phone the menu opens and closes by keyboard, without JavaScript', async () => {
    const page = await openPage(browser, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } })
    await page.goto(`${shop.frontend.url}/`)
    const link = page.getByRole('link', { name: 'Connexion' })
    expect(await link.isVisible()).toBeFalse()
    await page.getByRole('button', { name: 'Menu' }).press('Enter')
    await link.waitFor()
    await page.keyboard.press('Escape')
    await link.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Menu' }).press('Enter')
    await link.click()
    await page.getByRole('heading', { level: 1, name: 'Se connecter' }).waitFor()
  }, 180_000)

  test('a printed cart has no buttons, and its quantities', async () => {
    const page = await openPage(browser)
    await addFromProductPage(page, 'souris-gaming')
    await page.goto(`${shop.frontend.url}/checkout`)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('button:visible, .button:visible, .top:visible').count()).toBe(0)
    expect(await page.getByRole('spinbutton').isVisible()).toBeTrue()
    expect(await page.locator('[data-cart-total]').innerText()).toContain('49,99')
  }, 180_000)

  async function addFromProductPage(page: Page, slug: string): Promise<void> {
    await page.goto(`${shop.frontend.url}/product/${slug}`)
    await page.getByRole('button', { name: 'Ajouter au panier' }).click()
    await page.getByText('Ajouté au panier').waitFor()
  }

  // The observer gets the shifts so far at its first turn; two frames later the page is as it stays.
  const measure = (page: Page): Promise<{ overflow: number; shift: number; isHeaderLow: boolean }> =>
    page.evaluate(`new Promise((resolve) => {
      let shift = 0
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) shift += value
      }).observe({ type: 'layout-shift', buffered: true })
      const { documentElement: root } = document
      const maxHeaderPx = root.clientWidth < 900 ? 64 : 80
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve({
        overflow: root.scrollWidth - root.clientWidth,
        shift,
        isHeaderLow: document.querySelector('.top').offsetHeight < maxHeaderPx,
      }))))
    })`)

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(`${axe.source};0`)
    const found = (await page.evaluate('axe.run()')) as { passes: unknown[]; violations: { id: string }[] }
    expect(found.passes.length).toBeGreaterThan(10)
    return found.violations.map(({ id }) => id)
  }
})
