import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { checkOut, fillCart, jsonRequest, openShop, productId, type Shop, signIn, signUp } from '../../test/shop'
import type { Cart } from './cart'
import { deleteOldChanges } from './cart-change'
import type { Checkpoint } from './context'
import type { MergedCart } from './merge-cart'
import { cartChanges } from './schema'

const dayMs = 24 * 3_600_000

const send = ({ orders }: Shop, token: string, path: string, body: unknown, key?: string) =>
  orders.request(
    `/api/order/${path}`,
    jsonRequest('POST', body, { token, ...(key !== undefined && { headers: { 'Idempotency-Key': key } }) }),
  )
const add = (shop: Shop, token: string, key: string, quantity = 2, n = 1) =>
  send(shop, token, 'add-item', { product_id: productId(n), quantity }, key)
const merge = (shop: Shop, token: string, key: string, quantity = 2) =>
  send(shop, token, 'merge', { items: [{ product_id: productId(1), quantity }] }, key)
const piecesOf = async (shop: Shop, token: string) => {
  const response = await shop.orders.request('/api/order', jsonRequest('GET', undefined, { token }))
  return ((await response.json()) as Cart).items_count
}
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]

test('the same item with the same key is added once', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const first = await add(shop, token, 'key-of-the-form')
  const again = await add(shop, token, 'key-of-the-form')

  expect([first.status, again.status]).toEqual([200, 200])
  expect(await again.json()).toEqual(await first.json())
  expect(await piecesOf(shop, token)).toBe(2)
  expect(await shop.recording.metric('cart.items.added')).toBe(2)
  expect(await shop.recording.metric('orders.created')).toBe(1)
  await add(shop, token, 'another-key-of-the-form')
  expect(await piecesOf(shop, token)).toBe(4)
})

test('concurrent requests with the same key add once', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const responses = await Promise.all(Array.from({ length: 5 }, () => add(shop, token, 'double-click')))

  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(await piecesOf(shop, token)).toBe(2)
  expect(await shop.recording.metric('cart.items.added')).toBe(2)
  expect(await shop.recording.metric('orders.created')).toBe(1)
})

test('the same key with another request is refused', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await add(shop, token, 'key-of-the-form')

  expect(await codeOf(await add(shop, token, 'key-of-the-form', 3))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  expect(await codeOf(await add(shop, token, 'key-of-the-form', 2, 9))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  expect(await codeOf(await merge(shop, token, 'key-of-the-form'))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  expect(await piecesOf(shop, token)).toBe(2)
  expect(shop.recording.span('POST /api/order/merge')).toHaveAttributes({ 'problem.code': 'IDEMPOTENCY_KEY_REUSED' })

  const other = await signUp(shop)
  expect((await add(shop, other.token, 'key-of-the-form', 3)).status).toBe(200)
})

test('a key outlives its cart: a late retry adds nothing to the next one', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await add(shop, token, 'key-of-the-form')
  expect((await checkOut(shop, token, 2 * 129999)).status).toBe(201)

  const late = await add(shop, token, 'key-of-the-form')

  expect([late.status, await late.json()]).toMatchObject([200, { id: null, items: [] }])
})

test('a retry while product-service is unavailable shows that the item was added', async () => {
  let isUnavailable = false
  const shop = await openShop({
    wrapProducts: (app) => (request) => (isUnavailable ? new Response('down', { status: 500 }) : app.fetch(request)),
  })
  const { token } = await signUp(shop)
  await add(shop, token, 'key-of-the-form')
  isUnavailable = true

  const again = await add(shop, token, 'key-of-the-form')

  expect([again.status, await again.json()]).toMatchObject([200, { items_count: 2 }])
})

test('a refused item leaves its key free', async () => {
  const shop = await openShop({ stock: 1 })
  const { token } = await signUp(shop)
  expect(await codeOf(await add(shop, token, 'key-of-the-form'))).toEqual([409, 'OUT_OF_STOCK'])
  const admin = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { restock: 1 }, admin))

  expect((await add(shop, token, 'key-of-the-form')).status).toBe(200)
  expect(await piecesOf(shop, token)).toBe(2)
})

test('a key is deleted after a day, and not before', async () => {
  const shop = await openShop()
  const { token, id } = await signUp(shop)
  await add(shop, token, 'key-of-the-form')
  const { db } = shop.databases.order.database
  const keys = () => db.select().from(cartChanges).where(eq(cartChanges.userId, id))

  await deleteOldChanges(db, Date.now() + dayMs - 60_000)
  expect(await keys()).toHaveLength(1)
  await deleteOldChanges(db, Date.now() + dayMs + 60_000)
  expect(await keys()).toEqual([])
  await add(shop, token, 'key-of-the-form')
  expect(await piecesOf(shop, token)).toBe(4)
})

test.each(['', 'short', 'clé-de-panier', 'x'.repeat(101)])('%p is no idempotency key', async (key) => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const errors = [{ in: 'header', field: 'idempotency-key' }]

  for (const response of [await add(shop, token, key), await merge(shop, token, key)]) {
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors })
  }
  expect(await piecesOf(shop, token)).toBe(0)
})

const checkpoints: Checkpoint[] = ['cart change written', 'cart changed']
test.each(checkpoints)('after a crash at "%s" a retry has added the item once', async (crashPoint) => {
  let crashes = true
  const checkpoint = (name: Checkpoint) => {
    if (crashes && name === crashPoint) throw new Error('power cut')
  }
  for (const change of [add, merge]) {
    const shop = await openShop({ checkpoint })
    const { token } = await signUp(shop)
    await fillCart(shop, token, 9).catch(() => {})
    crashes = true
    expect((await change(shop, token, 'key-of-the-form')).status).toBe(500)
    crashes = false

    const again = await change(shop, token, 'key-of-the-form')

    expect(again.status).toBe(200)
    const body = (await again.json()) as Cart & MergedCart
    const laptop = (body.cart ?? body).items.find((item) => item.product_id === productId(1))
    expect(laptop?.quantity).toBe(2)
  }
})
