import { expect, test } from 'bun:test'
import { checkOut, fillCart, jsonRequest, productId, signIn, signUp } from '../../../test/shop'
import { type Frontend, openFrontend, openSignedInFrontend } from '../../../test/storefront'
import { pageKeyPlaceholder } from '../ui/page-key'

const prices = { 1: 129_999, 2: 89_999, 3: 14_999 } as const

async function buy(shop: Frontend, n: keyof typeof prices, quantity: number): Promise<void> {
  const { token } = await signUp(shop)
  await fillCart(shop, token, n, quantity)
  expect((await checkOut(shop, token, prices[n] * quantity)).status).toBe(201)
}

const count = (names: string[], name: string) => names.filter((one) => one === name).length

/** The slugs of the cards below a heading. */
function slugsBelow(html: string, title: string): string[] {
  const section = html.split('<section').find((one) => one.includes(`<h2>${title}</h2>`)) ?? ''
  return [...section.matchAll(/href="\/product\/([\w-]+)"/g)].map(([, slug = '']) => slug)
}

test('the home page shows the newest products, and those that were bought most', async () => {
  const shop = await openFrontend()
  await buy(shop, 3, 1)
  await buy(shop, 1, 2)

  const { html, status } = await shop.browser().get('/')

  expect(status).toBe(200)
  expect(slugsBelow(html, 'Nouveautés')).toEqual([
    'webcam-hd',
    'souris-gaming',
    'clavier-mecanique',
    'enceinte-bluetooth',
  ])
  expect(slugsBelow(html, 'Les plus achetés')).toEqual(['laptop-pro', 'casque-sans-fil'])
  expect(html).toContain('href="/products">Voir tous les articles')
  expect(shop.recording.span('GET /')).not.toHaveFailed()
})

test('what was bought most is asked for once a minute, not once a page', async () => {
  const shop = await openFrontend()
  await buy(shop, 2, 1)

  const pages = [await shop.browser().get('/'), await shop.browser().get('/'), await shop.browser().get('/')]

  expect(pages.map(({ html }) => slugsBelow(html, 'Les plus achetés'))).toEqual(Array(3).fill(['smartphone-x']))
  const names = shop.recording.spans().map(({ name }) => name)
  expect([count(names, 'GET /'), count(names, 'GET /api/most-bought')]).toEqual([3, 1])
})

test('without order-service, and without orders, the rest of the home page is there', async () => {
  const shop = await openFrontend()
  expect((await shop.browser().get('/')).html).not.toContain('Les plus achetés')

  const other = await openFrontend()
  other.unreachable.add('order-service')
  const { html, status } = await other.browser().get('/')

  expect(status).toBe(200)
  expect(html).toContain('Nouveautés')
  expect(html).not.toContain('Les plus achetés')
  expect(other.recording.span('GET /')).not.toHaveFailed()
})

test('a product that is sold out or withdrawn is not recommended', async () => {
  const shop = await openFrontend({ stock: 2 })
  await buy(shop, 1, 2)
  await buy(shop, 2, 1)
  await buy(shop, 3, 1)
  const { token } = await signIn(shop, 'admin', 'admin123')
  const withdrawn = await shop.products.request(
    `/api/product/${productId(2)}`,
    jsonRequest('DELETE', undefined, { token }),
  )
  expect(withdrawn.status).toBe(204)

  const { html } = await shop.browser().get('/')

  expect(slugsBelow(html, 'Les plus achetés')).toEqual(['casque-sans-fil'])
})

test('a card adds its product; the same page adds it once, and another page once more', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const keyOf = (html: string) => /name="idempotency_key" value="([^"]*)"/.exec(html)?.[1] ?? ''
  const add = (key: string) => visitor.post('/cart/add', { product_id: productId(10), idempotency_key: key })
  const [first, second] = [keyOf((await visitor.get('/')).html), keyOf((await visitor.get('/')).html)]

  const added = await visitor.follow(await add(first))
  await add(first)
  await add(second)

  expect(added.html).toContain('Ajouté au panier')
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(second).not.toBe(first)
  expect((await visitor.get('/')).html).toContain('title="2\u00a0articles"')
  // A guest's page is the same for all guests.
  expect(keyOf((await shop.browser().get('/')).html)).toBe(pageKeyPlaceholder)
})
