import { expect, test } from 'bun:test'
import { checkOut, fetchStock, fillCart, jsonRequest, openShop, productId, type Shop, signUp } from '../../test/shop'
import type { Cart } from './cart'
import type { Order } from './order'
import { sweepOrders } from './sweep-orders'

const laptopCents = 129999

async function shopperWith(shop: Shop, n = 1, quantity = 1) {
  const shopper = await signUp(shop)
  await fillCart(shop, shopper.token, n, quantity)
  return shopper
}
const read = async <T>({ orders }: Shop, token: string, path: string) =>
  (await (await orders.request(path, jsonRequest('GET', undefined, { token }))).json()) as T
const ordersOf = async (shop: Shop, token: string) => (await read<{ items: Order[] }>(shop, token, '/api/orders')).items
const cartOf = (shop: Shop, token: string) => read<Cart>(shop, token, '/api/order')

test('concurrent checkouts of one cart with two keys return the same order', async () => {
  // Both must read the cart before one of them closes it. Otherwise the second finds an empty cart.
  const both = Promise.withResolvers<void>()
  let arrived: number | undefined
  const shop = await openShop({
    stock: 5,
    wrapProducts: (app) => async (request) => {
      if (arrived !== undefined && request.url.includes('/batch')) {
        arrived++
        if (arrived === 2) both.resolve()
        await both.promise
      }
      return app.fetch(request)
    },
  })
  const { token } = await shopperWith(shop)
  arrived = 0

  const responses = await Promise.all([checkOut(shop, token, laptopCents), checkOut(shop, token, laptopCents)])

  expect(responses.map((response) => response.status).sort()).toEqual([200, 201])
  const ids = await Promise.all(responses.map(async (response) => ((await response.json()) as Order).id))
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(ids[1]).toBe(ids[0] as string)
  expect(await ordersOf(shop, token)).toHaveLength(1)
  expect(await fetchStock(shop)).toBe(4)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('a form that is sent twice at any interval places one order', async () => {
  const shop = await openShop({ stock: 100 })
  const shoppers = [await signUp(shop), await signUp(shop)]
  for (let times = 0; times < 40; times++) {
    const token = shoppers[times % 2]?.token ?? ''
    await fillCart(shop, token, 9)
    const key = crypto.randomUUID()
    const first = checkOut(shop, token, 4999, key)
    const nextMs = performance.now() + times / 8
    while (performance.now() < nextMs) await new Promise(setImmediate)
    const responses = await Promise.all([first, checkOut(shop, token, 4999, key)])
    const bodies = await Promise.all(responses.map((response) => response.json()))
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[0]).toMatchObject({ status: 'confirmed' })
  }
  expect(await fetchStock(shop, 9)).toBe(60)
  expect(await shop.recording.metric('orders.checkout.refused')).toBe(0)
})

test('of two concurrent checkouts of the last piece, one succeeds', async () => {
  const shop = await openShop({ stock: 1 })
  const [alice, bob] = [await shopperWith(shop), await shopperWith(shop)]

  const responses = await Promise.all([alice, bob].map(({ token }) => checkOut(shop, token, laptopCents)))

  expect(responses.map((response) => response.status).sort()).toEqual([201, 409])
  const loser = responses.find((response) => response.status === 409)
  expect(await loser?.json()).toMatchObject({ code: 'OUT_OF_STOCK', products: [productId(1)] })
  expect(await fetchStock(shop)).toBe(0)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'out_of_stock' })).toBe(1)
})

test('a product that is added during a checkout is not part of the order', async () => {
  let meanwhile: (() => Promise<unknown>) | undefined
  const shop: Shop = await openShop({
    wrapProducts: (app) => async (request) => {
      const work = request.url.includes('/batch') ? meanwhile : undefined
      meanwhile = work ? undefined : meanwhile
      await work?.()
      return app.fetch(request)
    },
  })
  const { token } = await shopperWith(shop)
  meanwhile = () => fillCart(shop, token, 9)

  const response = await checkOut(shop, token, laptopCents)

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'PRICE_CHANGED', total_cents: laptopCents + 4999 })
  expect(await ordersOf(shop, token)).toEqual([])
  expect((await cartOf(shop, token)).items_count).toBe(2)
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'price_changed' })).toBe(1)
})

test('a cancelled order restores only products that the next cart does not have', async () => {
  let isUnavailable = false
  const shop = await openShop({
    stock: 4,
    wrapProducts: (app) => (request) =>
      isUnavailable && request.method === 'PUT' ? new Response('down', { status: 503 }) : app.fetch(request),
  })
  const { token } = await shopperWith(shop, 1, 3)
  await fillCart(shop, token, 9, 2)
  isUnavailable = true
  expect((await checkOut(shop, token, 3 * laptopCents + 2 * 4999)).status).toBe(503)
  await fillCart(shop, token, 1, 1)
  isUnavailable = false
  const other = await shopperWith(shop, 1, 2)
  expect((await checkOut(shop, other.token, 2 * laptopCents)).status).toBe(201)

  expect(await sweepOrders(shop.context, Date.now() + 60_000)).toBe(1)

  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'cancelled' }])
  const lines = (await cartOf(shop, token)).items.map((line) => [line.product_id, line.quantity])
  expect(lines.sort()).toEqual([
    [productId(1), 1],
    [productId(9), 2],
  ])
  expect([await fetchStock(shop, 1), await fetchStock(shop, 9)]).toEqual([2, 4])
})
