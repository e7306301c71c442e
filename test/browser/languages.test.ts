import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { catalogs, type Language, type Messages } from '../../services/frontend/messages/messages'
import { isMissing } from '../requirements'
import { startServices } from '../service-processes'
import { openChromium, openPage } from './chromium'

const screenshots = '.cache/screenshots'
const locales: Record<Language, string> = { fr: 'fr-FR', en: 'en-US' }
const password = 'correct horse'

/** How a shopper uses a link or a button. */
type Use = (target: Locator) => Promise<void>

const click: Use = (target) => target.click()

const pressKeys: Use = async (target) => {
  const page = target.page()
  for (let tabs = 0; tabs < 80; tabs++) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) {
      return page.keyboard.press('Enter')
    }
  }
  throw new Error(`no Tab reaches ${target}`)
}

describe.skipIf(isMissing('browser'))('the storefront in two languages, in Chromium', () => {
  let browser: Browser
  let shop: Awaited<ReturnType<typeof startServices>>
  let people = 0

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    shop = await startServices()
    browser = await openChromium()
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await shop.stop()
  })

  test.each<[string, Language, BrowserContextOptions, Use]>([
    ['in French, on a phone', 'fr', { viewport: { width: 390, height: 800 } }, click],
    ['in English, dark', 'en', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }, click],
    ['in English, by keyboard only', 'en', { viewport: { width: 1280, height: 900 } }, pressKeys],
    ['in French, by keyboard only', 'fr', { viewport: { width: 390, height: 800 } }, pressKeys],
    ['in English, without JavaScript', 'en', { javaScriptEnabled: false }, click],
  ])(
    'a guest fills a cart, registers, pays and signs out, %s',
    async (_name, language, options, use) => {
      const page = await openPage(browser, { locale: locales[language], ...options })
      await journey(page, catalogs[language], use)
    },
    180_000,
  )

  test.each<[Language, 'light' | 'dark']>([
    ['fr', 'dark'],
    ['en', 'light'],
  ])(
    'account and administration have no serious accessibility violation, in %s, %s',
    async (language, colorScheme) => {
      const page = await openPage(browser, {
        locale: locales[language],
        colorScheme,
        viewport: { width: 390, height: 800 },
      })
      await logIn(page, catalogs[language], 'admin', 'admin123')
      await addToCart(page, catalogs[language], click)
      const [first] = await page.request
        .get(`${shop.product.url}/api/products?limit=1`)
        .then((response) => response.json())
        .then(({ items }) => items)
      for (const path of [
        '/account',
        '/checkout',
        '/admin/products',
        '/admin/products/new',
        `/admin/products/${first.id}`,
        '/admin/products/withdrawn',
        '/admin/orders',
        '/admin/users',
      ]) {
        await page.goto(`${shop.frontend.url}${path}`)
        expect(await page.locator('html').getAttribute('lang')).toBe(language)
        expect({ path, violations: await findViolations(page) }).toEqual({ path, violations: [] })
      }
    },
    180_000,
  )

  test('the switch in the footer changes the language of this page and of the next ones', async () => {
    const page = await openPage(browser, { locale: 'fr-FR' })
    await page.goto(`${shop.frontend.url}/login`)
    await page.getByRole('link', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: catalogs.en.account.loginTitle }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/login')
    await page.goto(`${shop.frontend.url}/register`)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  }, 60_000)

  test('a wrong quantity is explained in the language of the page, whatever the language of the browser', async () => {
    const page = await openPage(browser, { locale: 'de-DE' })
    await page.goto(`${shop.frontend.url}/?lang=en`)
    await addToCart(page, catalogs.en, click)
    await page.goto(`${shop.frontend.url}/checkout`)
    for (const [quantity, text] of [
      ['0', catalogs.en.cart.wrongQuantity],
      ['98', /There are only \d+ of this item left/],
    ] as const) {
      await page.getByRole('spinbutton').fill(quantity)
      await page.getByRole('spinbutton').blur()
      await page.locator('[data-cart-message]').filter({ hasText: text }).waitFor()
    }
    await page.getByRole('spinbutton').fill('2')
    await page.getByRole('spinbutton').blur()
    await page.locator('[data-cart-message]').filter({ hasText: catalogs.en.flash.cartUpdated }).waitFor()
    await page.getByText('€299.98').first().waitFor()
  }, 60_000)

  async function journey(page: Page, messages: Messages, use: Use): Promise<void> {
    const { cart, account, orders, navigation, flash } = messages
    const username = `guest-${process.pid}-${++people}`
    await addToCart(page, messages, use)
    await use(page.getByRole('link', { name: flash.seeCart }))
    await waitForTitle(page, cart.guestTitle)
    await use(page.getByRole('link', { name: cart.signInToPay }))
    await use(page.locator('main').getByRole('link', { name: account.registerTitle }))
    await register(page, messages, username, use)
    await page.getByLabel(account.fields.login).fill(username)
    await page.getByLabel(account.fields.password).fill(password)
    await use(page.locator('main').getByRole('button'))
    await page
      .locator('body')
      .filter({ hasText: flash.welcome('Alice') })
      .waitFor()
    await use(page.getByRole('link', { name: navigation.cart }))
    await waitForTitle(page, cart.title)
    await page
      .locator('body')
      .filter({ hasText: messages.formatPrice(14999) })
      .waitFor()
    await use(page.getByRole('button', { name: cart.pay }))
    await waitForTitle(page, orders.thanks)
    await use(page.getByRole('link', { name: 'Alice', exact: true }))
    await waitForTitle(page, account.title)
    await page.screenshot({ path: `${screenshots}/account-${username}.png`, fullPage: true })
    // The menu of a narrow page is closed.
    const menu = page.getByRole('button', { name: navigation.menu })
    if (await menu.isVisible()) await use(menu)
    await use(page.getByRole('button', { name: navigation.logout, exact: true }))
    await page.locator('body').filter({ hasText: flash.goodbye }).waitFor()
  }

  async function addToCart(page: Page, { catalog, flash }: Messages, use: Use): Promise<void> {
    await page.goto(`${shop.frontend.url}/product/casque-sans-fil`)
    await use(page.locator('main').getByRole('button', { name: catalog.add }).first())
    await page.locator('body').filter({ hasText: flash.added }).waitFor()
  }

  async function register(page: Page, { account, flash }: Messages, username: string, use: Use): Promise<void> {
    const { fields } = account
    await page.getByLabel(fields.first_name).fill('Alice')
    await page.getByLabel(fields.last_name, { exact: true }).fill('Martin')
    await page.getByLabel(fields.username).fill(username)
    await page.getByLabel(fields.email).fill(`${username}@example.test`)
    await page.getByLabel(fields.password).fill(password)
    await use(page.locator('main').getByRole('button'))
    await page.locator('body').filter({ hasText: flash.registered }).waitFor()
  }

  async function logIn(page: Page, { account }: Messages, username: string, secret: string): Promise<void> {
    await page.goto(`${shop.frontend.url}/login`)
    await page.getByLabel(account.fields.login).fill(username)
    await page.getByLabel(account.fields.password).fill(secret)
    await page.locator('main').getByRole('button').click()
    await page.locator('.who').waitFor()
  }

  async function findViolations(page: Page): Promise<string[]> {
    await page.evaluate(`${axe.source};0`)
    const found = (await page.evaluate('axe.run()')) as { violations: { id: string; impact: string }[] }
    return found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)
  }

  const waitForTitle = (page: Page, name: string) =>
    page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
})
