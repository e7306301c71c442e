import { expect, test } from 'bun:test'
import { fillCart, jsonRequest, openShop, productId, type Shop, signIn, signUp } from '../../test/shop'
import type { Cart } from './cart'

const emptyCart: Cart = { id: null, items: [], total_cents: 0, items_count: 0 }

const cartOf = async ({ orders }: Shop, token: string) => {
  const response = await orders.request('/api/order', jsonRequest('GET', undefined, { token }))
  return {
    status: response.status,
    cart: (await response.json()) as Cart,
    traceId: response.headers.get('x-trace-id') ?? '',
  }
}
const change = ({ orders }: Shop, token: string, n: number, quantity: unknown) =>
  orders.request(`/api/order/items/${productId(n)}`, jsonRequest('PATCH', { quantity }, { token }))
const remove = ({ orders }: Shop, token: string, n: number) =>
  orders.request(`/api/order/remove-item/${productId(n)}`, jsonRequest('DELETE', undefined, { token }))
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]

test('an empty cart has no items and makes no call to product-service', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const { status, cart, traceId } = await cartOf(shop, token)

  expect([status, cart]).toEqual([200, emptyCart])
  expect(shop.recording.tree(traceId)).not.toContain('product-service')
  expect(await shop.recording.metric('orders.created')).toBe(0)
})

test('the cart has the added products with prices and total', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  await fillCart(shop, token, 1, 2)
  const response = await fillCart(shop, token, 3)

  expect(response.status).toBe(200)
  const cart = (await response.json()) as Cart
  expect(cart).toMatchObject({ total_cents: 2 * 129999 + 14999, items_count: 3 })
  expect(cart.items[0]).toEqual({
    product_id: productId(1),
    slug: 'laptop-pro',
    name: 'Laptop Pro',
    image: '/images/laptop-pro.svg',
    unit_price_cents: 129999,
    quantity: 2,
    line_total_cents: 259998,
    available: 25,
  })
  expect((await cartOf(shop, token)).cart).toEqual(cart)
  expect(await shop.recording.metric('orders.created')).toBe(1)
  expect(await shop.recording.metric('cart.items.added', { 'product.slug': 'laptop-pro' })).toBe(2)
  expect(await shop.recording.metric('cart.items.added', { 'product.slug': 'casque-sans-fil' })).toBe(1)
})

test('adding the same product again increases its quantity', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await fillCart(shop, token, 2, 3)

  const cart = (await (await fillCart(shop, token, 2, 4)).json()) as Cart

  expect(cart.items).toMatchObject([{ slug: 'smartphone-x', quantity: 7, line_total_cents: 7 * 89999 }])
  expect(await shop.recording.metric('cart.items.added', { 'product.slug': 'smartphone-x' })).toBe(7)
})

test('an unknown product cannot be added', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const item = { product_id: Bun.randomUUIDv7(), quantity: 1 }

  const response = await shop.orders.request('/api/order/add-item', jsonRequest('POST', item, { token }))

  expect(await codeOf(response)).toEqual([404, 'NOT_FOUND'])
  expect(await shop.recording.metric('orders.created')).toBe(0)
  expect(await shop.recording.metric('cart.items.added')).toBeUndefined()
  expect(shop.recording.span('POST /api/order/add-item')).not.toHaveFailed()
})

test('the quantity in the cart cannot exceed the stock', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 3)

  const response = await fillCart(shop, token, 1, 3)

  expect(response.status).toBe(409)
  const refusal = { code: 'OUT_OF_STOCK', products: [productId(1)], available: 5, in_cart: 3 }
  expect(await response.json()).toMatchObject(refusal)
  expect(await (await fillCart(shop, token, 1, 6)).json()).toMatchObject(refusal)
  expect((await cartOf(shop, token)).cart.items_count).toBe(3)
  expect(await shop.recording.metric('cart.items.added')).toBe(3)
  expect(shop.recording.span('POST /api/order/add-item')).toHaveAttributes({ 'problem.code': 'OUT_OF_STOCK' })
})

test('a quantity cannot be changed to more than the stock', async () => {
  const shop = await openShop({ stock: 25 })
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 2)

  const refused = await change(shop, token, 1, 26)

  expect(refused.status).toBe(409)
  const refusal = { code: 'OUT_OF_STOCK', products: [productId(1)], available: 25, in_cart: 2 }
  expect(await refused.json()).toMatchObject(refusal)
  expect((await cartOf(shop, token)).cart.items_count).toBe(2)
  expect(shop.recording.span('PATCH /api/order/items/:productId')).toHaveAttributes({ 'problem.code': 'OUT_OF_STOCK' })
  expect((await change(shop, token, 1, 25)).status).toBe(200)
})

test('the cart shows how many pieces are available now, also of a product that sold out meanwhile', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await signUp(shop)
  const admin = await signIn(shop, 'admin', 'admin123')
  for (const n of [1, 2, 3]) await fillCart(shop, token, n, 2)
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { stock: 0 }, admin))
  await shop.products.request(`/api/product/${productId(2)}`, jsonRequest('PATCH', { stock: 1 }, admin))

  const { cart, traceId } = await cartOf(shop, token)

  expect(cart.items.map(({ quantity, available }) => [quantity, available])).toEqual([
    [2, 0],
    [2, 1],
    [2, 5],
  ])
  expect(shop.recording.tree(traceId).match(/product-service GET/g)).toHaveLength(1)
})

test('a product that product-service does not have any more is shown as it was, with none available', async () => {
  let isWithdrawn = false
  const shop = await openShop({
    wrapProducts: (app) => (request) =>
      isWithdrawn && request.url.includes('/batch') ? Response.json({ items: [] }) : app.fetch(request),
  })
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 2)
  isWithdrawn = true

  const { cart } = await cartOf(shop, token)

  expect(cart.items).toMatchObject([{ name: 'Laptop Pro', unit_price_cents: 129999, quantity: 2, available: 0 }])
  expect(await (await change(shop, token, 1, 1)).json()).toMatchObject({ code: 'OUT_OF_STOCK', available: 0 })
  expect((await remove(shop, token, 1)).status).toBe(200)
  expect(shop.recording.failedSpanNames()).toEqual([])
})

test('a cart without an item is not counted as opened', async () => {
  const shop = await openShop({ stock: 0 })
  const { token } = await signUp(shop)
  expect((await fillCart(shop, token)).status).toBe(409)
  expect(await shop.recording.metric('orders.created')).toBe(0)
})

test('a cart takes up to 99 pieces of a product', async () => {
  const shop = await openShop({ stock: 500 })
  const { token } = await signUp(shop)

  expect((await fillCart(shop, token, 1, 99)).status).toBe(200)
  expect(await codeOf(await fillCart(shop, token, 1, 1))).toEqual([422, 'QUANTITY_LIMIT'])
  expect((await cartOf(shop, token)).cart.items_count).toBe(99)
  expect(await shop.recording.metric('cart.items.added')).toBe(99)
})

test('a quantity is an integer from 1 to 99', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 1)
  const wrong = { code: 'INVALID_REQUEST', errors: [{ in: 'json', field: 'quantity' }] }

  for (const quantity of [0, 100, 1.5, '2', null]) {
    const item = { product_id: productId(1), quantity }
    const added = await shop.orders.request('/api/order/add-item', jsonRequest('POST', item, { token }))
    const changed = await change(shop, token, 1, quantity)

    expect([added.status, changed.status]).toEqual([400, 400])
    expect([await added.json(), await changed.json()]).toMatchObject([wrong, wrong])
  }
  expect((await cartOf(shop, token)).cart.items_count).toBe(1)
})

test('the quantity of an item can be changed', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 2)
  await fillCart(shop, token, 2, 1)

  const response = await change(shop, token, 1, 5)

  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ total_cents: 5 * 129999 + 89999, items_count: 6 })
  const same = await change(shop, token, 1, 5)
  expect(same.status).toBe(200)
  expect(shop.recording.span('PATCH /api/order/items/:productId')).toHaveAttributes({
    'http.response.status_code': 200,
  })
})

test('an item can be removed', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 2)
  await fillCart(shop, token, 2, 1)

  const response = await remove(shop, token, 1)

  expect(response.status).toBe(200)
  expect(((await response.json()) as Cart).items.map((line) => line.slug)).toEqual(['smartphone-x'])
  expect(await (await remove(shop, token, 2)).json()).toEqual({ ...emptyCart, id: expect.any(String) })
  expect(shop.recording.span('DELETE cart_items')).toHaveAttributes({ 'db.operation.name': 'DELETE' })
})

test('a product that is not in the cart cannot be changed or removed', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  expect(await codeOf(await change(shop, token, 1, 2))).toEqual([404, 'NOT_FOUND'])
  expect(await codeOf(await remove(shop, token, 1))).toEqual([404, 'NOT_FOUND'])
  await fillCart(shop, token, 2, 1)
  expect(await codeOf(await change(shop, token, 1, 2))).toEqual([404, 'NOT_FOUND'])
  expect(await codeOf(await remove(shop, token, 1))).toEqual([404, 'NOT_FOUND'])
  expect(shop.recording.span('DELETE /api/order/remove-item/:productId')).not.toHaveFailed()
})

test('each user has their own cart', async () => {
  const shop = await openShop()
  const [alice, bob] = [await signUp(shop), await signUp(shop)]
  await fillCart(shop, alice.token, 1, 2)

  expect((await cartOf(shop, bob.token)).cart).toEqual(emptyCart)
  expect((await change(shop, bob.token, 1, 9)).status).toBe(404)
  expect((await cartOf(shop, alice.token)).cart.items_count).toBe(2)
  expect((await shop.orders.request('/api/order')).status).toBe(401)
})

test('concurrent first items open one cart', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const responses = await Promise.all([
    fillCart(shop, token, 1, 1),
    fillCart(shop, token, 2, 1),
    fillCart(shop, token, 1, 2),
  ])

  expect(responses.map((response) => response.status)).toEqual([200, 200, 200])
  const { cart } = await cartOf(shop, token)
  expect(cart.items.map((line) => [line.slug, line.quantity]).sort()).toEqual([
    ['laptop-pro', 3],
    ['smartphone-x', 1],
  ])
  expect(await shop.recording.metric('orders.created')).toBe(1)
  expect(await shop.recording.metric('cart.items.added')).toBe(4)
})

test('the cart gets the current prices of all items with one call', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const admin = await signIn(shop, 'admin', 'admin123')
  for (const n of [1, 2, 3, 4]) await fillCart(shop, token, n, 1)
  const before = (await cartOf(shop, token)).cart.total_cents
  await shop.products.request(`/api/product/${productId(2)}`, jsonRequest('PATCH', { price_cents: 79999 }, admin))

  const { cart, traceId } = await cartOf(shop, token)

  expect(cart.total_cents).toBe(before - 10000)
  expect(cart.items[1]).toMatchObject({ unit_price_cents: 79999 })
  expect(shop.recording.tree(traceId).match(/product-service GET/g)).toHaveLength(1)
})

test('while product-service is unavailable, the cart shows stored prices, and no product can be added', async () => {
  let isUnavailable = false
  const shop = await openShop({
    wrapProducts: (app) => (request) => (isUnavailable ? new Response('down', { status: 500 }) : app.fetch(request)),
  })
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 2)
  const { cart } = await cartOf(shop, token)
  isUnavailable = true

  const stored = await cartOf(shop, token)

  const items = cart.items.map((item) => ({ ...item, available: null }))
  expect([stored.status, stored.cart]).toEqual([200, { ...cart, items }])
  const calls = shop.recording.spans().filter((span) => span.attributes['service.peer.name'] === 'product-service')
  expect(calls.at(-1)).toHaveFailed()
  expect(calls.at(-1)).toHaveAttributes({ 'error.type': '500' })
  expect(shop.recording.span('GET /api/order')).not.toHaveFailed()
  const added = await fillCart(shop, token, 1)
  expect(await codeOf(added)).toEqual([503, 'UNAVAILABLE'])
  expect(added.headers.get('retry-after')).toBe('5')
  expect(shop.recording.span('POST /api/order/add-item')).toHaveAttributes({ 'error.type': 'UNAVAILABLE' })
  expect(await codeOf(await change(shop, token, 1, 3))).toEqual([503, 'UNAVAILABLE'])
  expect((await remove(shop, token, 1)).status).toBe(200)
})
