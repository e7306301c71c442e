import { expect, test } from 'bun:test'
import { fillCart, jsonRequest, openShop, productId, type Shop, signIn, signUp } from '../../test/shop'
import type { Cart } from './cart'
import type { MergedCart } from './merge-cart'

type Lines = [n: number, quantity: number][]

const guest = (lines: Lines) => ({ items: lines.map(([n, quantity]) => ({ product_id: productId(n), quantity })) })
const send = ({ orders }: Shop, token: string, body: unknown, key: string = crypto.randomUUID()) =>
  orders.request('/api/order/merge', jsonRequest('POST', body, { token, headers: { 'Idempotency-Key': key } }))
const merge = async (shop: Shop, token: string, body: unknown, key?: string) => {
  const response = await send(shop, token, body, key)
  return { status: response.status, ...((await response.json()) as MergedCart) }
}
const linesOf = (cart: Cart) => cart.items.map(({ slug, quantity }) => [slug, quantity])

test('the items of a guest are added to the cart, in their order', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await fillCart(shop, token, 2, 1)

  const { status, cart, not_taken } = await merge(
    shop,
    token,
    guest([
      [9, 2],
      [2, 3],
      [1, 1],
    ]),
  )

  expect([status, not_taken]).toEqual([200, []])
  expect(linesOf(cart)).toEqual([
    ['smartphone-x', 4],
    ['souris-gaming', 2],
    ['laptop-pro', 1],
  ])
  expect(await shop.recording.metric('cart.items.added')).toBe(1 + 6)
  expect(await shop.recording.metric('orders.created')).toBe(1)
  expect(shop.recording.failedSpanNames()).toEqual([])
})

test('a guest’s first cart is opened by the merge', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const { cart } = await merge(shop, token, guest([[1, 1]]))

  expect(cart).toMatchObject({ id: expect.any(String), total_cents: 129999, items_count: 1 })
  expect(await shop.recording.metric('orders.created')).toBe(1)
})

test('a merge takes what stock and limits allow and lists the rest', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await signUp(shop)
  const admin = await signIn(shop, 'admin', 'admin123')
  const setStock = (n: number, stock: number) =>
    shop.products.request(`/api/product/${productId(n)}`, jsonRequest('PATCH', { stock }, admin))
  await setStock(2, 0)
  await setStock(3, 500)
  await fillCart(shop, token, 1, 3)
  await fillCart(shop, token, 3, 90)
  const unknown = { product_id: Bun.randomUUIDv7(), quantity: 7 }
  const { items } = guest([
    [1, 4],
    [2, 1],
    [3, 10],
    [4, 5],
  ])

  const { status, cart, not_taken } = await merge(shop, token, { items: [...items, unknown] })

  expect(status).toBe(200)
  expect(linesOf(cart)).toEqual([
    ['laptop-pro', 5],
    ['casque-sans-fil', 99],
    ['tablette-pro', 5],
  ])
  expect(not_taken).toEqual([
    { product_id: productId(1), name: 'Laptop Pro', quantity: 2, reason: 'out_of_stock', available: 5 },
    { product_id: productId(2), name: 'Smartphone X', quantity: 1, reason: 'out_of_stock', available: 0 },
    { product_id: productId(3), name: 'Casque Sans Fil', quantity: 1, reason: 'quantity_limit', available: 500 },
    { ...unknown, name: null, reason: 'not_found', available: null },
  ])
  expect(await shop.recording.metric('cart.items.added')).toBe(3 + 90 + 2 + 9 + 5)
})

test('a cart that holds more than the stock keeps its pieces', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await signUp(shop)
  await fillCart(shop, token, 1, 4)
  const admin = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { stock: 2 }, admin))

  const { cart, not_taken } = await merge(shop, token, guest([[1, 1]]))

  expect(linesOf(cart)).toEqual([['laptop-pro', 4]])
  expect(not_taken).toMatchObject([{ quantity: 1, reason: 'out_of_stock', available: 2 }])
})

test('a repeated merge adds nothing and lists the same', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await signUp(shop)
  const body = guest([
    [1, 7],
    [9, 1],
  ])

  const first = await merge(shop, token, body, 'key-of-the-login')
  const again = await merge(shop, token, body, 'key-of-the-login')
  const together = await Promise.all([1, 2, 3].map(() => merge(shop, token, body, 'key-of-the-login')))

  expect(first.not_taken).toMatchObject([{ quantity: 2 }])
  for (const repeated of [again, ...together]) expect(repeated).toEqual(first)
  expect(await shop.recording.metric('cart.items.added')).toBe(6)
})

test('while product-service is unavailable nothing is merged', async () => {
  let isUnavailable = true
  const shop = await openShop({
    wrapProducts: (app) => (request) => (isUnavailable ? new Response('down', { status: 500 }) : app.fetch(request)),
  })
  const { token } = await signUp(shop)
  const body = guest([[1, 2]])

  expect((await send(shop, token, body, 'key-of-the-login')).status).toBe(503)
  expect(shop.recording.span('POST /api/order/merge')).toHaveAttributes({ 'error.type': 'UNAVAILABLE' })
  isUnavailable = false
  expect((await merge(shop, token, body, 'key-of-the-login')).cart.items_count).toBe(2)
})

test('a merge needs a token, a key and a list of products, each once', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const statusOf = async (body: unknown) => (await send(shop, token, body)).status
  const tooMany = Array.from({ length: 101 }, () => ({ product_id: Bun.randomUUIDv7(), quantity: 1 }))

  expect((await send(shop, 'no-token', guest([[1, 1]]))).status).toBe(401)
  const withoutKey = jsonRequest('POST', guest([[1, 1]]), { token })
  expect((await shop.orders.request('/api/order/merge', withoutKey)).status).toBe(400)
  expect(await statusOf(guest([]))).toBe(400)
  expect(
    await statusOf(
      guest([
        [1, 1],
        [1, 2],
      ]),
    ),
  ).toBe(400)
  expect(await statusOf(guest([[1, 100]]))).toBe(400)
  expect(await statusOf(guest([[1, 0]]))).toBe(400)
  expect(await statusOf({ items: tooMany })).toBe(400)
  expect(await shop.recording.metric('cart.items.added')).toBeUndefined()
})

test('a cart has up to 100 products', async () => {
  const shop = await openShop({
    // Any id is a product.
    wrapProducts: (app) => (request) => {
      const ids = new URL(request.url).searchParams.get('ids')
      if (ids === null) return app.fetch(request)
      const product = { slug: 'laptop-pro', name: 'N', image: '/i', price_cents: 1, stock: 9 }
      return Response.json({ items: ids.split(',').map((id) => ({ ...product, id })) })
    },
  })
  const { token } = await signUp(shop)
  const hundred = Array.from({ length: 100 }, () => ({ product_id: Bun.randomUUIDv7(), quantity: 1 }))
  await merge(shop, token, { items: hundred })
  const [known] = hundred
  const one = { product_id: Bun.randomUUIDv7(), quantity: 2 }

  const { cart, not_taken } = await merge(shop, token, { items: [one, { ...known, quantity: 1 }] })

  expect([cart.items.length, cart.items_count]).toEqual([100, 101])
  expect(not_taken).toEqual([{ ...one, name: 'N', reason: 'cart_full', available: 9 }])
})
