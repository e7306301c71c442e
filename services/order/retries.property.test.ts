import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { checkOut, fetchStock, jsonRequest, openShop, productId, type Shop, signUp } from '../../test/shop'
import type { Cart } from './cart'
import type { Checkpoint } from './context'
import type { MergedCart } from './merge-cart'
import type { Order } from './order'
import { sweepOrders } from './sweep-orders'

/**
 * Shoppers who add, merge and pay while the process is cut off at random points, and who repeat each request with its key,
 * also twice at once, until they get a response. Every piece is then in one cart or in one order, and the stock agrees.
 */

const products = [1, 9, 10]
const stock = 1000
const cuts: Checkpoint[] = [
  'cart change written',
  'cart changed',
  'order written',
  'stock reserved',
  'order decided',
  'reservation settled',
]
const pieces = fc.integer({ min: 1, max: 9 })
const step = fc.record({
  shopper: fc.nat({ max: 1 }),
  change: fc.oneof(
    fc.record({ kind: fc.constant('add' as const), n: fc.constantFrom(...products), quantity: pieces }),
    fc.record({ kind: fc.constant('merge' as const), quantities: fc.tuple(pieces, pieces) }),
    fc.record({ kind: fc.constant('pay' as const), isByName: fc.boolean() }),
  ),
  cut: fc.option(fc.constantFrom(...cuts)),
  isTwice: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

test('after any cuts and retries each piece is in one cart or in one order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      let cut: Checkpoint | null = null
      const checkpoint = (name: Checkpoint) => {
        if (name !== cut) return
        cut = null
        throw new Error('power cut')
      }
      const shop = await openShop({ stock, checkpoint })
      const shoppers = [await signUp(shop), await signUp(shop)]
      const taken = new Map(products.map((n) => [productId(n), 0]))
      const orders = new Set<string>()

      for (const { shopper, change, cut: next, isTwice } of steps) {
        const { token } = shoppers[shopper] as { token: string }
        cut = next
        const send = await requestOf(shop, token, change)
        const responses = await Promise.all(Array.from({ length: isTwice ? 2 : 1 }, send))
        cut = null
        const response = responses.find(({ status }) => status < 500) ?? (await send())
        expect(response.status).toBeLessThan(500)
        if (response.ok) count(change, await response.json())
      }
      await sweepOrders(shop.context, Date.now() + 60_000)

      const inOrders = new Map<string, number>()
      const inCarts = new Map<string, number>()
      for (const { token } of shoppers) {
        const { items } = await read<{ items: Order[] }>(shop, token, '/api/orders?limit=100')
        expect(items.filter(({ status }) => status !== 'confirmed')).toEqual([])
        for (const { id } of items) expect(orders.delete(id)).toBe(true)
        for (const item of items.flatMap((order) => order.items)) add(inOrders, item)
        for (const item of (await read<Cart>(shop, token, '/api/order')).items) add(inCarts, item)
      }
      expect([...orders]).toEqual([])
      for (const n of products) {
        const ordered = inOrders.get(productId(n)) ?? 0
        expect(ordered + (inCarts.get(productId(n)) ?? 0)).toBe(taken.get(productId(n)) ?? 0)
        expect(await fetchStock(shop, n)).toBe(stock - ordered)
      }

      function count(change: Step['change'], body: unknown): void {
        if (change.kind === 'pay') orders.add((body as Order).id)
        if (change.kind === 'add') add(taken, { product_id: productId(change.n), quantity: change.quantity })
        if (change.kind !== 'merge') return
        for (const item of guestItems(change.quantities)) add(taken, item)
        for (const item of (body as MergedCart).not_taken) add(taken, { ...item, quantity: -item.quantity })
      }
    }),
    { numRuns: 12 },
  )
})

/** A function that sends the same request each time it is called. */
async function requestOf(shop: Shop, token: string, change: Step['change']): Promise<() => Promise<Response>> {
  const key = crypto.randomUUID()
  const post = (path: string, body: unknown) => async () =>
    shop.orders.request(`/api/order/${path}`, jsonRequest('POST', body, { token, headers: { 'Idempotency-Key': key } }))
  if (change.kind === 'add') return post('add-item', { product_id: productId(change.n), quantity: change.quantity })
  if (change.kind === 'merge') return post('merge', { items: guestItems(change.quantities) })
  const { id, total_cents } = await read<Cart>(shop, token, '/api/order')
  return () => checkOut(shop, token, total_cents, key, change.isByName ? id : undefined)
}

const guestItems = ([first, second]: [number, number]) => [
  { product_id: productId(9), quantity: first },
  { product_id: productId(10), quantity: second },
]

const add = (sums: Map<string, number>, { product_id, quantity }: { product_id: string; quantity: number }) =>
  sums.set(product_id, (sums.get(product_id) ?? 0) + quantity)

const read = async <T>({ orders }: Shop, token: string, path: string) =>
  (await (await orders.request(path, jsonRequest('GET', undefined, { token }))).json()) as T
