import { expect, test } from 'bun:test'
import {
  checkOut,
  fetchStock,
  fillCart,
  jsonRequest,
  openShop,
  productId,
  type Shop,
  serviceKey,
  signIn,
  signUp,
} from '../../test/shop'
import type { Product } from './product'

const article = {
  name: 'Lampe d’Été n° 2',
  description: 'Elle éclaire.\nEt elle chauffe.',
  price_cents: 2599,
  image: '/images/enceinte-bluetooth.svg',
} as const

async function openAsAdmin() {
  const shop = await openShop()
  const { token, id } = await signIn(shop, 'admin', 'admin123')
  shop.recording.reset()
  const send = (method: string, path: string, body?: unknown) =>
    shop.products.request(path, jsonRequest(method, body, { token }))
  return { ...shop, send, adminId: id }
}

async function create(
  { send }: { send: (...words: [string, string, unknown]) => Response | Promise<Response> },
  body: object = article,
): Promise<Product> {
  const response = await send('POST', '/api/product/create', body)
  expect(response.status).toBe(201)
  return (await response.json()) as Product
}

const listed = async ({ products }: Pick<Shop, 'products'>, path = '/api/products?limit=100') =>
  ((await (await products.request(path)).json()) as { items: Product[] }).items.map(({ slug }) => slug)

test('a created product is in the catalog', async () => {
  const shop = await openAsAdmin()

  const product = await create(shop)

  expect(product).toEqual({ ...article, id: expect.any(String), slug: 'lampe-d-ete-n-2', stock: 0 })
  expect(await (await shop.products.request(`/api/product/${product.slug}`)).json()).toEqual(product)
  expect(await listed(shop)).toContain(product.slug)
  expect(await listed(shop, '/api/products?q=éclaire')).toEqual([product.slug])
  expect(shop.recording.span('POST /api/product/create')).toHaveAttributes({ 'http.response.status_code': 201 })
  expect(shop.recording.logs('product.changed')[0]).toHaveAttributes({
    'product.id': product.id,
    'product.slug': product.slug,
    'product.action': 'create',
  })
  expect(await shop.recording.metric('product.stock', { 'product.slug': product.slug })).toBe(0)
})

test('a slug is taken once, also when two administrators create at the same time', async () => {
  const shop = await openAsAdmin()

  const responses = await Promise.all([1, 2].map(() => shop.send('POST', '/api/product/create', article)))
  const given = await shop.send('POST', '/api/product/create', { ...article, slug: 'laptop-pro' })

  expect(responses.map(({ status }) => status).sort()).toEqual([201, 409])
  expect(given.status).toBe(409)
  expect(await given.json()).toMatchObject({ code: 'SLUG_TAKEN', slug: 'laptop-pro' })
  expect(shop.recording.logs('product.changed')).toHaveLength(1)
})

test('a name that looks like an id gives no slug that looks like one', async () => {
  const shop = await openAsAdmin()

  const response = await shop.send('POST', '/api/product/create', { ...article, name: productId(1) })

  expect(((await response.json()) as Product).slug).toStartWith('article-')
  expect(((await (await shop.products.request(`/api/product/${productId(1)}`)).json()) as Product).slug).toBe(
    'laptop-pro',
  )
})

test.each([
  ['Œuvre d’Art', /^oeuvre-d-art$/],
  ['  Écran  4K  ', /^ecran-4k$/],
  ['名前', /^article-[0-9a-f]{8}$/],
  ['😀', /^article-[0-9a-f]{8}$/],
  ['x'.repeat(120), /^x{80}$/],
])('the slug of %p is derived', async (name, slug) => {
  const shop = await openAsAdmin()

  const product = await create(shop, { ...article, name, description: `Voici : ${name}` })

  expect(product.slug).toMatch(slug)
  expect(await (await shop.products.request(`/api/product/${product.id}`)).json()).toEqual(product)
})

test.each([
  ['name', { name: ' ' }],
  ['name', { name: 'x'.repeat(121) }],
  ['name', { name: 'a\u0000b' }],
  ['name', { name: 'a\nb' }],
  ['name', { name: '\uD800' }],
  ['name', { name: undefined }],
  ['description', { description: '' }],
  ['description', { description: 'x'.repeat(2001) }],
  ['price_cents', { price_cents: 0 }],
  ['price_cents', { price_cents: 1.5 }],
  ['price_cents', { price_cents: 100_000_001 }],
  ['image', { image: '/images/other.svg' }],
  ['image', { image: 'https://evil.test/x.svg' }],
  ['stock', { stock: -1 }],
  ['stock', { stock: 1_000_001 }],
  ['slug', { slug: '' }],
  ['slug', { slug: 'Majuscule' }],
  ['slug', { slug: 'a--b' }],
  ['slug', { slug: 'a/b' }],
  ['slug', { slug: 'x'.repeat(81) }],
  ['slug', { slug: productId(3) }],
])('a product with a wrong %s is refused: %p', async (field, wrong) => {
  const shop = await openAsAdmin()

  const response = await shop.send('POST', '/api/product/create', { ...article, ...wrong })

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ in: 'json', field }] })
  expect(await listed(shop)).toHaveLength(10)
})

test('every field can be changed, and the search follows', async () => {
  const shop = await openAsAdmin()
  const change = {
    name: 'Ordinateur Été',
    description: 'Chaud',
    price_cents: 5,
    image: '/images/webcam-hd.svg',
    stock: 3,
  }

  const response = await shop.send('PATCH', `/api/product/${productId(1)}`, change)

  expect([response.status, await response.json()]).toEqual([200, { ...change, id: productId(1), slug: 'laptop-pro' }])
  expect(await listed(shop, '/api/products?q=ete%20chaud')).toEqual(['laptop-pro'])
  expect(await listed(shop, '/api/products?q=silencieux')).toEqual([])
})

test('a product has an ETag, which changes with it', async () => {
  const shop = await openAsAdmin()
  const path = `/api/product/${productId(1)}`
  const first = await shop.products.request(path)
  const headers = { 'If-None-Match': first.headers.get('etag') as string }

  const same = await shop.products.request(path, { headers })
  await shop.send('PATCH', path, { restock: 1 })
  const changed = await shop.products.request(path, { headers })

  expect([same.status, await same.text()]).toEqual([304, ''])
  expect(first.headers.get('cache-control')).toBe('no-cache')
  expect([changed.status, ((await changed.json()) as Product).stock]).toEqual([200, 26])
})

test('a restock beyond the maximum is refused', async () => {
  const shop = await openAsAdmin()
  const restock = async (pieces: number) =>
    (await shop.send('PATCH', `/api/product/${productId(1)}`, { restock: pieces })).json()

  expect(await restock(999_975)).toMatchObject({ stock: 1_000_000 })
  expect(await restock(1)).toMatchObject({ code: 'STOCK_LIMIT', max_stock: 1_000_000 })
  expect(await fetchStock(shop)).toBe(1_000_000)
})

test('deliveries and sales at the same time are not lost', async () => {
  const shop = await openAsAdmin()
  const reserve = () =>
    shop.products.request(
      `/api/reservations/${Bun.randomUUIDv7()}`,
      jsonRequest(
        'PUT',
        { items: [{ product_id: productId(1), quantity: 1 }] },
        { headers: { 'X-Service-Key': serviceKey } },
      ),
    )
  const restock = () => shop.send('PATCH', `/api/product/${productId(1)}`, { restock: 10 })

  const responses = await Promise.all([restock(), reserve(), restock(), reserve(), reserve(), restock()])

  expect(responses.map(({ status }) => status)).toEqual(Array(6).fill(200))
  expect(await fetchStock(shop)).toBe(25 + 30 - 3)
})

test('a withdrawn product is not sold any more', async () => {
  const shop = await openAsAdmin()
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1)

  const first = await shop.send('DELETE', `/api/product/${productId(1)}`)
  const again = await shop.send('DELETE', `/api/product/${productId(1)}`)

  expect([first.status, await first.text(), again.status]).toEqual([204, '', 204])
  expect(await listed(shop)).not.toContain('laptop-pro')
  expect(await listed(shop, '/api/products?q=laptop')).toEqual([])
  expect(await listed(shop, `/api/products/batch?ids=${[productId(1), productId(2)]}`)).toEqual(['smartphone-x'])
  for (const key of [productId(1), 'laptop-pro']) {
    const response = await shop.products.request(`/api/product/${key}`)
    expect([response.status, await response.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'NOT_FOUND', detail: 'This product was withdrawn' }),
    ])
  }
  const added = await fillCart(shop, token, 1)
  expect([added.status, await added.json()]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })])
  const order = await checkOut(shop, token, 129_999)
  expect([order.status, await order.json()]).toEqual([409, expect.objectContaining({ code: 'OUT_OF_STOCK' })])
  expect(await shop.recording.metric('product.stock', { 'product.slug': 'laptop-pro' })).toBeUndefined()
  expect(shop.recording.logs('product.changed')).toHaveLength(1)
})

test('an order keeps its product, and a withdrawn product can be put on sale again', async () => {
  const shop = await openAsAdmin()
  const { token } = await signUp(shop)
  await fillCart(shop, token, 9)
  const order = (await (await checkOut(shop, token, 4999)).json()) as { id: string }
  await shop.send('DELETE', `/api/product/${productId(9)}`)

  const kept = await shop.orders.request(`/api/orders/${order.id}`, jsonRequest('GET', undefined, { token }))
  expect(await kept.json()).toMatchObject({ status: 'confirmed', items: [{ name: 'Souris Gaming' }] })
  const withdrawn = (await (await shop.send('GET', '/api/products/withdrawn')).json()) as { items: Product[] }
  expect(withdrawn).toMatchObject({ items: [{ slug: 'souris-gaming', stock: 24 }], next_cursor: null })

  const restored = await shop.send('PATCH', `/api/product/${productId(9)}`, { withdrawn: false })

  expect([restored.status, await restored.json()]).toEqual([200, expect.objectContaining({ slug: 'souris-gaming' })])
  expect(await listed(shop)).toContain('souris-gaming')
})

test('each act of an administrator leaves an audit record with what changed', async () => {
  const shop = await openAsAdmin()
  const { id } = await create(shop)
  await shop.send('PATCH', `/api/product/${id}`, { price_cents: 2000, stock: 4 })
  await shop.send('PATCH', `/api/product/${id}`, { price_cents: 2000 })
  await shop.send('DELETE', `/api/product/${id}`)
  await shop.send('PATCH', `/api/product/${id}`, { withdrawn: false })

  const read = async (query: string) =>
    (await (await shop.send('GET', `/api/product/${id}/changes${query}`)).json()) as {
      items: object[]
      next_cursor: string | null
    }
  const first = await read('?limit=3')
  const second = await read(`?limit=3&cursor=${first.next_cursor}`)

  const by = { product_id: id, user_id: shop.adminId, changed_at: expect.any(String), id: expect.any(String) }
  expect([...first.items, ...second.items]).toEqual([
    { ...by, action: 'restore', before: { withdrawn: true }, after: { withdrawn: false } },
    { ...by, action: 'withdraw', before: { withdrawn: false }, after: { withdrawn: true } },
    { ...by, action: 'change', before: { price_cents: 2599, stock: 0 }, after: { price_cents: 2000, stock: 4 } },
    { ...by, action: 'create', before: {}, after: expect.objectContaining({ slug: 'lampe-d-ete-n-2', stock: 0 }) },
  ])
  expect(second.next_cursor).toBeNull()
  expect(shop.recording.logs('product.changed').map(({ attributes }) => attributes['product.action'])).toEqual([
    'create',
    'change',
    'withdraw',
    'restore',
  ])
  expect(shop.recording.logs('product.changed')[1]).toHaveAttributes({
    'product.changed_fields': ['stock', 'price_cents'],
  })
})

test.each([
  ['POST', '/api/product/create'],
  ['PATCH', `/api/product/${productId(1)}`],
  ['DELETE', `/api/product/${productId(1)}`],
  ['GET', '/api/products/withdrawn?limit=x'],
  ['GET', `/api/product/${productId(1)}/changes?cursor=x`],
])('%s %s is for administrators, before anything else', async (method, path) => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const body = method === 'POST' || method === 'PATCH' ? { stock: 'wrong' } : undefined
  const send = async (auth: object) => (await shop.products.request(path, jsonRequest(method, body, auth))).status

  expect([await send({}), await send({ token: 'unknown' }), await send({ token })]).toEqual([401, 401, 403])
  expect(await listed(shop)).toHaveLength(10)
})

test.each(['PATCH', 'DELETE'])('%s of an unknown product is 404', async (method) => {
  const shop = await openAsAdmin()

  const response = await shop.send(
    method,
    `/api/product/${Bun.randomUUIDv7()}`,
    method === 'PATCH' ? { stock: 1 } : undefined,
  )

  expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })])
})
