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

/** How product-service handles a reservation call: normally, not at all, or normally with a lost response. */
type Connection = 'up' | 'down' | 'response lost'

/** A shop whose reservation calls to product-service can fail, by HTTP method. */
async function openFragileShop(options: { stock?: number; checkpoint?: (name: Checkpoint) => void } = {}) {
  const connection: Record<string, Connection> = {}
  const shop = await openShop({
    ...options,
    wrapProducts: (app) => async (request) => {
      const state = new URL(request.url).pathname.startsWith('/api/reservations') ? connection[request.method] : 'up'
      if (state === 'down') throw Object.assign(new Error('no route'), { code: 'ECONNREFUSED' })
      const response = await app.fetch(request)
      return state === 'response lost' ? new Response('bad gateway', { status: 502 }) : response
    },
  })
  return { ...shop, connection }
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

test('while product-service is unavailable, the order stays pending, and a retry with the same key completes it', async () => {
  const shop = await openFragileShop({ stock: 5 })
  const { token } = await shopperWith(shop)
  const key = crypto.randomUUID()
  shop.connection.PUT = 'down'

  const response = await checkOut(shop, token, laptopCents, key)

  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
  expect(await response.json()).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'pending' }])
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
  expect(shop.recording.span('POST /api/order/checkout')).toHaveFailed()
  expect(shop.recording.span('PUT')).toHaveAttributes({ 'error.type': 'ECONNREFUSED' })
  expect(shop.recording.logs('http.server.request.exception')).toHaveLength(1)

  shop.connection.PUT = 'up'
  const again = await checkOut(shop, token, laptopCents, key)
  expect(again.status).toBe(200)
  expect(await again.json()).toMatchObject({ status: 'confirmed' })
  expect(await fetchStock(shop)).toBe(4)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('while no route of product-service responds, no order is written and the cart stays', async () => {
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

test('after a lost reservation response, a retry with the same key takes the stock once', async () => {
  const shop = await openFragileShop({ stock: 5 })
  const { token } = await shopperWith(shop, 1, 2)
  const key = crypto.randomUUID()
  shop.connection.PUT = 'response lost'
  expect((await checkOut(shop, token, 2 * laptopCents, key)).status).toBe(503)
  expect(await fetchStock(shop)).toBe(3)

  shop.connection.PUT = 'up'
  const again = await checkOut(shop, token, 2 * laptopCents, key)

  expect(await again.json()).toMatchObject({ status: 'confirmed' })
  expect(await fetchStock(shop)).toBe(3)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('a closed database fails the checkout as internal', async () => {
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
test.each(checkpoints)('the sweep completes a checkout that crashed after "%s", once', async (crashPoint) => {
  let crashes = true
  const checkpoint = (name: Checkpoint) => {
    if (crashes && name === crashPoint) throw new Error('power cut')
  }
  const shop = await openFragileShop({ stock: 5, checkpoint })
  const { token } = await shopperWith(shop, 1, 2)
  expect((await checkOut(shop, token, 2 * laptopCents)).status).toBe(500)
  crashes = false

  expect(await sweepOrders(shop.context, later())).toBe(1)

  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'confirmed', total_cents: 2 * laptopCents }])
  expect(await fetchStock(shop)).toBe(3)
  expect(await cartOf(shop, token)).toMatchObject({ items_count: 0 })
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
  expect(await sweepOrders(shop.context, later())).toBe(0)
})

test('the sweep ignores young orders', async () => {
  const shop = await openFragileShop()
  const { token } = await shopperWith(shop)
  shop.connection.PUT = 'down'
  await checkOut(shop, token, laptopCents)
  shop.connection.PUT = 'up'

  expect(await sweepOrders(shop.context)).toBe(0)
  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'pending' }])
})

test('the sweep logs each settled order', async () => {
  const shop = await openFragileShop()
  const { token } = await shopperWith(shop)
  shop.connection.PUT = 'down'
  await checkOut(shop, token, laptopCents)
  shop.connection.PUT = 'up'

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

test('the sweep cancels an order without stock and restores the cart', async () => {
  const shop = await openFragileShop({ stock: 2 })
  const { token } = await shopperWith(shop, 1, 2)
  const key = crypto.randomUUID()
  shop.connection.PUT = 'down'
  await checkOut(shop, token, 2 * laptopCents, key)
  shop.connection.PUT = 'up'
  await setStock(shop, 1, 1)

  expect(await sweepOrders(shop.context, later())).toBe(1)

  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'cancelled' }])
  expect(await cartOf(shop, token)).toMatchObject({ items_count: 2 })
  expect(await fetchStock(shop)).toBe(1)
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'out_of_stock' })).toBe(1)
  const again = await checkOut(shop, token, 2 * laptopCents, key)
  expect(await again.json()).toMatchObject({ code: 'OUT_OF_STOCK', products: [productId(1)] })
})

test.each(['down', 'response lost'] as const)(
  'the sweep repeats a confirmation that was not acknowledged (%s)',
  async (state) => {
    const shop = await openFragileShop({ stock: 5 })
    const { token } = await shopperWith(shop)
    shop.connection.POST = state

    const response = await checkOut(shop, token, laptopCents)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ status: 'confirmed' })
    const warning = shop.recording.lines().find((line) => line.message === 'reservation not settled yet')
    expect(warning).toMatchObject({ level: 'warn', trace_id: response.headers.get('x-trace-id') })
    await sweepOrders(shop.context, later())

    shop.connection.POST = 'up'
    expect(await sweepOrders(shop.context, later())).toBe(1)
    expect(await sweepOrders(shop.context, later())).toBe(0)
    expect(await fetchStock(shop)).toBe(4)
    expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
  },
)

test('two sweeps at once settle each order once', async () => {
  const shop = await openFragileShop({ stock: 9 })
  shop.connection.PUT = 'response lost'
  for (let times = 0; times < 3; times++) {
    const { token } = await shopperWith(shop)
    await checkOut(shop, token, laptopCents)
  }
  shop.connection.PUT = 'up'

  await Promise.all([sweepOrders(shop.context, later()), sweepOrders(shop.context, later())])

  expect(await fetchStock(shop)).toBe(6)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(3)
  expect(await shop.recording.metric('orders.checkout.refused')).toBe(0)
  expect(await sweepOrders(shop.context, later())).toBe(0)
})

test('a sweep while product-service is unavailable logs a warning and leaves the order pending', async () => {
  const shop = await openFragileShop()
  const { token } = await shopperWith(shop)
  shop.connection.PUT = 'down'
  await checkOut(shop, token, laptopCents)
  shop.recording.reset()

  expect(await sweepOrders(shop.context, later())).toBe(0)

  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'pending' }])
  expect(shop.recording.span('order_sweep')).toHaveFailed()
  expect(shop.recording.logs('exception').map((log) => log.severityText)).toEqual(['WARN'])
})
