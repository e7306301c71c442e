import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { isMissing } from '../requirements'
import { startServices } from '../service-processes'
import { openChromium, openPage } from './chromium'

const screenshots = '.cache/screenshots'
const widths = [360, 1280]

describe.skipIf(isMissing('browser'))('the storefront in Chromium', () => {
  let browser: Browser
  let shop: Awaited<ReturnType<typeof startServices>>

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    shop = await startServices()
    browser = await openChromium()
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await shop.stop()
  })

  test.each(widths)(
    'a shopper signs up, orders and sees the order, %d px wide',
    async (width) => {
      const { page, complaints } = await visit({ viewport: { width, height: 900 } })
      await journey(page, `w${width}`)
      expect(complaints).toEqual([])
    },
    180_000,
  )

  test('the same without JavaScript', async () => {
    const { page, complaints } = await visit({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } })
    await journey(page, 'nojs')
    expect(complaints).toEqual([])
  }, 180_000)

  test('with JavaScript the totals follow the quantity at once, and the shopper pays what the page shows', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await register(page, 'follows')
    await add(page, 'Souris Gaming')
    await page.goto(`${shop.frontend.url}/checkout`)
    await page.getByRole('spinbutton').fill('3')
    await page.getByText('149,97').first().waitFor()
    await page.getByRole('button', { name: 'Confirmer et payer' }).click()
    await page.getByRole('heading', { name: /Merci pour votre commande/ }).waitFor()
    await waitForText(page, '149,97 €')
  }, 180_000)

  test('each page is in French and fits its width', async () => {
    const { page } = await visit({ viewport: { width: 360, height: 800 } })
    for (const path of ['/', '/product/laptop-pro', '/login', '/register', '/nulle-part']) {
      await page.goto(`${shop.frontend.url}${path}`)
      expect(await page.locator('html').getAttribute('lang')).toBe('fr')
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect({ path, overflow }).toEqual({ path, overflow: 0 })
    }
  }, 180_000)

  test('an invalid quantity is not submitted', async () => {
    const { page } = await visit({ viewport: { width: 1280, height: 900 } })
    await register(page, 'invalid')
    await add(page, 'Souris Gaming')
    await page.clock.install()
    await page.goto(`${shop.frontend.url}/checkout`)
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    for (const wrong of ['150', '']) {
      await page.getByRole('spinbutton').fill(wrong)
      await page.getByRole('button', { name: 'Confirmer et payer' }).click()
      // Longer than the page waits before it saves a quantity.
      await page.clock.runFor(1000)
      expect(await page.locator('input:invalid').count()).toBe(1)
      expect(new URL(page.url()).pathname).toBe('/checkout')
    }
    expect(sent).toEqual([])
    await page.goto(`${shop.frontend.url}/orders`)
    expect(await page.locator('body').innerText()).not.toContain('49,99')
  }, 180_000)

  test.each(['light', 'dark'] as const)(
    'no page has a serious accessibility violation, %s',
    async (colorScheme) => {
      const { page } = await visit({ colorScheme, viewport: { width: 360, height: 800 } })
      await register(page, `axe-${colorScheme}`)
      await add(page, 'Laptop Pro')
      for (const path of ['/', '/product/laptop-pro', '/checkout', '/orders', '/login', '/register', '/nulle-part']) {
        await page.goto(`${shop.frontend.url}${path}`)
        await page.evaluate(`${axe.source};0`)
        const found = (await page.evaluate('axe.run()')) as {
          passes: unknown[]
          violations: { id: string; impact: string }[]
        }
        expect(found.passes.length).toBeGreaterThan(10)
        const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        expect({ path, serious: serious.map(({ id }) => id) }).toEqual({ path, serious: [] })
      }
    },
    180_000,
  )

  test('a form with invalid fields has a French message at each, whatever the language of the browser', async () => {
    const { page } = await visit({ locale: 'en-US', viewport: { width: 360, height: 800 } })
    await page.goto(`${shop.frontend.url}/register?lang=fr`)
    await page.getByLabel('Nom d’utilisateur').fill('a')
    await page.locator('main').getByRole('button').click()
    await waitForText(page, 'Choisissez de 3 à 32 lettres')
    const errorOf = async (label: string) => {
      const ids = (await page.getByLabel(label, { exact: true }).getAttribute('aria-describedby'))?.split(' ') ?? []
      return page.locator(`#${ids[0]}`).innerText()
    }
    expect(await errorOf('Nom d’utilisateur')).toContain('Choisissez de 3 à 32 lettres')
    expect(await errorOf('Adresse e-mail')).toContain('Indiquez une adresse e-mail valide')
    expect(await errorOf('Mot de passe')).toContain('Choisissez de 8 à 128 caractères')
    expect(await page.getByLabel('Nom d’utilisateur').inputValue()).toBe('a')
    await page.screenshot({ path: `${screenshots}/w360-register-wrong.png`, fullPage: true })
  }, 180_000)

  async function visit(options: Parameters<Browser['newContext']>[0]) {
    const page = await openPage(browser, options)
    const complaints: string[] = []
    // The 404 page is opened on purpose.
    page.on('console', (message) => {
      const isExpected = message.location().url.endsWith('/nulle-part')
      if (message.type() === 'error' && !isExpected) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(shop.frontend.url).host)
        complaints.push(`third party: ${request.url()}`)
    })
    return { page, complaints }
  }

  async function journey(page: Page, name: string): Promise<void> {
    const shot = (step: string) => page.screenshot({ path: `${screenshots}/${name}-${step}.png`, fullPage: true })
    await page.goto(`${shop.frontend.url}/`)
    await waitForTitle(page, 'Boutique Tech')
    await shot('1-home')
    await page.goto(`${shop.frontend.url}/products`)
    expect(await page.locator('main img').count()).toBe(10)
    await page
      .getByRole('link', { name: /Laptop Pro/ })
      .first()
      .click()
    await waitForTitle(page, 'Laptop Pro')
    await waitForText(page, '1 299,99 €')
    await shot('2-product')
    await register(page, name)
    await add(page, 'Laptop Pro')
    await add(page, 'Webcam HD')
    await page.getByRole('link', { name: /Panier/ }).click()
    await waitForTitle(page, 'Récapitulatif de la commande')
    await shot('3-checkout')
    await page.getByRole('button', { name: /Retirer.*Webcam HD/ }).click()
    await waitForText(page, 'Produit retiré du panier')
    await page.getByRole('button', { name: 'Confirmer et payer' }).click()
    await page.getByRole('heading', { name: /Merci pour votre commande/ }).waitFor()
    await shot('4-thanks')
    await openMenu(page)
    await page.getByRole('link', { name: 'Commandes' }).first().click()
    await waitForTitle(page, 'Mes commandes')
    await waitForText(page, '1 299,99 €')
    await shot('5-orders')
    await openMenu(page)
    await page.getByRole('button', { name: 'Déconnexion' }).click()
    await waitForText(page, 'À bientôt')
    await page.goto(`${shop.frontend.url}/nulle-part`).catch(() => {})
    await waitForText(page, /[0-9a-f]{32}/)
    await shot('6-error')
  }

  async function register(page: Page, name: string): Promise<void> {
    await page.goto(`${shop.frontend.url}/register`)
    await page.getByLabel('Prénom').fill('Alice')
    await page.getByLabel('Nom', { exact: true }).fill('Martin')
    await page.getByLabel('Nom d’utilisateur').fill(`alice-${name}`)
    await page.getByLabel(/e-mail/i).fill(`alice-${name}@example.test`)
    await page.getByLabel('Mot de passe').fill('correct horse')
    await page.locator('main').getByRole('button').click()
    await waitForText(page, 'Merci pour votre inscription, veuillez vous connecter')
    await page.getByLabel('Nom d’utilisateur').fill(`alice-${name}`)
    await page.getByLabel('Mot de passe').fill('correct horse')
    await page.locator('main').getByRole('button').click()
    await waitForText(page, 'Bienvenue, Alice')
  }

  async function add(page: Page, product: string): Promise<void> {
    await page.goto(`${shop.frontend.url}/products`)
    await page
      .getByRole('link', { name: new RegExp(product) })
      .first()
      .click()
    await page.getByRole('button', { name: 'Ajouter au panier' }).click()
    await waitForText(page, 'Ajouté au panier')
  }

  // The menu of a narrow page is closed.
  async function openMenu(page: Page): Promise<void> {
    const button = page.getByRole('button', { name: 'Menu' })
    if (await button.isVisible()) await button.click()
  }

  // A click may resolve before the next page is loaded.
  const waitForText = (page: Page, text: string | RegExp) => page.locator('body').filter({ hasText: text }).waitFor()
  const waitForTitle = (page: Page, name: string) =>
    page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
})
