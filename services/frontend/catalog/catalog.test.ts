import { expect, spyOn, test } from 'bun:test'
import { jsonRequest, productId, signIn } from '../../../test/shop'
import { addToCart, openFrontend, openSignedInFrontend } from '../../../test/storefront'
import { MemoizedHtml } from '../ui/memoize'

test('a product page shows breadcrumb, price and stock', async () => {
  const shop = await openFrontend({ stock: 4 })
  const { html, headers } = await shop.browser().get('/product/laptop-pro')

  expect(html).toContain('<title>Laptop Pro – Vitrine</title>')
  expect(html).toMatch(/Accueil<\/a>.*Produits<\/a>.*aria-current="page">Laptop Pro</)
  expect(html).toContain('1\u202f299,99\u00a0€')
  expect(html).toContain('Plus que 4')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(shop.recording.span('GET /product/:slug')).toHaveAttributes({ 'product.slug': 'laptop-pro' })
})

test('a product that is sold out cannot be added', async () => {
  const shop = await openFrontend({ stock: 0 })
  const { html } = await shop.browser().get('/product/laptop-pro')

  expect(html).toContain('Épuisé')
  expect(html).not.toContain('Ajouter au panier')
  expect(shop.recording.span('GET /product/:slug')).not.toHaveFailed()
})

test('while product-service is unavailable, the pages show an error and the navigation', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  shop.unreachable.add('product-service')

  for (const path of ['/', '/products', '/product/laptop-pro']) {
    const response = await visitor.get(path)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(response.html).toContain('Le catalogue est momentanément indisponible')
    expect(response.html).toContain('Déconnexion')
    expect(response.html).toContain(response.traceId)
  }
  expect(shop.recording.span('GET /')).toHaveFailed()
  expect(shop.recording.span('GET /')).toHaveAttributes({ 'problem.code': 'CATALOG_UNAVAILABLE' })
})

test('an unchanged catalog is revalidated with 304, and a new price is shown at once', async () => {
  const shop = await openFrontend()
  const { token } = await signIn(shop, 'admin', 'admin123')
  const home = () => shop.browser().get('/')
  const reprice = (price_cents: number) =>
    shop.products.request(`/api/product/${productId(10)}`, jsonRequest('PATCH', { price_cents }, { token }))
  const statuses = () =>
    shop.recording
      .spans()
      .filter(({ attributes }) => attributes['http.route'] === '/api/products')
      .map(({ attributes }) => attributes['http.response.status_code'])

  const [first, second] = [await home(), await home()]
  await reprice(123_400)
  const [third, fourth] = [await home(), await home()]

  expect(statuses()).toEqual([200, 304, 200, 304])
  expect(second.html).toBe(first.html)
  expect(first.html).not.toContain('1\u202f234,00\u00a0€')
  expect(third.html).toContain('1\u202f234,00\u00a0€')
  expect(fourth.html).toBe(third.html)
  expect(shop.recording.spans().filter(({ status }) => status.code === 2)).toEqual([])
})

test('a memoized catalog has the navigation of each visitor, and a flash message is shown once', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const anonymous = shop.browser()
  await anonymous.get('/')
  await addToCart(visitor, 1, 2)

  const pages = [
    await anonymous.get('/'),
    await visitor.get('/'),
    await visitor.get('/'),
    await anonymous.get('/products'),
  ]
  const contain = (text: string) => pages.map(({ html }) => html.includes(text))

  expect(contain('Connexion')).toEqual([true, false, false, true])
  expect(contain('Déconnexion')).toEqual([false, true, true, false])
  expect(contain('title="2\u00a0articles"')).toEqual([false, true, true, false])
  expect(contain('role="status"')).toEqual([false, true, false, false])
  expect(contain('<a href="/" aria-current="page">')).toEqual([true, true, true, false])
  expect(pages.every(({ html }) => html.includes('Webcam HD'))).toBe(true)
})

test('pages with a cursor are not memoized', async () => {
  const shop = await openFrontend()
  const { browser } = shop
  await browser().get(`/products?cursor=${productId(1)}`)
  await browser().get(`/products?cursor=${productId(1)}`)
  const memoizePage = spyOn(MemoizedHtml.prototype, 'memoizePage')

  const responses = [await browser().get(`/products?cursor=${productId(1)}`), await browser().get('/products')]

  expect(responses.map(({ status }) => status)).toEqual([200, 200])
  expect(memoizePage).toHaveBeenCalledTimes(1)
  memoizePage.mockRestore()
})
