import { expect, test } from 'bun:test'
import { checkOut, fillCart, json, openShop, productId, signIn, signUp } from '../../test/shop'
import { orders } from './schema'
import { sweepOrders } from './sweep-orders'

test('the everyday ways through cart and checkout make no error span', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  shop.seen.forget()
  await fillCart(shop, token, 9)
  await fillCart(shop, token, 9)
  await fillCart(shop, token, 10)
  expect((await checkOut(shop, token, 2 * 4999 + 7999)).status).toBe(201)

  expect(shop.seen.failed()).toEqual([])
})

test('an order may be worth more than 21 million euros', async () => {
  const shop = await openShop({ stock: 99 })
  const { token } = await signUp(shop)
  const admin = await signIn(shop, 'admin', 'admin123')
  const dear = 100_000_000
  await shop.products.request(`/api/product/${productId(1)}`, json('PATCH', { price_cents: dear }, admin))
  await fillCart(shop, token, 1, 99)

  const answer = await checkOut(shop, token, 99 * dear)

  expect(answer.status).toBe(201)
  expect(await answer.json()).toMatchObject({ total_cents: 9_900_000_000 })
})

test('a reservation that product-service must not refuse leaves the outcome unknown, and counts as failed', async () => {
  let isLockedOut = true
  const shop = await openShop({
    products: (app) => (request) => {
      if (isLockedOut && request.method === 'PUT') request.headers.set('X-Service-Key', 'another key')
      return app.fetch(request)
    },
  })
  const { token } = await signUp(shop)
  await fillCart(shop, token)
  const key = crypto.randomUUID()

  const answer = await checkOut(shop, token, 129999, key)

  expect(answer.status).toBe(503)
  expect(await shop.seen.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
  const [exception] = shop.seen.logs('http.server.request.exception')
  expect(exception?.attributes['exception.message']).toStartWith('UNAVAILABLE ← FORBIDDEN ← 403')

  isLockedOut = false
  expect((await checkOut(shop, token, 129999, key)).status).toBe(200)
})

test('orders that cannot be settled keep no other from being swept', async () => {
  const stuck = new Set<string>()
  const shop = await openShop({
    stock: 100,
    products: (app) => (request) => {
      const orderId = /reservations\/([^/]+)/.exec(request.url)?.[1] ?? ''
      if (stuck.has(orderId)) return new Response('bad gateway', { status: 502 })
      return app.fetch(request)
    },
  })
  const { token } = await signUp(shop)
  for (let n = 0; n < 55; n++) {
    await fillCart(shop, token, 9)
    await checkOut(shop, token, 4999)
  }
  const { db } = shop.databases.order.database
  await db.update(orders).set({ status: 'pending', settledAt: null })
  const rows = await db.select({ id: orders.id }).from(orders).orderBy(orders.id)
  for (const { id } of rows.slice(0, 54)) stuck.add(id)

  expect(await sweepOrders(shop.context, Date.now() + 60_000)).toBe(1)
  const swept = shop.seen.logs('order.swept').map((log) => log.attributes['order.id'])
  expect(swept).toEqual([rows[54]?.id ?? 'none'])
})
