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
import type { Cart } from './cart'
import type { Order } from './order'

const laptopCents = 129999

const cartOf = async ({ orders }: Shop, token: string) =>
  (await (await orders.request('/api/order', jsonRequest('GET', undefined, { token }))).json()) as Cart
const ordersOf = async ({ orders }: Shop, token: string) =>
  ((await (await orders.request('/api/orders', jsonRequest('GET', undefined, { token }))).json()) as { items: Order[] })
    .items
const change = async (shop: Shop, n: number, body: object) =>
  shop.products.request(
    `/api/product/${productId(n)}`,
    jsonRequest('PATCH', body, await signIn(shop, 'admin', 'admin123')),
  )

async function shopperWith(shop: Shop, n = 1, quantity = 1) {
  const shopper = await signUp(shop)
  await fillCart(shop, shopper.token, n, quantity)
  return shopper
}

test('a checkout creates an order from the cart, takes the stock and empties the cart', async () => {
  const shop = await openShop({ stock: 5 })
  const { token, id } = await shopperWith(shop, 1, 2)
  await fillCart(shop, token, 9, 1)

  const response = await checkOut(shop, token, 2 * laptopCents + 4999)

  expect(response.status).toBe(201)
  expect(await response.json()).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    number: expect.stringMatching(/^\d{6}-[0-9A-Z]{8}$/),
    user_id: id,
    status: 'confirmed',
    items: [
      {
        product_id: productId(1),
        slug: 'laptop-pro',
        name: 'Laptop Pro',
        image: '/images/laptop-pro.svg',
        unit_price_cents: laptopCents,
        quantity: 2,
        line_total_cents: 2 * laptopCents,
      },
      expect.objectContaining({ slug: 'souris-gaming', quantity: 1 }),
    ],
    total_cents: 2 * laptopCents + 4999,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  })
  expect([await fetchStock(shop, 1), await fetchStock(shop, 9)]).toEqual([3, 4])
  expect(await cartOf(shop, token)).toMatchObject({ items_count: 0 })
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
  expect(await shop.recording.series('orders.basket.value')).toMatchObject([{ value: 1, sum: 2649.97 }])
  expect(await shop.recording.metric('orders.checkout.refused')).toBe(0)
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(0)
})

test('the trace of a checkout shows its four steps', async () => {
  const shop = await openShop()
  const { token } = await shopperWith(shop)

  const response = await checkOut(shop, token, laptopCents)

  expect(shop.recording.tree(response.headers.get('x-trace-id') as string)).toBe(
    `
order-service POST /api/order/checkout
  order-service → GET
    user-service GET /api/user
      user-service → SELECT tokens
  order-service → SELECT orders
  order-service → UPDATE rate_limits
  order-service → INSERT rate_limits
  order-service → SELECT carts
  order-service → SELECT cart_items
  order-service → GET
    product-service GET /api/products/batch
      product-service → SELECT products
  order-service → BEGIN
  order-service → UPDATE carts
  order-service → SELECT cart_items
  order-service → INSERT orders
  order-service → INSERT order_items
  order-service → COMMIT
  order-service → PUT
    product-service PUT /api/reservations/:orderId
      product-service → BEGIN
      product-service → INSERT reservations
      product-service → UPDATE products
      product-service → COMMIT
  order-service → UPDATE orders
  order-service → POST
    product-service POST /api/reservations/:orderId/confirm
      product-service → UPDATE reservations
  order-service → UPDATE orders`.slice(1),
  )
  const { id } = (await response.json()) as Order
  expect(shop.recording.span('POST /api/order/checkout')).toHaveAttributes({ 'order.id': id })
})

test('a retry with the same key returns the same order', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await shopperWith(shop)
  const key = crypto.randomUUID()

  const first = await checkOut(shop, token, laptopCents, key)
  const again = await checkOut(shop, token, laptopCents, key)

  expect([first.status, again.status]).toEqual([201, 200])
  expect(await again.json()).toEqual(await first.json())
  expect(await fetchStock(shop)).toBe(4)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('the same key with another total is refused', async () => {
  const shop = await openShop()
  const { token } = await shopperWith(shop)
  const key = crypto.randomUUID()
  await checkOut(shop, token, laptopCents, key)

  const response = await checkOut(shop, token, laptopCents + 1, key)

  expect(response.status).toBe(422)
  expect(await response.json()).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  expect(shop.recording.span('POST /api/order/checkout')).toHaveAttributes({
    'problem.code': 'IDEMPOTENCY_KEY_REUSED',
  })
  expect(await ordersOf(shop, token)).toHaveLength(1)
})

test('an empty cart cannot be ordered', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const response = await checkOut(shop, token, 0)

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'EMPTY_CART' })
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'empty_cart' })).toBe(1)
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(0)
  expect(shop.recording.span('POST /api/order/checkout')).not.toHaveFailed()
})

test('a changed price is refused with the new total, and no order is written', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await shopperWith(shop, 1, 2)
  await change(shop, 1, { price_cents: 119999 })

  const response = await checkOut(shop, token, 2 * laptopCents)

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'PRICE_CHANGED', total_cents: 239998 })
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'price_changed' })).toBe(1)
  expect([await fetchStock(shop), (await cartOf(shop, token)).items_count]).toEqual([5, 2])
  expect((await checkOut(shop, token, 239998)).status).toBe(201)
})

test('a checkout of a cart that is not the shopper’s pays nothing, also with the same total', async () => {
  const shop = await openShop({ stock: 5 })
  const [alice, bob] = [await shopperWith(shop), await shopperWith(shop)]
  const { id: cartOfAlice } = await cartOf(shop, alice.token)

  const response = await checkOut(shop, bob.token, laptopCents, crypto.randomUUID(), cartOfAlice)

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'CART_CHANGED' })
  expect(await ordersOf(shop, bob.token)).toEqual([])
  expect([(await cartOf(shop, bob.token)).items_count, await fetchStock(shop)]).toEqual([1, 5])
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'cart_changed' })).toBe(1)
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(0)

  // Not even after Alice has paid it: her order is not shown to Bob.
  expect((await checkOut(shop, alice.token, laptopCents, crypto.randomUUID(), cartOfAlice)).status).toBe(201)
  const late = await checkOut(shop, bob.token, laptopCents, crypto.randomUUID(), cartOfAlice)
  expect([late.status, await late.json()]).toMatchObject([409, { code: 'CART_CHANGED' }])
  expect((await checkOut(shop, bob.token, laptopCents)).status).toBe(201)
})

test('a checkout of a cart that is paid returns its order and leaves the next cart', async () => {
  const shop = await openShop({ stock: 5 })
  const { token } = await shopperWith(shop)
  const { id } = await cartOf(shop, token)
  const order = await (await checkOut(shop, token, laptopCents, crypto.randomUUID(), id)).json()
  await fillCart(shop, token)

  const stale = await checkOut(shop, token, laptopCents, crypto.randomUUID(), id)

  expect([stale.status, await stale.json()]).toEqual([200, order])
  expect([(await cartOf(shop, token)).items_count, await fetchStock(shop)]).toEqual([1, 4])
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('the same key with another cart is refused', async () => {
  const shop = await openShop()
  const { token } = await shopperWith(shop)
  const { id } = await cartOf(shop, token)
  const key = crypto.randomUUID()
  await checkOut(shop, token, laptopCents, key, id)
  await fillCart(shop, token)
  const next = await cartOf(shop, token)

  const response = await checkOut(shop, token, laptopCents, key, next.id)

  expect([response.status, await response.json()]).toMatchObject([422, { code: 'IDEMPOTENCY_KEY_REUSED' }])
  expect(next.items_count).toBe(1)
})

test('too little stock cancels the order and restores the cart', async () => {
  const shop = await openShop({ stock: 3 })
  const { token } = await shopperWith(shop, 1, 3)
  await fillCart(shop, token, 9, 1)
  await change(shop, 1, { stock: 2 })
  const key = crypto.randomUUID()
  const totalCents = 3 * laptopCents + 4999

  const response = await checkOut(shop, token, totalCents, key)

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'OUT_OF_STOCK', products: [productId(1)] })
  expect(await ordersOf(shop, token)).toMatchObject([{ status: 'cancelled' }])
  expect(await cartOf(shop, token)).toMatchObject({ items_count: 4, total_cents: totalCents })
  expect([await fetchStock(shop, 1), await fetchStock(shop, 9)]).toEqual([2, 3])

  const again = await checkOut(shop, token, totalCents, key)
  expect(again.status).toBe(409)
  expect(await again.json()).toMatchObject({ code: 'OUT_OF_STOCK', products: [productId(1)] })
  expect(await shop.recording.metric('orders.checkout.refused', { reason: 'out_of_stock' })).toBe(1)
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(0)

  await change(shop, 1, { restock: 1 })
  expect((await checkOut(shop, token, totalCents)).status).toBe(201)
  expect([await fetchStock(shop, 1), await fetchStock(shop, 9)]).toEqual([0, 2])
})

test('a checkout without a valid idempotency key is refused', async () => {
  const shop = await openShop()
  const { token } = await shopperWith(shop)

  for (const key of [undefined, '', 'short', 'clé-de-paiement', 'x'.repeat(101)]) {
    const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key }
    const body = { expected_total_cents: laptopCents }
    const response = await shop.orders.request('/api/order/checkout', jsonRequest('POST', body, { token, headers }))

    expect(response.status).toBe(400)
    const errors = [{ in: 'header', field: 'idempotency-key' }]
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors })
  }
  expect(await ordersOf(shop, token)).toEqual([])
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(0)
})
