import { expect, test } from 'bun:test'
import { createShopper } from '../stack/clients/shopper'
import { productId } from './shop'
import { openFrontend } from './storefront'

test('one order through all four services is one trace, its logs and its metrics', async () => {
  const { recording, frontend } = await openFrontend()
  const alice = createShopper('http://localhost:5000', (url, init) => frontend.request(url, init))
  await alice.register('alice')
  const thanks = await alice.order([
    [productId(1), 1],
    [productId(3), 2],
  ])
  expect(thanks.status).toBe(200)
  expect(thanks.html).toContain('Merci pour votre commande')

  const checkout = recording.span('checkout_process')
  const { traceId } = checkout
  expect(checkout).toHaveAttributes({
    'process.status': 'success',
    'order.items_count': 3,
    'order.total_cents': 159997,
  })
  expect(recording.tree(traceId)).toBe(
    `
frontend POST /checkout/process
  frontend checkout_process
    frontend → POST
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
            product-service → UPDATE products
            product-service → COMMIT
        order-service → UPDATE orders
        order-service → POST
          product-service POST /api/reservations/:orderId/confirm
            product-service → UPDATE reservations
        order-service → UPDATE orders`.trim(),
  )

  const logs = recording.logs().filter((log) => log.traceId === traceId)
  expect(logs.map((log) => `${log.resource.attributes['service.name']} ${log.body}`)).toEqual([
    'frontend checkout.started',
    'user-service GET /api/user 200',
    'product-service GET /api/products/batch 200',
    'product-service PUT /api/reservations/:orderId 200',
    'product-service POST /api/reservations/:orderId/confirm 200',
    'order-service POST /api/order/checkout 201',
    'frontend checkout.completed',
    'frontend POST /checkout/process 303',
  ])
  const onStdout = recording.lines().filter((line) => line.trace_id === traceId)
  expect(onStdout.map((line) => line.message)).toEqual(logs.map((log) => log.body))

  expect(await recording.metric('orders.created')).toBe(1)
  expect(await recording.metric('cart.items.added', { 'product.slug': 'casque-sans-fil' })).toBe(2)
  expect(await recording.metric('orders.checkout.completed')).toBe(1)
  expect(await recording.metric('orders.basket.value')).toBe(1)
  expect(await recording.metric('orders.checkout.failed')).toBe(0)
  expect(await recording.metric('users.logins', { result: 'success' })).toBe(1)
  expect(
    (await recording.series('product.stock')).find((point) => point.attributes['product.slug'] === 'laptop-pro'),
  ).toMatchObject({ value: 24 })
})
