import { expect, test } from 'bun:test'
import { jsonRequest, signIn } from '../../../test/shop'
import { type Frontend, openFrontend } from '../../../test/storefront'

const slugsOf = (html: string) => [...html.matchAll(/<h2[^>]*><a href="\/product\/([\w-]+)"/g)].map(([, slug]) => slug)

test('a search finds words without case and accents, in the order of the form', async () => {
  const shop = await openFrontend()
  const { html, status } = await shop.browser().get('/products?q=MECANIQUE+clavier&sort=price')

  expect(status).toBe(200)
  expect(slugsOf(html)).toEqual(['clavier-mecanique'])
  expect(html).toContain('<h1>Résultats pour «\u00a0MECANIQUE clavier\u00a0»</h1>')
  expect(html).toContain('name="q" value="MECANIQUE clavier"')
  expect(html).toContain('<option value="price" selected="">Prix croissant</option>')
  expect(html).toContain('<meta name="robots" content="noindex"/>')
})

test('an order of all products is memoized by itself', async () => {
  const shop = await openFrontend()
  const first = async (sort: string) => slugsOf((await shop.browser().get(`/products?sort=${sort}`)).html)[0]

  for (const _round of [1, 2]) {
    expect(await first('')).toBe('laptop-pro')
    expect(await first('price')).toBe('souris-gaming')
    expect(await first('-price')).toBe('laptop-pro')
    expect(await first('name')).toBe('appareil-photo')
    expect(await first('newest')).toBe('webcam-hd')
  }
})

test('a search without results says so and offers a way on', async () => {
  const shop = await openFrontend()
  const french = await shop.browser().get('/products?q=%3Cb%3Ezzz')
  const english = await shop.browser().get('/products?q=zzz&lang=en')

  expect([french.status, english.status]).toEqual([200, 200])
  expect(french.html).toContain('Aucun article ne correspond à «\u00a0&lt;b&gt;zzz\u00a0».')
  expect(french.html).not.toContain('<b>zzz')
  expect(french.html).toContain('<a class="button" href="/products">Voir tous les articles</a>')
  expect(english.html).toContain('No item matches “zzz”.')
})

test('the link to the next page keeps search and order, and the last page has none', async () => {
  const shop = await openFrontend()
  await createProducts(shop, 30)
  const visitor = shop.browser()
  const nextOf = (html: string) =>
    /href="([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? 'there is no next page'

  const first = await visitor.get('/products?q=housse&sort=-price')
  const second = await visitor.get(nextOf(first.html))

  expect(nextOf(first.html)).toStartWith('/products?q=housse&sort=-price&cursor=')
  const slugs = [...slugsOf(first.html), ...slugsOf(second.html)]
  expect([slugsOf(first.html).length, new Set(slugs).size]).toEqual([24, 30])
  expect(second.html).not.toContain('rel="next"')
  expect(second.html).toContain('name="q" value="housse"')
})

test.each(['sort=bogus', 'cursor=nonsense', 'sort=price&cursor=nonsense', `q=${'x'.repeat(101)}`])(
  '%s is a page with 400 that leads to the products, and no failure of the shop',
  async (query) => {
    const shop = await openFrontend()
    const { html, status } = await shop.browser().get(`/products?${query}`)

    expect(status).toBe(400)
    expect(html).toContain('Cette recherche n’est pas possible')
    expect(html).toContain('href="/products">Voir tous les articles')
    expect(shop.recording.span('GET /products')).toHaveAttributes({ 'problem.code': 'INVALID_SEARCH' })
    expect(shop.recording.span('GET /products')).not.toHaveFailed()
  },
)

test('a product page shows what others bought with it, then the newest, and never itself', async () => {
  const shop = await openFrontend()
  const { html } = await shop.browser().get('/product/webcam-hd')
  const related = html.split('Vous aimerez aussi')[1] ?? ''
  const slugs = [...related.matchAll(/<h3[^>]*><a href="\/product\/([\w-]+)"/g)].map(([, slug]) => slug)
  expect(slugs).toEqual(['souris-gaming', 'clavier-mecanique', 'enceinte-bluetooth', 'appareil-photo'])

  const other = await openFrontend()
  other.unreachable.add('order-service')
  const page = await other.browser().get('/product/laptop-pro')
  expect([page.status, page.html.includes('Vous aimerez aussi')]).toEqual([200, true])
})

async function createProducts(shop: Frontend, count: number): Promise<void> {
  const { token } = await signIn(shop, 'admin', 'admin123')
  for (let n = 0; n < count; n++) {
    const product = {
      name: `Housse ${n}`,
      description: 'Une housse pour tout.',
      price_cents: 1000 + (n % 7),
      image: '/images/laptop-pro.svg',
      stock: 5,
    }
    const response = await shop.products.request('/api/product/create', jsonRequest('POST', product, { token }))
    expect(response.status).toBe(201)
  }
}
