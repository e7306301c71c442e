import { expect, test } from 'bun:test'
import { fetchStock, jsonRequest, openShop, productId, type Shop, serviceKey, signUp } from '../../test/shop'

const headers = { 'X-Service-Key': serviceKey }
const pieces = (quantities: Record<number, number>) => ({
  items: Object.entries(quantities).map(([n, quantity]) => ({ product_id: productId(Number(n)), quantity })),
})

const reservationsOf = ({ products }: Shop, orderId: string = Bun.randomUUIDv7()) => {
  const send = async (method: string, path = '', body?: unknown) => {
    const response = await products.request(
      `/api/reservations/${orderId}${path}`,
      jsonRequest(method, body, { headers }),
    )
    const { code, status, products: missing } = (await response.json()) as Record<string, unknown>
    return { http: response.status, ...(code ? { code, products: missing } : { status }) }
  }
  return {
    orderId,
    reserve: (quantities: Record<number, number>) => send('PUT', '', pieces(quantities)),
    confirm: () => send('POST', '/confirm'),
    release: () => send('DELETE'),
  }
}
const held = { http: 200, status: 'held' }
const confirmed = { http: 200, status: 'confirmed' }
const released = { http: 200, status: 'released' }
const refused = (code: string) => ({ http: 409, code, products: undefined })

test('reservations require the service key', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await signUp(shop)
  const path = `/api/reservations/${Bun.randomUUIDv7()}`
  const wrong = { token, headers: { 'X-Service-Key': 'test-service-kez' } }

  const responses = await Promise.all([
    shop.products.request(path, jsonRequest('PUT', pieces({ 1: 1 }), { token })),
    shop.products.request(path, jsonRequest('PUT', pieces({ 1: 1 }), wrong)),
    shop.products.request(`${path}/confirm`, jsonRequest('POST', undefined, wrong)),
    shop.products.request(path, jsonRequest('DELETE', undefined, wrong)),
  ])

  expect(responses.map((response) => response.status)).toEqual([403, 403, 403, 403])
  expect(await fetchStock(shop)).toBe(5)
  expect(shop.recording.span('PUT /api/reservations/:orderId')).toHaveAttributes({ 'problem.code': 'FORBIDDEN' })
})

test('a reservation takes the stock of every item', async () => {
  const shop = await openShop({ stock: 5 })

  expect(await reservationsOf(shop).reserve({ 1: 2, 3: 5 })).toEqual(held)

  expect([await fetchStock(shop, 1), await fetchStock(shop, 2), await fetchStock(shop, 3)]).toEqual([3, 5, 0])
  expect(await shop.recording.metric('product.stock', { 'product.slug': 'casque-sans-fil' })).toBe(0)
})

test('repeating a reservation with its items in another order takes no stock', async () => {
  const shop = await openShop({ stock: 5 })
  const { reserve, orderId } = reservationsOf(shop)
  await reserve({ 1: 2, 3: 5 })

  const items = pieces({ 1: 2, 3: 5 }).items.toReversed()
  const again = await shop.products.request(`/api/reservations/${orderId}`, jsonRequest('PUT', { items }, { headers }))

  expect(again.status).toBe(200)
  expect([await fetchStock(shop, 1), await fetchStock(shop, 3)]).toEqual([3, 0])
})

test('a second reservation of an order with other items is refused', async () => {
  const shop = await openShop({ stock: 5 })
  const { reserve } = reservationsOf(shop)
  await reserve({ 1: 2 })

  expect(await reserve({ 1: 3 })).toEqual(refused('RESERVATION_DIFFERS'))
  expect(await fetchStock(shop)).toBe(3)
})

test('too little stock is refused with the products, and takes no stock', async () => {
  const shop = await openShop({ stock: 5 })
  const unknown = Bun.randomUUIDv7()
  const { items } = pieces({ 1: 2, 2: 6, 3: 7 })
  items.push({ product_id: unknown, quantity: 1 })

  const response = await shop.products.request(
    `/api/reservations/${Bun.randomUUIDv7()}`,
    jsonRequest('PUT', { items }, { headers }),
  )

  expect(response.status).toBe(409)
  const problem = (await response.json()) as { code: string; products: string[] }
  expect(problem.code).toBe('OUT_OF_STOCK')
  expect(problem.products.toSorted()).toEqual([productId(2), productId(3), unknown])
  expect([await fetchStock(shop, 1), await fetchStock(shop, 2), await fetchStock(shop, 3)]).toEqual([5, 5, 5])
  const span = shop.recording.span('PUT /api/reservations/:orderId')
  expect(span).toHaveAttributes({ 'problem.code': 'OUT_OF_STOCK', 'http.response.status_code': 409 })
  expect(span).not.toHaveFailed()
})

test('an order that was out of stock can reserve again', async () => {
  const shop = await openShop({ stock: 1 })
  const { reserve } = reservationsOf(shop)

  expect(await reserve({ 1: 2 })).toMatchObject({ code: 'OUT_OF_STOCK' })
  expect(await reserve({ 1: 1 })).toEqual(held)
})

test('confirming makes a reservation final and can be repeated', async () => {
  const shop = await openShop({ stock: 5 })
  const { reserve, confirm, release } = reservationsOf(shop)
  await reserve({ 1: 2 })

  expect([await confirm(), await confirm()]).toEqual([confirmed, confirmed])
  expect(await release()).toEqual(refused('RESERVATION_CONFIRMED'))
  expect(await reserve({ 1: 2 })).toEqual(confirmed)
  expect(await fetchStock(shop)).toBe(3)
})

test('confirming an unknown reservation is a 404', async () => {
  const shop = await openShop()

  expect(await reservationsOf(shop).confirm()).toMatchObject({ http: 404, code: 'NOT_FOUND' })
})

test('releasing returns the stock exactly once', async () => {
  const shop = await openShop({ stock: 5 })
  const { reserve, release } = reservationsOf(shop)
  await reserve({ 1: 2, 2: 3 })

  expect(await Promise.all([release(), release(), release()])).toEqual([released, released, released])
  expect(await release()).toEqual(released)
  expect([await fetchStock(shop, 1), await fetchStock(shop, 2)]).toEqual([5, 5])
  expect(await shop.recording.metric('product.stock', { 'product.slug': 'smartphone-x' })).toBe(5)
})

test('a released reservation cannot be reserved again or confirmed', async () => {
  const shop = await openShop({ stock: 5 })
  const { reserve, confirm, release } = reservationsOf(shop)
  await reserve({ 1: 2 })
  await release()

  expect(await reserve({ 1: 2 })).toEqual(refused('RESERVATION_RELEASED'))
  expect(await confirm()).toEqual(refused('RESERVATION_RELEASED'))
  expect(await fetchStock(shop)).toBe(5)
})

test('a release before the reservation leaves a tombstone that refuses the reservation', async () => {
  const shop = await openShop({ stock: 5 })
  const { reserve, release } = reservationsOf(shop)

  expect(await release()).toEqual(released)
  expect(await reserve({ 1: 2 })).toEqual(refused('RESERVATION_RELEASED'))
  expect(await fetchStock(shop)).toBe(5)
})

test('of two concurrent reservations of the last piece, one succeeds', async () => {
  const shop = await openShop({ stock: 1 })

  const responses = await Promise.all([reservationsOf(shop).reserve({ 1: 1 }), reservationsOf(shop).reserve({ 1: 1 })])

  expect(responses.map((response) => response.http).sort()).toEqual([200, 409])
  expect(await fetchStock(shop)).toBe(0)
})

test('many overlapping reservations never oversell', async () => {
  const shop = await openShop({ stock: 10 })

  const responses = await Promise.all(
    Array.from({ length: 20 }, (_, i) => reservationsOf(shop).reserve(i % 2 ? { 1: 1, 2: 1 } : { 2: 1, 1: 1 })),
  )

  expect(responses.filter((response) => response.http === 200)).toHaveLength(10)
  expect(responses.filter((response) => response.http === 409)).toHaveLength(10)
  expect([await fetchStock(shop, 1), await fetchStock(shop, 2)]).toEqual([0, 0])
})

test('concurrent repetitions of a reservation take its stock once', async () => {
  const shop = await openShop({ stock: 10 })
  const { reserve } = reservationsOf(shop)

  const responses = await Promise.all(Array.from({ length: 8 }, () => reserve({ 1: 2 })))

  expect(responses).toEqual(Array.from({ length: 8 }, () => held))
  expect(await fetchStock(shop)).toBe(8)
})

test.each([
  [{ items: [] }, 'items'],
  [{ items: [{ product_id: productId(1), quantity: 0 }] }, 'items.0.quantity'],
  [{ items: [{ product_id: 'one', quantity: 1 }] }, 'items.0.product_id'],
  [{ items: [pieces({ 1: 1 }).items[0], pieces({ 1: 2 }).items[0]] }, 'items'],
])('the reservation %j is refused', async (body, field) => {
  const { products } = await openShop()

  const response = await products.request(
    `/api/reservations/${Bun.randomUUIDv7()}`,
    jsonRequest('PUT', body, { headers }),
  )

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ field }] })
})

test('releasing a held or an unknown reservation records no failed span', async () => {
  const shop = await openShop()
  const path = `/api/reservations/${Bun.randomUUIDv7()}`
  await shop.products.request(path, jsonRequest('PUT', pieces({ 1: 2 }), { headers }))
  expect((await shop.products.request(path, jsonRequest('DELETE', undefined, { headers }))).status).toBe(200)
  const never = `/api/reservations/${Bun.randomUUIDv7()}`
  expect((await shop.products.request(never, jsonRequest('DELETE', undefined, { headers }))).status).toBe(200)
  expect(shop.recording.failedSpanNames()).toEqual([])
})
