import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { checkOut, fetchStock, fillCart, jsonRequest, openShop, productId, signIn, signUp } from '../../test/shop'
import { orders } from './schema'
import { startSweep, sweepOrders } from './sweep-orders'

test('normal use of cart and checkout records no failed span', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  shop.recording.reset()
  await fillCart(shop, token, 9)
  await fillCart(shop, token, 9)
  await fillCart(shop, token, 10)
  expect((await checkOut(shop, token, 2 * 4999 + 7999)).status).toBe(201)

  expect(shop.recording.failedSpanNames()).toEqual([])
})

test('an order can total more than 21 million euros', async () => {
  const shop = await openShop({ stock: 99 })
  const { token } = await signUp(shop)
  const admin = await signIn(shop, 'admin', 'admin123')
  const dear = 100_000_000
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { price_cents: dear }, admin))
  await fillCart(shop, token, 1, 99)

  const response = await checkOut(shop, token, 99 * dear)

  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({ total_cents: 9_900_000_000 })
})

test('an unexpected refusal of a reservation leaves the order pending and counts as a failure', async () => {
  let hasWrongKey = true
  const shop = await openShop({
    wrapProducts: (app) => (request) => {
      if (hasWrongKey && request.method === 'PUT') request.headers.set('X-Service-Key', 'another key')
      return app.fetch(request)
    },
  })
  const { token } = await signUp(shop)
  await fillCart(shop, token)
  const key = crypto.randomUUID()

  const response = await checkOut(shop, token, 129999, key)

  expect(response.status).toBe(503)
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
  const [exception] = shop.recording.logs('http.server.request.exception')
  expect(exception?.attributes['exception.message']).toStartWith('UNAVAILABLE ← FORBIDDEN ← 403')

  hasWrongKey = false
  expect((await checkOut(shop, token, 129999, key)).status).toBe(200)
})

test('orders that cannot be settled do not block the sweep of others', async () => {
  const stuck = new Set<string>()
  const shop = await openShop({
    stock: 100,
    wrapProducts: (app) => (request) => {
      const orderId = /reservations\/([^/]+)/.exec(request.url)?.[1] ?? ''
      if (stuck.has(orderId)) return new Response('bad gateway', { status: 502 })
      return app.fetch(request)
    },
  })
  const shoppers = [await signUp(shop), await signUp(shop)]
  for (let n = 0; n < 55; n++) {
    const token = shoppers[n % 2]?.token ?? ''
    await fillCart(shop, token, 9)
    await checkOut(shop, token, 4999)
  }
  const { db } = shop.databases.order.database
  await db.update(orders).set({ status: 'pending', settledAt: null })
  const rows = await db.select({ id: orders.id }).from(orders).orderBy(orders.id)
  for (const { id } of rows.slice(0, 54)) stuck.add(id)

  expect(await sweepOrders(shop.context, Date.now() + 60_000)).toBe(1)
  const swept = shop.recording.logs('order.swept').map((log) => log.attributes['order.id'])
  expect(swept).toEqual([rows[54]?.id ?? 'none'])
})

test('a checkout while user-service is unavailable fails and is counted once', async () => {
  let isUnavailable = false
  const refuseConnection = () => {
    throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  }
  const shop = await openShop({
    wrapUsers: (app) => (request) => (isUnavailable ? refuseConnection() : app.fetch(request)),
  })
  const { token } = await signUp(shop)
  await fillCart(shop, token)
  isUnavailable = true

  expect((await checkOut(shop, token, 129999)).status).toBe(503)
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
})

test('a stopped sweep ends after the current order', async () => {
  const hanging: PromiseWithResolvers<Response>[] = []
  let isHanging = false
  const shop = await openShop({
    wrapProducts: (app) => (request) => {
      if (!isHanging) return app.fetch(request)
      hanging.push(Promise.withResolvers())
      return hanging.at(-1)?.promise ?? new Response()
    },
  })
  const { token } = await signUp(shop)
  for (let n = 0; n < 3; n++) {
    await fillCart(shop, token, 9)
    await checkOut(shop, token, 4999)
  }
  const { db } = shop.databases.order.database
  await db.update(orders).set({ status: 'pending', settledAt: null, createdAt: new Date(0) })
  isHanging = true

  const stop = startSweep(shop.context)
  while (hanging.length === 0) await Bun.sleep(1)
  const stopped = stop()
  hanging[0]?.resolve(new Response('bad gateway', { status: 502 }))
  await stopped

  expect(hanging).toHaveLength(1)
  const [failure] = shop.recording.logs('exception')
  expect(failure?.severityText).toBe('WARN')
  expect(failure?.traceId).toBe(shop.recording.span('order_sweep').traceId)
})

test.each(['down', 'response lost'])('the sweep repeats a release that was not acknowledged (%s)', async (how) => {
  let isBroken = true
  const shop = await openShop({
    stock: 1,
    wrapProducts: (app) => async (request) => {
      if (!isBroken || request.method !== 'DELETE') return app.fetch(request)
      if (how === 'response lost') await app.fetch(request)
      return new Response('bad gateway', { status: 502 })
    },
  })
  const first = await signUp(shop)
  const second = await signUp(shop)
  await fillCart(shop, first.token, 9)
  await fillCart(shop, second.token, 9)
  expect((await checkOut(shop, first.token, 4999)).status).toBe(201)
  expect((await checkOut(shop, second.token, 4999)).status).toBe(409)

  isBroken = false
  expect(await sweepOrders(shop.context, Date.now() + 60_000)).toBe(1)
  expect(await sweepOrders(shop.context, Date.now() + 60_000)).toBe(0)
  expect(await fetchStock(shop, 9)).toBe(0)
  const [cancelled] = await shop.databases.order.database.db.select().from(orders).where(eq(orders.userId, second.id))
  expect(cancelled).toMatchObject({ status: 'cancelled', settledAt: expect.any(Date) })
})
