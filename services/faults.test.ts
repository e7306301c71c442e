import { expect, test } from 'bun:test'
import { dialect } from '../src/database/columns'
import type { Fault } from '../src/faults/fault'
import { clearFaults, setFault } from '../src/faults/fault-file'
import type { FaultKey } from '../src/faults/flags'
import { createFaultFile } from '../test/fault-file'
import {
  checkOut,
  fetchStock,
  fillCart,
  jsonRequest,
  openShop,
  productId,
  type Shop,
  serviceKey,
  signUp,
} from '../test/shop'
import { addToCart, checkoutPath, fetchCheckoutForm, fetchOrderLinks, openSignedInFrontend } from '../test/storefront'
import { waitUntil } from '../test/wait-until'

async function open(faults: Partial<Record<FaultKey, Fault>>) {
  const faultsFile = createFaultFile()
  for (const [key, fault] of Object.entries(faults)) setFault(faultsFile, key as FaultKey, fault)
  const shop = await openShop({ faultsFile })
  shop.recording.reset()
  return { ...shop, faultsFile }
}

const reserve = ({ products }: Pick<Shop, 'products'>, n = 1) =>
  products.request(`/api/reservations/${Bun.randomUUIDv7()}`, {
    ...jsonRequest(
      'PUT',
      { items: [{ product_id: productId(n), quantity: 1 }] },
      { headers: { 'X-Service-Key': serviceKey } },
    ),
  })

const reservationRoute = 'PUT /api/reservations/:orderId'

test('slow-query delays the first statement of a request, in the span of the statement', async () => {
  const { recording, products } = await open({ 'slow-query': { value: 700, service: 'product' } })

  expect((await products.request(`/api/product/${productId(1)}`)).status).toBe(200)

  const slow = recording.spans().filter(({ kind, durationMs }) => kind === 'client' && durationMs > 650)
  expect(slow.map(({ name }) => name)).toEqual(['SELECT products'])
  expect(JSON.stringify(recording.spans())).not.toMatch(/sleep/i)
  const request = recording.span('GET /api/product/:slugOrId')
  expect(slow[0]?.parentSpanId).toBe(request.spanId)
  expect(request.attributes).toMatchObject({ 'feature_flag.key': 'slow-query', 'feature_flag.result.value': 700 })
  expect(request.durationMs).toBeGreaterThan(690)
  const [wait] = await recording.series('db.client.operation.duration')
  expect(wait).toBeDefined()
})

test('slow-query in a transaction delays one statement on its connection', async () => {
  const { recording, products } = await open({ 'slow-query': { value: 700, route: reservationRoute } })

  expect((await reserve({ products })).status).toBe(200)

  const slow = recording.spans().filter(({ kind, durationMs }) => kind === 'client' && durationMs > 690)
  expect(slow).toHaveLength(1)
  expect(slow[0]?.name).toMatch(/^(SELECT|UPDATE|INSERT) \w+$/)
})

test('stock-lock makes the next reservation of the same product wait', async () => {
  const shop = await open({ 'stock-lock': { value: 300 } })
  const startMs = performance.now()

  const responses = await Promise.all([reserve(shop), reserve(shop)])

  expect(responses.map(({ status }) => status)).toEqual([200, 200])
  expect(performance.now() - startMs).toBeGreaterThan(595)
  const requests = shop.recording.spans().filter(({ name }) => name === reservationRoute)
  expect(requests.map(({ attributes }) => attributes['feature_flag.key'])).toEqual(['stock-lock', 'stock-lock'])
  // The second reservation gets the row only after the first, and then holds it for the same time.
  const [first = 0, second = 0] = requests.map(({ startMs, durationMs }) => startMs + durationMs).sort((x, y) => x - y)
  expect(second - first).toBeGreaterThan(295)
  expect(await fetchStock(shop)).toBe(23)
})

test('on MySQL, stock-lock on one product does not delay reservations of others', async () => {
  if (dialect !== 'mysql') return
  const shop = await open({ 'stock-lock': { value: 1500 } })

  await Promise.all([reserve(shop, 1), reserve(shop, 2)])

  const updates = shop.recording.spans().filter(({ name }) => name === 'UPDATE products')
  expect(updates).toHaveLength(2)
  expect(updates.filter(({ durationMs }) => durationMs > 1400)).toEqual([])
})

test('a checkout waits for stock-lock and succeeds', async () => {
  const shop = await open({ 'stock-lock': { value: 150 } })
  const { token } = await signUp(shop)
  await fillCart(shop, token, 9)

  const order = await checkOut(shop, token, 4999)

  expect(order.status).toBe(201)
  expect(shop.recording.span('POST /api/order/checkout').durationMs).toBeGreaterThan(148)
  expect(shop.recording.span('POST /api/order/checkout').attributes).not.toHaveProperty('feature_flag.key')
})

test('pool-size makes requests wait for connections, and the pool has its size again when the fault is off', async () => {
  if (dialect !== 'mysql') return
  const { recording, products, faultsFile } = await open({ 'slow-query': { value: 600 } })
  const poolMetric = (name: string) => recording.metric(name, { 'db.client.connection.pool.name': productPool })
  const max = () => poolMetric('db.client.connection.max')
  const productPool = (await recording.series('db.client.connection.max'))
    .map(({ attributes }) => String(attributes['db.client.connection.pool.name']))
    .find((name) => name.includes('product')) as string
  const timeOfFiveRequests = async () => {
    const startMs = performance.now()
    await Promise.all(Array.from({ length: 5 }, () => products.request(`/api/product/${productId(1)}`)))
    return performance.now() - startMs
  }
  expect(await timeOfFiveRequests()).toBeLessThan(2900)
  recording.reset()

  setFault(faultsFile, 'pool-size', { value: 1, service: 'product-service' })
  await waitUntil(async () => (await max()) === 1)
  // Surplus connections are closed one by one.
  await waitUntil(async () => (await poolMetric('db.client.connection.count')) === 1)
  expect(await timeOfFiveRequests()).toBeGreaterThan(2990)

  expect(recording.spans().filter(({ name }) => name === 'db.client.connection.wait').length).toBeGreaterThan(2)
  expect(recording.spans().find(({ name }) => name.startsWith('GET /api/product'))?.attributes).toMatchObject({
    'feature_flag.key': 'slow-query',
    'fault.active': ['pool-size', 'slow-query'],
  })
  expect(recording.logs('feature_flag.evaluation').filter(({ traceId }) => !traceId)).toHaveLength(1)

  setFault(faultsFile, 'pool-size', { value: 0 })
  await waitUntil(async () => (await max()) === 10)
  expect(await timeOfFiveRequests()).toBeLessThan(2900)
})

test('a pool that grows again serves the requests in its queue', async () => {
  if (dialect !== 'mysql') return
  const { products, faultsFile } = await open({ 'slow-query': { value: 600 }, 'pool-size': { value: 1 } })
  const startMs = performance.now()
  const all = Promise.all(Array.from({ length: 8 }, () => products.request(`/api/product/${productId(1)}`)))
  await Bun.sleep(50)

  clearFaults(faultsFile)

  expect((await all).map(({ status }) => status)).toEqual(Array(8).fill(200))
  expect(performance.now() - startMs).toBeLessThan(8 * 600 - 100)
})

test('checkout-discard shows the cart again, places no order, and records no failure', async () => {
  const faultsFile = createFaultFile()
  const { shop, visitor } = await openSignedInFrontend({ faultsFile })
  await addToCart(visitor)
  setFault(faultsFile, 'checkout-discard', { value: 1 })
  await waitUntil(() => shop.recording.logs('fault.changed').length >= 4)

  const response = await visitor.post(checkoutPath, await fetchCheckoutForm(visitor))

  expect([response.status, response.location]).toEqual([303, '/checkout'])
  expect((await visitor.follow(response)).html).toContain('Vérifiez votre commande avant de payer')
  expect(await fetchOrderLinks(visitor)).toEqual([])
  expect(shop.recording.span('POST /checkout/process').attributes['feature_flag.key']).toBe('checkout-discard')
  expect(shop.recording.span('checkout_process').status.code).toBe(0)
  expect(await shop.recording.metric('orders.checkout.failed')).toBeFalsy()
  expect(await shop.recording.metric('orders.checkout.completed')).toBeFalsy()

  clearFaults(faultsFile)
  await waitUntil(() => shop.recording.logs('fault.changed').length >= 8)
  expect((await visitor.post(checkoutPath, await fetchCheckoutForm(visitor))).location).toStartWith('/order/thank-you')
})

test('a percentage applies to the same traces in all services', async () => {
  const faultsFile = createFaultFile()
  setFault(faultsFile, 'http-latency', { value: 1, percent: 50 })
  const { shop, visitor } = await openSignedInFrontend({ faultsFile })
  for (let n = 0; n < 6; n++) await visitor.get('/')

  const servers = shop.recording.spans().filter(({ kind }) => kind === 'server')
  const byTrace = Map.groupBy(servers, ({ traceId }) => traceId)
  for (const spans of byTrace.values()) {
    expect(new Set(spans.map(({ attributes }) => attributes['feature_flag.key'])).size).toBe(1)
  }
})
