import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { useFakeClock } from '../../test/clock'
import { checkOut, fillCart, openShop, productId, type Shop, signUp } from '../../test/shop'
import type { Cart } from './cart'
import { memoizeForMs } from './memoize-for'
import { orders } from './schema'

type Lines = [n: number, quantity: number][]

async function buy(shop: Shop, lines: Lines): Promise<void> {
  const { token } = await signUp(shop)
  let cart: Cart | undefined
  for (const [n, quantity] of lines) cart = (await (await fillCart(shop, token, n, quantity)).json()) as Cart
  expect((await checkOut(shop, token, cart?.total_cents ?? 0)).status).toBe(201)
}
const idsOf = async ({ orders }: Shop, path: string) => {
  const response = await orders.request(path)
  expect(response.status).toBe(200)
  return ((await response.json()) as { product_ids: string[] }).product_ids
}
const statementsOf = ({ recording }: Shop, route: string) =>
  recording.tree(recording.span(route).traceId).match(/order-service → SELECT \w+/g)

test('the most bought products come first, by pieces in confirmed orders', async () => {
  const shop = await openShop({ stock: 50 })
  await buy(shop, [[9, 5]])
  await buy(shop, [
    [1, 1],
    [9, 1],
    [2, 3],
  ])
  await buy(shop, [[10, 20]])
  const { db } = shop.databases.order.database
  const [, , last] = (await db.select().from(orders)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  await db
    .update(orders)
    .set({ status: 'cancelled' })
    .where(eq(orders.id, last?.id ?? ''))

  expect(await idsOf(shop, '/api/most-bought')).toEqual([9, 2, 1].map(productId))
  expect(statementsOf(shop, 'GET /api/most-bought')).toHaveLength(1)
})

test('old orders do not count', async () => {
  const shop = await openShop()
  await buy(shop, [[1, 2]])
  await shop.databases.order.database.db.update(orders).set({ createdAt: new Date(Date.now() - 31 * 24 * 3_600_000) })
  await buy(shop, [[2, 1]])

  expect(await idsOf(shop, '/api/most-bought')).toEqual([productId(2)])
})

test('a ranking is read once a minute, whatever its limit', async () => {
  const shop = await openShop()
  await buy(shop, [
    [1, 2],
    [2, 1],
  ])
  expect(await idsOf(shop, '/api/most-bought')).toEqual([1, 2].map(productId))
  shop.recording.reset()
  await buy(shop, [[9, 9]])
  shop.recording.reset()

  expect(await idsOf(shop, '/api/most-bought?limit=1')).toEqual([productId(1)])
  expect(statementsOf(shop, 'GET /api/most-bought')).toBeNull()
})

test('products are related by common orders', async () => {
  const shop = await openShop({ stock: 50 })
  await buy(shop, [
    [1, 1],
    [9, 1],
  ])
  await buy(shop, [
    [1, 1],
    [9, 1],
    [8, 9],
  ])
  await buy(shop, [
    [2, 1],
    [10, 1],
  ])
  const path = (n: number) => `/api/products/${productId(n)}/bought-with`

  expect(await idsOf(shop, path(1))).toEqual([9, 8].map(productId))
  expect(await idsOf(shop, `${path(1)}?limit=1`)).toEqual([productId(9)])
  expect(await idsOf(shop, path(10))).toEqual([productId(2)])
  expect(await idsOf(shop, path(5))).toEqual([])
  expect(statementsOf(shop, 'GET /api/products/:id/bought-with')).toHaveLength(1)
})

test.each(['0', '51', 'x'])('%p is no limit of a ranking', async (limit) => {
  const shop = await openShop()
  for (const path of ['/api/most-bought', `/api/products/${productId(1)}/bought-with`]) {
    const response = await shop.orders.request(`${path}?limit=${limit}`)
    const errors = [{ in: 'query', field: 'limit' }]
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'INVALID_REQUEST', errors }])
  }
  expect((await shop.orders.request('/api/products/laptop-pro/bought-with')).status).toBe(400)
})

test('a memoized value is loaded again after its time, after a failure, and when others took its place', async () => {
  const clock = useFakeClock()
  const loads: string[] = []
  let fails = false
  const load = async (key: string) => {
    loads.push(key)
    if (fails) throw new Error('down')
    return key.toUpperCase()
  }
  const memoized = memoizeForMs(1000, load, 2)

  expect(await Promise.all([memoized('a'), memoized('a')])).toEqual(['A', 'A'])
  await clock.advance(999)
  await memoized('a')
  expect(loads).toEqual(['a'])
  await clock.advance(1)
  fails = true
  expect(memoized('a')).rejects.toThrow('down')
  await clock.advance(1)
  fails = false
  for (const key of ['a', 'b', 'c', 'b', 'a']) expect(await memoized(key)).toBe(key.toUpperCase())
  expect(loads).toEqual(['a', 'a', 'a', 'b', 'c', 'a'])
})
