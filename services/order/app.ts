import type { Context, Next } from 'hono'
import { z } from 'zod'
import type { RequestLimits } from '../../src/admit-request'
import type { Faults } from '../../src/faults/faults'
import type { ServerTimingOptions } from '../../src/server-timing'
import { createService } from '../../src/service'
import type { ServiceClient } from '../../src/service-client'
import { serviceKeyCheck } from '../../src/service-key'
import { validateRequest } from '../../src/validate-request'
import { authenticate } from '../authenticate'
import { maxQuantity } from '../limits'
import { pageQuery } from '../page'
import { signedIn } from '../signed-in'
import type { UserApi } from '../user/app'
import { addItem } from './add-item'
import { changeItem } from './change-item'
import { createOrderContext, type OrderContextOptions } from './context'
import { contract } from './contract'
import { countFailure } from './count-failures'
import { findOrder, listOrders } from './find-orders'
import { placeOrder } from './place-order'
import { refusals } from './refusals'
import { viewCart } from './view-cart'

const quantity = z.int().min(1).max(maxQuantity)
const newItem = z.object({ product_id: z.uuid(), quantity })
const checkoutKey = z.object({
  'idempotency-key': z
    .string('is required: a new value for each order, the same value for each retry')
    .regex(/^[\x21-\x7e]{8,100}$/, '8 to 100 visible ASCII characters'),
})
const agreement = z.object({ expected_total_cents: z.int().min(0) })

export interface OrderAppOptions extends RequestLimits, OrderContextOptions {
  users: ServiceClient<UserApi>
  serviceKey: string
  trustedProxies?: ReadonlySet<string>
  serverTiming?: ServerTimingOptions | undefined
  faults?: Faults | undefined
}

export function createOrderApp(options: OrderAppOptions, context = createOrderContext(options)) {
  const { users, database } = options
  const shopper = signedIn((c) => authenticate(users, c))
  const isInternal = serviceKeyCheck(options.serviceKey)

  return createService({ ...options, contract, refusals, ready: database.ping })
    .get('/api/order', shopper, async (c) => c.json(await viewCart(context, c.get('user').id), 200))
    .post('/api/order/add-item', shopper, validateRequest({ json: newItem }), async (c) => {
      const { product_id, quantity } = c.req.valid('json')
      return c.json(await addItem(context, { userId: c.get('user').id, productId: product_id, quantity }), 200)
    })
    .patch('/api/order/items/:productId', shopper, validateRequest({ json: z.object({ quantity }) }), async (c) => {
      const change = { userId: c.get('user').id, productId: c.req.param('productId'), ...c.req.valid('json') }
      return c.json(await changeItem(context, change), 200)
    })
    .delete('/api/order/remove-item/:productId', shopper, async (c) => {
      const change = { userId: c.get('user').id, productId: c.req.param('productId'), quantity: 0 }
      return c.json(await changeItem(context, change), 200)
    })
    .post(
      '/api/order/checkout',
      countFailures,
      shopper,
      validateRequest({ header: checkoutKey, json: agreement }),
      async (c) => {
        const { order, created } = await placeOrder(context, {
          userId: c.get('user').id,
          idempotencyKey: c.req.valid('header')['idempotency-key'],
          expectedTotalCents: c.req.valid('json').expected_total_cents,
        })
        options.telemetry.setAttribute('order.id', order.id)
        return c.json(order, created ? 201 : 200)
      },
    )
    .get('/api/orders', shopper, validateRequest({ query: pageQuery }), async (c) =>
      c.json(await listOrders(context, { requester: c.get('user'), ...c.req.valid('query') }), 200),
    )
    .get('/api/orders/:id', shopper, async (c) =>
      c.json(await findOrder(context, { requester: c.get('user'), id: c.req.param('id') }), 200),
    )

  async function countFailures(c: Context, next: Next): Promise<void> {
    await next()
    // The storefront counts its own failures: it may retry before the shopper sees one.
    if (c.error && !isInternal(c.req.raw)) countFailure(context.instruments, c.error)
  }
}

export type OrderApi = ReturnType<typeof createOrderApp>
