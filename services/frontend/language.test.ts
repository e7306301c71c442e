import { expect, test } from 'bun:test'
import { addToCart, openFrontend, openSignedInFrontend } from '../../test/storefront'
import { catalogs } from './messages/messages'

const languageOf = (html: string) => /<html lang="(\w+)"/.exec(html)?.[1]

test.each([
  [undefined, 'fr'],
  ['en', 'en'],
  ['en-US,en;q=0.9', 'en'],
  ['fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
  ['de, en-GB;q=0.8, fr;q=0.5', 'en'],
  ['fr;q=0.3, en;q=0.7', 'en'],
  ['en;q=0, *', 'fr'],
  ['de', 'fr'],
  ['*', 'fr'],
  [';;;,=q', 'fr'],
  ['x'.repeat(5000), 'fr'],
])('with Accept-Language %p the page is in %p', async (header, language) => {
  const shop = await openFrontend()

  const { html, headers } = await shop.browser().get('/', header === undefined ? {} : { 'Accept-Language': header })

  expect(languageOf(html)).toBe(language)
  expect(headers.get('content-language')).toBe(language)
  expect(headers.get('vary')).toBe('Accept-Language, Cookie')
  expect(html).toContain(language === 'en' ? 'Tech Shop' : 'Boutique Tech')
})

test('?lang= is stored, and an unknown language is ignored', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()

  const chosen = await visitor.get('/login?lang=en')
  expect(chosen.headers.getSetCookie()).toEqual(['lang=en; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax'])
  const later = await visitor.get('/products', { 'Accept-Language': 'fr' })
  expect(languageOf(later.html)).toBe('en')
  expect(later.headers.getSetCookie()).toEqual([])
  expect(languageOf((await visitor.get('/?lang=xx')).html)).toBe('en')
  expect(languageOf((await visitor.get('/?lang=fr')).html)).toBe('fr')
  expect(languageOf((await visitor.get('/')).html)).toBe('fr')
})

test('each page is memoized by language', async () => {
  const shop = await openFrontend()
  const home = async (language: string) => (await shop.browser().get('/', { 'Accept-Language': language })).html

  const [french, english] = [await home('fr'), await home('en')]

  expect(french).toContain('129,99\u00a0€')
  expect(english).toContain('€129.99')
  expect(english).toContain('In stock')
  expect([await home('fr'), await home('en')]).toEqual([french, english])
})

test('the footer links to this page in each language', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const links = async (path: string) =>
    [...(await visitor.get(path)).html.matchAll(/href="(\/[^"]*lang=\w\w)"/g)].map(([, href]) => href)

  expect(await links('/')).toEqual(['/?lang=fr', '/?lang=en'])
  expect(await links('/product/laptop-pro?a=1&lang=en')).toEqual([
    '/product/laptop-pro?a=1&amp;lang=fr',
    '/product/laptop-pro?a=1&amp;lang=en',
  ])
  await visitor.get('/register')
  const refused = await visitor.post('/register', { username: 'a' })
  expect(refused.html).toContain('href="/register?lang=fr"')
})

test('an English shopper sees English pages, messages and errors; the catalog keeps its language', async () => {
  const { visitor } = await openSignedInFrontend()
  await visitor.get('/?lang=en')

  const product = await visitor.follow(await addToCart(visitor, 3, 2))
  expect(product.html).toContain('Added to your cart')
  expect(product.html).toContain('<h1 lang="fr">Casque Sans Fil</h1>')
  const cart = await visitor.get('/checkout')
  expect(cart.html).toContain('Order summary')
  expect(cart.html).toContain('€299.98')
  expect(cart.html).toContain('2\u00a0items')
  const missing = await visitor.get('/nowhere')
  expect(missing.html).toContain('Page not found')
  await visitor.post('/logout')
  const login = await visitor.post('/login', { username: 'unknown', password: 'wrong' })
  expect(login.html).toContain('The username or e-mail address, or the password, is wrong.')
  const texts = [product, cart, missing, login].map(({ html }) => html).join('')
  expect(texts).not.toMatch(/Panier|Connexion|Quantité|Déconnexion/)
})

test('no English text is the French one, except names', () => {
  const same = leaves(catalogs.fr).filter(([path, text]) => text === leaves(catalogs.en).find(([p]) => p === path)?.[1])

  expect(same.map(([path]) => path)).toEqual(expect.arrayContaining(['brand']))
  expect(same.map(([, text]) => text).filter((text) => /\s.*\s/.test(text))).toEqual([])
})

function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key))
}
