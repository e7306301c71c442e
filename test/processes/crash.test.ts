import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Checkpoint } from '../../services/order/context'
import { type ServiceProcess, startService } from '../service-processes'
import { jsonRequest, productId } from '../shop'
import { waitUntil } from '../wait-until'

// The tests run concurrently: each waits for the sweep, which ignores orders younger than 10 s.
// The data after the crash: order, stock (2 of 25 are ordered), reservation.
const crashes: [at: Checkpoint, n: number, left: { order: string; stock: number; reservation: string[] }][] = [
  ['order written', 1, { order: 'pending', stock: 25, reservation: [] }],
  ['stock reserved', 2, { order: 'pending', stock: 23, reservation: ['held'] }],
  ['order decided', 3, { order: 'confirmed', stock: 23, reservation: ['held'] }],
  ['reservation settled', 4, { order: 'confirmed', stock: 23, reservation: ['confirmed'] }],
]
const priceCents = [129999, 89999, 14999, 64999]

describe('order-service killed between two steps of a checkout or of a cart change', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-crash-`)
  let user: ServiceProcess
  let product: ServiceProcess

  beforeAll(async () => {
    user = startService('user', { DATABASE_URL: `${dir}/user.sqlite` })
    product = startService('product', { DATABASE_URL: `${dir}/product.sqlite`, USER_SERVICE_URL: user.url })
    await Promise.all([user.waitUntilReady(), product.waitUntilReady()])
  })
  afterAll(async () => {
    await Promise.all([user.stop(), product.stop()])
    rmSync(dir, { recursive: true, force: true })
  })

  test.concurrent.each(crashes)(
    'after "%s": the sweep finishes the order, and order, stock and reservation agree',
    async (at, n, left) => {
      const file = `${dir}/order-${n}.sqlite`
      const env = { DATABASE_URL: file, USER_SERVICE_URL: user.url, PRODUCT_SERVICE_URL: product.url }
      const token = await register(user.url, `crash-${n}`)
      const crashing = startService('order', { ...env, CRASH_AT: at })
      await crashing.waitUntilReady()
      await fetch(
        `${crashing.url}/api/order/add-item`,
        jsonRequest('POST', { product_id: productId(n), quantity: 2 }, { token }),
      )
      const totalCents = 2 * (priceCents[n - 1] ?? 0)
      const checkout = (url: string) => {
        const headers = { 'Idempotency-Key': `crash-key-${n}` }
        return fetch(
          `${url}/api/order/checkout`,
          jsonRequest('POST', { expected_total_cents: totalCents }, { token, headers }),
        )
      }
      await expect(checkout(crashing.url)).rejects.toThrow()
      await crashing.stop('SIGKILL')
      const { status, done } = readOrders(file)
      expect(done).toBe(0)
      expect({ order: status, stock: await stock(n), reservation: await reservation(n) }).toEqual(left)

      const next = startService('order', env)
      await next.waitUntilReady()
      const swept = await settled(file)
      expect(swept).toEqual({ orders: 1, status: 'confirmed' })
      expect(await stock(n)).toBe(23)
      expect(await reservation(n)).toEqual(['confirmed'])

      const again = await checkout(next.url)
      expect(again.status).toBe(200)
      expect(await again.json()).toMatchObject({ status: 'confirmed', total_cents: totalCents })
      expect(await settled(file)).toEqual({ orders: 1, status: 'confirmed' })
      expect(await stock(n)).toBe(23)
      expect(await next.stop()).toBe(0)
      expect(next.logLines().filter((line) => line.event === 'order.swept')).toHaveLength(1)
    },
  )

  test.concurrent.each<[at: Checkpoint, n: number]>([
    ['cart change written', 5],
    ['cart changed', 6],
  ])('after "%s": a retry with the same key changes the cart once', async (at, n) => {
    const env = {
      DATABASE_URL: `${dir}/order-${n}.sqlite`,
      USER_SERVICE_URL: user.url,
      PRODUCT_SERVICE_URL: product.url,
    }
    const token = await register(user.url, `crash-${n}`)
    const send = (url: string, path: string, body: object) => {
      const headers = { 'Idempotency-Key': `crash-key-${path}` }
      return fetch(`${url}/api/order/${path}`, jsonRequest('POST', body, { token, headers }))
    }
    const item = { product_id: productId(n), quantity: 2 }
    const changes: [path: string, body: object][] = [
      ['add-item', item],
      ['merge', { items: [item, { product_id: productId(9), quantity: 1 }] }],
    ]
    for (const [path, body] of changes) {
      const crashing = startService('order', { ...env, CRASH_AT: at })
      await crashing.waitUntilReady()
      await expect(send(crashing.url, path, body)).rejects.toThrow()
      await crashing.stop('SIGKILL')

      const next = startService('order', env)
      await next.waitUntilReady()
      for (let retries = 0; retries < 2; retries++) expect((await send(next.url, path, body)).status).toBe(200)
      expect(await next.stop()).toBe(0)
    }
    expect(readCart(`${dir}/order-${n}.sqlite`)).toEqual([
      { product_id: productId(n), quantity: 4 },
      { product_id: productId(9), quantity: 1 },
    ])
  })

  async function stock(n: number): Promise<number> {
    const response = await fetch(`${product.url}/api/product/${productId(n)}`)
    return ((await response.json()) as { stock: number }).stock
  }

  async function reservation(n: number): Promise<string[]> {
    const database = new Database(`${dir}/product.sqlite`, { readonly: true })
    const rows = database.query('SELECT status FROM reservations WHERE items LIKE ?').all(`%${productId(n)}%`)
    database.close()
    return (rows as { status: string }[]).map(({ status }) => status)
  }
})

/** Waits until no order is unsettled. @returns how many there are, and their status */
async function settled(file: string): Promise<{ orders: number; status: string }> {
  return waitUntil(() => {
    const { done, ...rest } = readOrders(file)
    return done === rest.orders && rest.orders > 0 && rest
  })
}

function readOrders(file: string): { orders: number; status: string; done: number } {
  const database = new Database(file, { readonly: true })
  const row = database
    .query('SELECT count(*) AS orders, min(status) AS status, count(settled_at) AS done FROM orders')
    .get()
  database.close()
  return row as { orders: number; status: string; done: number }
}

function readCart(file: string): unknown[] {
  const database = new Database(file, { readonly: true })
  const rows = database.query('SELECT product_id, quantity FROM cart_items ORDER BY added_at').all()
  database.close()
  return rows
}

async function register(url: string, username: string): Promise<string> {
  const password = 'correct horse'
  const names = { first_name: 'Alice', last_name: 'Martin', email: `${username}@example.test` }
  await fetch(`${url}/api/user/create`, jsonRequest('POST', { username, password, ...names }))
  const response = await fetch(`${url}/api/user/login`, jsonRequest('POST', { username, password }))
  return ((await response.json()) as { token: string }).token
}
