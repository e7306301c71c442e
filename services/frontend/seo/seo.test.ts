import { expect, test } from 'bun:test'
import { jsonRequest, productId, signIn } from '../../../test/shop'
import { openFrontend } from '../../../test/storefront'

const origin = 'http://vitrine.test'
const dataOf = (html: string) =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? 'null')

test('a product page describes itself to search engines, in its language', async () => {
  const shop = await openFrontend({ stock: 0 })
  const { html } = await shop.browser().get('/product/laptop-pro')
  const english = await shop.browser().get('/product/laptop-pro?lang=en&utm_source=x')

  expect(html).toContain(`<link rel="canonical" href="${origin}/product/laptop-pro"/>`)
  expect(english.html).toContain(`<link rel="canonical" href="${origin}/product/laptop-pro?lang=en"/>`)
  expect(html).toMatch(/<meta name="description" content="Un ordinateur portable[^"]{80,145}…"\/>/)
  expect(html).toContain('<meta property="og:type" content="product"/>')
  expect(html).toContain(`<meta property="og:image" content="${origin}/images/laptop-pro.svg"/>`)
  const [product, crumbs] = dataOf(html)['@graph']
  expect(product.offers).toEqual({
    '@type': 'Offer',
    url: `${origin}/product/laptop-pro`,
    price: '1299.99',
    priceCurrency: 'EUR',
    availability: 'https://schema.org/OutOfStock',
  })
  expect(crumbs.itemListElement.map(({ name }: { name: string }) => name)).toEqual([
    'Accueil',
    'Produits',
    'Laptop Pro',
  ])
})

test('text of a product cannot end the structured data', async () => {
  const shop = await openFrontend()
  const { token } = await signIn(shop, 'admin', 'admin123')
  const name = '</script><script>alert(1)</script>'
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { name }, { token }))

  const { html } = await shop.browser().get('/product/laptop-pro')

  expect(html).not.toContain('<script>alert')
  expect(dataOf(html)['@graph'][0].name).toBe(name)
})

test.each([
  ['/', true],
  ['/products', true],
  ['/products?sort=price', true],
  ['/products?q=pro', false],
  ['/login', false],
  ['/product/nothing', false],
  ['/nowhere', false],
])('%s is for search engines: %p', async (path, isIndexed) => {
  const shop = await openFrontend()
  const { html } = await shop.browser().get(path)

  expect(html.includes('rel="canonical"')).toBe(isIndexed)
  expect(html.includes('content="noindex"')).toBe(!isIndexed)
  expect(/<meta name="description" content="[^"]{50,170}"/.test(html)).toBe(isIndexed)
})

test('robots.txt leads to the sitemap, which lists each product on sale in each language', async () => {
  const shop = await openFrontend()
  const { token } = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(2)}`, jsonRequest('DELETE', undefined, { token }))

  const robots = await shop.browser().get('/robots.txt')
  const sitemap = await shop.browser().get('/sitemap.xml')

  expect(robots.headers.get('content-type')).toStartWith('text/plain')
  expect(robots.html).toContain(`Sitemap: ${origin}/sitemap.xml`)
  expect(robots.html).toContain('Disallow: /checkout')
  expect(sitemap.headers.get('content-type')).toBe('application/xml; charset=utf-8')
  const locations = [...sitemap.html.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, location]) => location)
  expect(locations.slice(0, 3)).toEqual([`${origin}/`, `${origin}/products`, `${origin}/product/laptop-pro`])
  expect(locations).toHaveLength(11)
  expect(locations).not.toContain(`${origin}/product/smartphone-x`)
  expect(sitemap.html).toContain(`hreflang="en" href="${origin}/product/laptop-pro?lang=en"`)
})

test('while product-service is unavailable, there is no half sitemap', async () => {
  const shop = await openFrontend()
  shop.unreachable.add('product-service')

  expect((await shop.browser().get('/sitemap.xml')).status).toBe(503)
  expect((await shop.browser().get('/robots.txt')).status).toBe(200)
})
