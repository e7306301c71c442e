import { expect, test } from 'bun:test'
import {
  checkOut,
  fetchStock,
  fillCart,
  jsonRequest,
  openShop,
  productId,
  type Shop,
  signIn,
  signUp,
} from '../../test/shop'
import type { Checkpoint } from './context'
import type { Order } from './order'
import { sweepOrders } from './sweep-orders'

const laptopCents = 129999
const later = () => Date.now() + 60_000

/** What product-service does with a call to a reservation: all well, away, or does it and its answer gets lost. */
type Line = 'fine' | 'away' | 'answer lost'

/** A shop whose line to product-service's reservations can be cut, by HTTP method. */
async function openFragileShop(options: { stock?: number; checkpoint?: (name: Checkpoint) => void } = {}) {
  const line: Record<string, Line> = {}
  const shop = await openShop({
    ...options,
    wrapProducts: (app) => async (request) => {
      const state = new URL(request.url).pathname.startsWith('/api/reservations') ? line[request.method] : 'fine'
      if (state === 'away') throw Object.assign(new Error('no route'), { code: 'ECONNREFUSED' })
      const response = await app.fetch(request)
      return state === 'answer lost' ? new Response('bad gateway', { status: 502 }) : response
    },
  })
  return { ...shop, line }
}

async function shopperWith(shop: Shop, n = 1, quantity = 1) {
  const shopper = await signUp(shop)
  await fillCart(shop, shopper.token, n, quantity)
  return shopper
}

const ordersOf = async ({ orders }: Shop, token: string) =>
  ((await (await orders.request('/api/orders', jsonRequest('GET', undefined, { token }))).json()) as { items: Order[] })
    .items
const cartOf = async ({ orders }: Shop, token: string) =>
  (await (await orders.request('/api/order', jsonRequest('GET', undefined, { token }))).json()) as {
    items_count: number
  }
const setStock = async (shop: Shop, n: number, stock: number) =>
  shop.products.request(
    `/api/product/${productId(n)}`,
    jsonRequest('PATCH', { stock }, await signIn(shop, 'admin', 'admin123')),
  )

test('while product-service is away the order stays pending, and the same key finishes it later', async () => {
  const shop = await openFragileShop({ stock: 5 })
  const { token } = await shopperWith(shop)
  const key = crypto.randomUUID()
  shop.line.PUT = 'away'

  const response = await checkOut(shop, token, laptopCents, key)

  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
  expect(await response.json()).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'pending' }])
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
  expect(shop.recording.span('POST /api/order/checkout')).toHaveFailed()
  expect(shop.recording.span('PUT')).toHaveAttributes({ 'error.type': 'ECONNREFUSED' })
  expect(shop.recording.logs('http.server.request.exception')).toHaveLength(1)

  shop.line.PUT = 'fine'
  const again = await checkOut(shop, token, laptopCents, key)
  expect(again.status).toBe(200)
  expect(await again.json()).toMatchObject({ status: 'confirmed' })
  expect(await fetchStock(shop)).toBe(4)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('while the whole of product-service is away nothing is ordered and the cart stays', async () => {
  let isUnavailable = false
  const shop = await openShop({
    wrapProducts: (app) => (request) => (isUnavailable ? new Response('down', { status: 503 }) : app.fetch(request)),
  })
  const { token } = await shopperWith(shop)
  isUnavailable = true

  const response = await checkOut(shop, token, laptopCents)

  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await ordersOf(shop, token)).toEqual([])
  expect(await cartOf(shop, token)).toMatchObject({ items_count: 1 })
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
})

test('a reservation whose answer got lost is finished by the same key, its stock taken once', async () => {
  const shop = await openFragileShop({ stock: 5 })
  const { token } = await shopperWith(shop, 1, 2)
  const key = crypto.randomUUID()
  shop.line.PUT = 'answer lost'
  expect((await checkOut(shop, token, 2 * laptopCents, key)).status).toBe(503)
  expect(await fetchStock(shop)).toBe(3)

  shop.line.PUT = 'fine'
  const again = await checkOut(shop, token, 2 * laptopCents, key)

  expect(await again.json()).toMatchObject({ status: 'confirmed' })
  expect(await fetchStock(shop)).toBe(3)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('a database that is away fails the checkout as internal', async () => {
  const shop = await openFragileShop()
  const { token } = await shopperWith(shop)
  await shop.databases.order.database.close()

  const response = await checkOut(shop, token, laptopCents)

  expect(response.status).toBe(500)
  expect(await response.json()).toMatchObject({ code: 'INTERNAL' })
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'internal' })).toBe(1)
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(0)
  expect(shop.recording.span('POST /api/order/checkout')).toHaveFailed()
})

const checkpoints: Checkpoint[] = ['order written', 'stock reserved', 'order decided', 'reservation settled']
test.each(checkpoints)('what dies after "%s" is finished by the sweep, once', async (deadly) => {
  let isDeadly = true
  const checkpoint = (name: Checkpoint) => {
    if (isDeadly && name === deadly) throw new Error('power cut')
  }
  const shop = await openFragileShop({ stock: 5, checkpoint })
  const { token } = await shopperWith(shop, 1, 2)
  expect((await checkOut(shop, token, 2 * laptopCents)).status).toBe(500)
  isDeadly = false

  expect(await sweepOrders(shop.context, later())).toBe(1)

  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'confirmed', total_cents: 2 * laptopCents }])
  expect(await fetchStock(shop)).toBe(3)
  expect(await cartOf(shop, token)).toMatchObject({ items_count: 0 })
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
  expect(await sweepOrders(shop.context, later())).toBe(0)
})

test('the sweep leaves young orders to their own requests', async () => {
  const shop = await openFragileShop()
  const { token } = await shopperWith(shop)
  shop.line.PUT = 'away'
  await checkOut(shop, token, laptopCents)
  shop.line.PUT = 'fine'

  expect(await sweepOrders(shop.context)).toBe(0)
  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'pending' }])
})

test('the sweep tells what it finished', async () => {
  const shop = await openFragileShop()
  const { token } = await shopperWith(shop)
  shop.line.PUT = 'away'
  await checkOut(shop, token, laptopCents)
  shop.line.PUT = 'fine'

  expect(await sweepOrders(shop.context, later())).toBe(1)

  const [order] = await ordersOf(shop, token)
  expect(order?.status).toBe('confirmed')
  const span = shop.recording.span('order_sweep')
  expect(span).toHaveAttributes({ 'order.id': order?.id as string })
  expect(span).not.toHaveFailed()
  const [log] = shop.recording.logs('order.swept')
  expect(log).toHaveAttributes({ 'order.id': order?.id as string, 'order.status': 'confirmed' })
  expect(log?.traceId).toBe(span.traceId)
})

test('the sweep cancels what cannot be had any more, and gives the cart back', async () => {
  const shop = await openFragileShop({ stock: 2 })
  const { token } = await shopperWith(shop, 1, 2)
  const key = crypto.randomUUID()
  shop.line.PUT = 'away'
  await checkOut(shop, token, 2 * laptopCents, key)
  shop.line.PUT = 'fine'
  await setStock(shop, 1, 1)

  expect(await sweepOrders(shop.context, later())).toBe(1)

  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'cancelled' }])
  expect(await cartOf(shop, token)).toMatchObject({ items_count: 2 })
  expect(await fetchStock(shop)).toBe(1)
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'out_of_stock' })).toBe(1)
  const again = await checkOut(shop, token, 2 * laptopCents, key)
  expect(await again.json()).toMatchObject({ code: 'OUT_OF_STOCK', products: [productId(1)] })
})

test.each(['away', 'answer lost'] as const)(
  'a confirm that is not acknowledged (%s) is repeated by the sweep',
  async (state) => {
    const shop = await openFragileShop({ stock: 5 })
    const { token } = await shopperWith(shop)
    shop.line.POST = state

    const response = await checkOut(shop, token, laptopCents)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ status: 'confirmed' })
    const warning = shop.recording.lines().find((line) => line.message === 'reservation not settled yet')
    expect(warning).toMatchObject({ level: 'warn', trace_id: response.headers.get('x-trace-id') })
    await sweepOrders(shop.context, later())

    shop.line.POST = 'fine'
    expect(await sweepOrders(shop.context, later())).toBe(1)
    expect(await sweepOrders(shop.context, later())).toBe(0)
    expect(await fetchStock(shop)).toBe(4)
    expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
  },
)

test('two sweeps at once settle each order once', async () => {
  const shop = await openFragileShop({ stock: 9 })
  shop.line.PUT = 'answer lost'
  for (let times = 0; times < 3; times++) {
    const { token } = await shopperWith(shop)
    await checkOut(shop, token, laptopCents)
  }
  shop.line.PUT = 'fine'

  await Promise.all([sweepOrders(shop.context, later()), sweepOrders(shop.context, later())])

  expect(await fetchStock(shop)).toBe(6)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(3)
  expect(await shop.recording.metric('orders.checkout.refused')).toBe(0)
  expect(await sweepOrders(shop.context, later())).toBe(0)
})

test('a sweep while product-service is away fails softly and leaves the order', async () => {
  const shop = await openFragileShop()
  const { token } = await shopperWith(shop)
  shop.line.PUT = 'away'
  await checkOut(shop, token, laptopCents)
  shop.recording.reset()

  expect(await sweepOrders(shop.context, later())).toBe(0)

  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'pending' }])
  expect(shop.recording.span('order_sweep')).toHaveFailed()
  expect(shop.recording.logs('exception').map((log) => log.severityText)).toEqual(['WARN'])
})
