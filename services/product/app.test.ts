import { expect, test } from 'bun:test'
import { fetchStock, jsonRequest, openShop, productId, type Shop, signIn, signUp } from '../../test/shop'
import type { Page as PageOf } from '../page'
import type { Product } from './product'

type Page = PageOf<Product>

const admin = async (shop: Shop) => (await signIn(shop, 'admin', 'admin123')).token
const pageOf = async ({ products }: Shop, query: string) =>
  (await (await products.request(`/api/products${query}`)).json()) as Page

test('the catalog can be read page by page', async () => {
  const shop = await openShop()
  const pages: Page[] = [await pageOf(shop, '?limit=4')]
  for (let cursor = pages[0]?.next_cursor; cursor; cursor = pages.at(-1)?.next_cursor) {
    pages.push(await pageOf(shop, `?limit=4&cursor=${cursor}`))
  }

  expect(pages.map((page) => page.items.length)).toEqual([4, 4, 2])
  const ids = pages.flatMap((page) => page.items.map((item) => item.id))
  expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => productId(index + 1)))
  expect(await shop.recording.metric('http.server.request.duration', { 'http.route': '/api/products' })).toBe(3)
  expect(shop.recording.span('SELECT products')).toHaveAttributes({ 'db.collection.name': 'products' })
})

test('the last page has no cursor', async () => {
  const shop = await openShop()

  expect(await pageOf(shop, '?limit=10')).toMatchObject({ next_cursor: null })
  expect((await pageOf(shop, '')).items).toHaveLength(10)
})

test.each(['?limit=0', '?limit=101', '?limit=many', `?cursor=${'x'.repeat(37)}`])(
  'the page %p is refused',
  async (q) => {
    const { products, recording } = await openShop()

    const response = await products.request(`/api/products${q}`)

    expect(response.status).toBe(400)
    const field = q.slice(1, q.indexOf('='))
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ in: 'query', field }] })
    expect(recording.span('GET /api/products')).toHaveAttributes({ 'problem.code': 'INVALID_REQUEST' })
  },
)

test('an unchanged catalog is a 304, a changed one a 200', async () => {
  const shop = await openShop()
  const first = await shop.products.request('/api/products')
  const headers = { 'If-None-Match': first.headers.get('etag') as string }

  const same = await shop.products.request('/api/products', { headers })
  expect([same.status, await same.text()]).toEqual([304, ''])
  expect(same.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/)
  expect(shop.recording.span('GET /api/products')).toHaveAttributes({ 'http.response.status_code': 304 })

  const token = await admin(shop)
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { stock: 7 }, { token }))
  expect((await shop.products.request('/api/products', { headers })).status).toBe(200)
})

test('a product is found by its id and by its slug', async () => {
  const { products, recording } = await openShop({ stock: 12 })

  const [byId, bySlug] = await Promise.all(
    [productId(2), 'smartphone-x'].map(async (key) => (await products.request(`/api/product/${key}`)).json()),
  )

  expect(byId).toEqual(bySlug)
  expect(byId).toEqual({
    id: productId(2),
    slug: 'smartphone-x',
    name: 'Smartphone X',
    description: expect.stringContaining('grand écran'),
    price_cents: 89999,
    image: '/images/smartphone-x.svg',
    stock: 12,
  })
  expect(recording.span('GET /api/product/:slugOrId')).toHaveAttributes({ 'http.route': '/api/product/:slugOrId' })
})

test('an unknown product is 404', async () => {
  const { products, recording } = await openShop()

  const response = await products.request('/api/product/machine-a-cafe')

  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  expect(recording.span('GET /api/product/:slugOrId')).not.toHaveFailed()
})

test('a batch reads many products with one statement and leaves out unknown ones', async () => {
  const { products, recording } = await openShop()
  const unknown = Bun.randomUUIDv7()
  const ids = [productId(3), productId(1), unknown, productId(1), productId(9)]

  const response = await products.request(`/api/products/batch?ids=${ids}`)

  const { items } = (await response.json()) as Page
  expect(items.map((item) => item.slug)).toEqual(['laptop-pro', 'casque-sans-fil', 'souris-gaming'])
  expect(recording.tree(response.headers.get('x-trace-id') as string)).toBe(
    ['product-service GET /api/products/batch', '  product-service → SELECT products'].join('\n'),
  )
})

test('a batch takes up to 100 ids', async () => {
  const { products, recording } = await openShop()
  const ids = Array.from({ length: 101 }, () => Bun.randomUUIDv7())

  expect((await products.request(`/api/products/batch?ids=${ids.slice(1)}`)).status).toBe(200)
  const response = await products.request(`/api/products/batch?ids=${ids}`)

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ field: 'ids' }] })
  expect(recording.tree(response.headers.get('x-trace-id') as string)).toBe('product-service GET /api/products/batch')
})

test('an administrator changes price and stock', async () => {
  const shop = await openShop({ stock: 5 })
  const token = await admin(shop)
  const patch = async (body: object) => {
    const response = await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', body, { token }))
    return [response.status, await response.json()]
  }

  expect(await patch({ price_cents: 99999 })).toEqual([200, expect.objectContaining({ price_cents: 99999, stock: 5 })])
  expect(await patch({ stock: 8 })).toEqual([200, expect.objectContaining({ price_cents: 99999, stock: 8 })])
  expect(await patch({ restock: 4 })).toEqual([200, expect.objectContaining({ stock: 12 })])
  expect(shop.recording.span('PATCH /api/product/:id')).toHaveAttributes({ 'http.response.status_code': 200 })
  expect(await shop.recording.metric('product.stock', { 'product.slug': 'laptop-pro' })).toBe(12)
})

test('a product cannot be changed by a shopper or without a token', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await signUp(shop)
  const patch = (auth: { token?: string }) =>
    shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { stock: 99 }, auth))

  const responses = [await patch({ token }), await patch({}), await patch({ token: 'unknown' })]

  expect(responses.map((response) => response.status)).toEqual([403, 401, 401])
  expect(await responses[0]?.json()).toMatchObject({ code: 'FORBIDDEN' })
  expect(await fetchStock(shop)).toBe(5)
  expect(shop.recording.span('PATCH /api/product/:id')).toHaveAttributes({ 'problem.code': 'UNAUTHENTICATED' })
})

test('an invalid change lists its invalid fields', async () => {
  const shop = await openShop({ stock: 5 })
  const token = await admin(shop)
  const errorsOf = async (body: object) => {
    const response = await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', body, { token }))
    expect(response.status).toBe(400)
    return ((await response.json()) as { errors: { in: string; field: string; detail: string }[] }).errors
  }
  const wrongFields = async (body: object) => (await errorsOf(body)).map(({ field }) => field)

  expect(await wrongFields({ price_cents: -1, stock: 1.5 })).toEqual(['price_cents', 'stock'])
  expect(await wrongFields({ restock: 0 })).toEqual(['restock'])
  expect(await errorsOf({})).toEqual([
    { in: 'json', field: '', detail: 'set one of name, description, price_cents, image, stock, restock, withdrawn' },
  ])
  expect(await wrongFields({ stock: 1, restock: 1 })).toEqual([''])
  expect(await fetchStock(shop)).toBe(5)
})

test.each([Bun.randomUUIDv7(), 'laptop-pro'])('changing %p, which is not the id of a product, is a 404', async (id) => {
  const shop = await openShop({ stock: 5 })
  const token = await admin(shop)

  const response = await shop.products.request(`/api/product/${id}`, jsonRequest('PATCH', { stock: 9 }, { token }))

  expect(response.status).toBe(404)
  expect(await fetchStock(shop)).toBe(5)
})

test('the gauge has the stock of every product, and its last values while the database is unavailable', async () => {
  const shop = await openShop({ stock: 3 })

  expect(await shop.recording.series('product.stock')).toHaveLength(10)
  expect(await shop.recording.metric('product.stock', { 'product.slug': 'webcam-hd' })).toBe(3)
  await shop.databases.product.database.close()
  expect(await shop.recording.metric('product.stock')).toBe(30)
  expect(await shop.recording.metric('process.memory.usage')).toBeGreaterThan(0)
})
