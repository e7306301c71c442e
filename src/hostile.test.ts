import { expect, test } from 'bun:test'
import { fillCart, openShop, productId, serviceKey, signIn, signUp } from '../test/shop'

const texts = [
  '',
  ' ',
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '" UNION SELECT * FROM users --',
  '%27%20OR%201=1',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  'é',
  '名前😀',
  '\u202Eevil',
  '\u0000',
  'a\u0000b',
  '\uD800',
  '\uDFFFx',
  '#{7*7}',
  '__proto__',
  'constructor',
  'x'.repeat(40),
  'x'.repeat(5000),
  '-1',
  '1e400',
  'NaN',
  'null',
  productId(1),
]
const numbers = ['0', '-1', '1.5', '1e308', '1e999', '-0', '9007199254740993', '2147483648', '99999999999999999999']
const odd = [
  'null',
  'true',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"items":null}',
  '{"items":[null]}',
  '{"__proto__":{"a":1}}',
  '""',
  '0',
]

type Fields = Record<string, unknown>
const routes: { app: 'users' | 'products' | 'orders'; method: string; path: string; body?: Fields; admin?: true }[] = [
  {
    app: 'users',
    method: 'POST',
    path: '/api/user/create',
    body: { username: 'someone', email: 'some@one.test', password: 'long enough', first_name: 'A', last_name: 'B' },
  },
  { app: 'users', method: 'POST', path: '/api/user/login', body: { username: 'someone', password: 'long enough' } },
  { app: 'users', method: 'GET', path: '/api/user' },
  { app: 'users', method: 'POST', path: '/api/user/logout' },
  { app: 'products', method: 'GET', path: '/api/products?limit=§&cursor=§' },
  { app: 'products', method: 'GET', path: '/api/products/batch?ids=§' },
  { app: 'products', method: 'GET', path: '/api/product/§' },
  { app: 'products', method: 'PATCH', path: '/api/product/§', body: { stock: 3 }, admin: true },
  {
    app: 'products',
    method: 'PUT',
    path: '/api/reservations/§',
    body: { items: [{ product_id: productId(1), quantity: 1 }] },
  },
  { app: 'products', method: 'POST', path: '/api/reservations/§/confirm' },
  { app: 'products', method: 'DELETE', path: '/api/reservations/§' },
  { app: 'orders', method: 'GET', path: '/api/order' },
  { app: 'orders', method: 'POST', path: '/api/order/add-item', body: { product_id: productId(1), quantity: 1 } },
  {
    app: 'orders',
    method: 'POST',
    path: '/api/order/merge',
    body: { items: [{ product_id: productId(1), quantity: 1 }] },
  },
  { app: 'orders', method: 'PATCH', path: '/api/order/items/§', body: { quantity: 2 } },
  { app: 'orders', method: 'DELETE', path: '/api/order/remove-item/§' },
  {
    app: 'orders',
    method: 'POST',
    path: '/api/order/checkout',
    body: { expected_total_cents: 1, cart_id: productId(1) },
  },
  { app: 'orders', method: 'GET', path: '/api/orders?limit=§&cursor=§' },
  { app: 'orders', method: 'GET', path: '/api/orders?scope=§&cursor=§' },
  { app: 'orders', method: 'GET', path: '/api/most-bought?limit=§' },
  { app: 'orders', method: 'GET', path: '/api/products/§/bought-with' },
  { app: 'orders', method: 'GET', path: '/api/orders/§' },
]

/** The body as JSON with one field at a time replaced by each hostile value, and bodies that are not objects. */
function hostileBodies(body: Fields): string[] {
  const values = [...texts.map((text) => JSON.stringify(text)), ...numbers, ...odd]
  const fields = Object.keys(body).flatMap((field) =>
    values.map((value) => JSON.stringify({ ...body, [field]: '§' }).replace('"§"', () => value)),
  )
  return [...fields, ...odd, ...numbers, '['.repeat(9999), '\uFEFF{}', '{"a":1}{"b":2}']
}

const encoded = (text: string) => encodeURIComponent(text.toWellFormed())
const rawPaths = ['%', '%zz', '%ff', '%c0%af', '%00', '%ED%A0%80', 'a%2fb', '..%2f..', '%25%32%66']

test.each(routes)('$method $path never fails on hostile input', async ({ app, method, path, body, admin }) => {
  const shop = await openShop()
  const { token } = admin ? await signIn(shop, 'admin', 'admin123') : await signUp(shop)
  await fillCart(shop, token)
  const failures: string[] = []

  const paths = path.includes('§')
    ? [...texts.map(encoded), ...numbers, ...rawPaths].map((text) => path.replaceAll('§', () => text))
    : [path]
  for (const hostile of paths) await send(hostile, body && JSON.stringify(body))
  const good = path.replaceAll('§', productId(1))
  // A password hash takes 25 ms, so user-service gets every other body only.
  const bodies = (body ? hostileBodies(body) : []).filter((_, index) => app !== 'users' || index % 2 === 0)
  await Promise.all(bodies.map((hostile) => send(good, hostile)))
  for (const authorization of ['Bearer', 'Bearer ', 'Bearer a b', 'Basic x', `Bearer ${'x'.repeat(5000)}`, '💥']) {
    await send(good, body && JSON.stringify(body), { authorization: encodeURI(authorization) })
  }

  expect(failures).toEqual([])
  expect(shop.recording.logs('http.server.request.exception')).toEqual([])

  async function send(target: string, text?: string, given: Record<string, string> = {}): Promise<void> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-service-key': serviceKey,
      'idempotency-key': crypto.randomUUID(),
      traceparent: '00-zz-zz-zz',
      ...given,
    }
    const response = await shop[app].request(target, { method, headers, ...(text !== undefined && { body: text }) })
    const type = response.headers.get('content-type') ?? ''
    const isExpected = response.status < 500 && (type.includes('json') || [204, 304].includes(response.status))
    if (!isExpected) failures.push(`${response.status} ${type} ${target.slice(0, 80)} ${text?.slice(0, 120)}`)
  }
})
