import { expect, test } from 'bun:test'
import { checkOut, fillCart, jsonRequest, openShop, type Shop, signIn, signUp } from '../../test/shop'
import type { Page } from '../page'
import type { Order } from './order'

async function buy(shop: Shop, token: string, n = 9): Promise<Order> {
  const cart = (await (await fillCart(shop, token, n)).json()) as { total_cents: number }
  return (await (await checkOut(shop, token, cart.total_cents)).json()) as Order
}

async function pageOf({ orders }: Shop, token: string, query = '') {
  const response = await orders.request(`/api/orders${query}`, jsonRequest('GET', undefined, { token }))
  return { ...((await response.json()) as Page<Order>), traceId: response.headers.get('x-trace-id') ?? '' }
}

const read = ({ orders }: Shop, token: string, id: string) =>
  orders.request(`/api/orders/${id}`, jsonRequest('GET', undefined, { token }))

test('orders are listed newest first, page by page', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const bought: Order[] = []
  for (const n of [9, 10, 7, 8, 3]) bought.push(await buy(shop, token, n))

  const first = await pageOf(shop, token, '?limit=2')
  const second = await pageOf(shop, token, `?limit=2&cursor=${first.next_cursor}`)
  const third = await pageOf(shop, token, `?limit=2&cursor=${second.next_cursor}`)

  expect([...first.items, ...second.items, ...third.items]).toEqual(bought.toReversed())
  expect([first.items.length, second.items.length, third.items.length]).toEqual([2, 2, 1])
  expect(third.next_cursor).toBeNull()
  expect(await shop.recording.metric('http.server.request.duration', { 'http.route': '/api/orders' })).toBe(3)
})

test('a user without orders has an empty list', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  expect(await pageOf(shop, token)).toMatchObject({ items: [], next_cursor: null })
  expect((await shop.orders.request('/api/orders')).status).toBe(401)
})

test('an order keeps its number, lines and total', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const order = await buy(shop, token)

  const response = await read(shop, token, order.id)

  expect(response.status).toBe(200)
  expect(await response.json()).toEqual(order)
  expect(order.number).toMatch(/^\d{6}-[0-9A-HJKMNP-TV-Z]{8}$/)
  expect(shop.recording.span('GET /api/orders/:id')).toHaveAttributes({ 'http.response.status_code': 200 })
})

test('an order of another user is the same 404 as an unknown order', async () => {
  const shop = await openShop()
  const [alice, bob] = [await signUp(shop), await signUp(shop)]
  const order = await buy(shop, alice.token)
  const problemOf = async (id: string) => {
    const response = await read(shop, bob.token, id)
    const { traceId: _, ...problem } = (await response.json()) as { traceId: string; code: string }
    return [response.status, problem]
  }

  const theirs = await problemOf(order.id)

  expect(theirs).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })])
  expect(await problemOf(Bun.randomUUIDv7())).toEqual(theirs)
  expect((await pageOf(shop, bob.token)).items).toEqual([])
  expect(shop.recording.span('GET /api/orders/:id')).toHaveAttributes({ 'problem.code': 'NOT_FOUND' })
})

test('an administrator can list the orders of all users, and by default lists their own', async () => {
  const shop = await openShop()
  const [alice, bob] = [await signUp(shop), await signUp(shop)]
  const bought = [await buy(shop, alice.token), await buy(shop, bob.token, 10)]
  const { token } = await signIn(shop, 'admin', 'admin123')

  expect((await pageOf(shop, token, '?scope=all')).items).toEqual(bought.toReversed())
  expect(bought.map((order) => order.user_id)).toEqual([alice.id, bob.id])
  expect((await pageOf(shop, token)).items).toEqual([])
  const own = await buy(shop, token, 7)
  expect((await pageOf(shop, token, '?scope=own')).items).toEqual([own])
  expect(await (await read(shop, token, bought[0]?.id ?? '')).json()).toEqual(bought[0])
  expect((await pageOf(shop, bob.token)).items).toHaveLength(1)
})

test('other users cannot list all orders', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const list = (query: string) => shop.orders.request(`/api/orders${query}`, jsonRequest('GET', undefined, { token }))

  const all = await list('?scope=all')
  expect(shop.recording.span('GET /api/orders')).toHaveAttributes({ 'problem.code': 'FORBIDDEN' })
  const unknown = await list('?scope=everything')

  expect([all.status, await all.json()]).toMatchObject([403, { code: 'FORBIDDEN' }])
  const errors = [{ in: 'query', field: 'scope' }]
  expect([unknown.status, await unknown.json()]).toMatchObject([400, { code: 'INVALID_REQUEST', errors }])
})

test('a list takes two statements, for one order or many', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const statementsOf = (traceId: string) => shop.recording.tree(traceId).match(/order-service → SELECT \w+/g)
  await buy(shop, token)
  const one = await pageOf(shop, token)
  for (const n of [10, 7, 8]) await buy(shop, token, n)

  const many = await pageOf(shop, token)

  expect([one.items.length, many.items.length]).toEqual([1, 4])
  expect(statementsOf(one.traceId)).toEqual(['order-service → SELECT orders', 'order-service → SELECT order_items'])
  expect(statementsOf(many.traceId)).toEqual(statementsOf(one.traceId))
})

test('an invalid page limit is refused', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  for (const limit of ['0', '101', 'x']) {
    const response = await shop.orders.request(`/api/orders?limit=${limit}`, jsonRequest('GET', undefined, { token }))

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ in: 'query', field: 'limit' }] })
  }
})
