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
import type { UserApi } from '../user/app'
import { addItem } from './add-item'
import { changeItem } from './change-item'
import { createOrderContext, type OrderContextOptions } from './context'
import { countFailures } from './count-failures'
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
  const isInternal = serviceKeyCheck(options.serviceKey)

  return createService({ ...options, refusals, ready: database.ping })
    .get('/api/order', async (c) => {
      const user = await authenticate(users, c)
      return c.json(await viewCart(context, user.id), 200)
    })
    .post('/api/order/add-item', validateRequest({ json: newItem }), async (c) => {
      const user = await authenticate(users, c)
      const item = c.req.valid('json')
      return c.json(
        await addItem(context, { userId: user.id, productId: item.product_id, quantity: item.quantity }),
        200,
      )
    })
    .patch('/api/order/items/:productId', validateRequest({ json: z.object({ quantity }) }), async (c) => {
      const user = await authenticate(users, c)
      const change = { userId: user.id, productId: c.req.param('productId'), ...c.req.valid('json') }
      return c.json(await changeItem(context, change), 200)
    })
    .delete('/api/order/remove-item/:productId', async (c) => {
      const user = await authenticate(users, c)
      const productId = c.req.param('productId')
      return c.json(await changeItem(context, { userId: user.id, productId, quantity: 0 }), 200)
    })
    .post('/api/order/checkout', validateRequest({ header: checkoutKey, json: agreement }), async (c) => {
      const place = async () => {
        const user = await authenticate(users, c)
        return placeOrder(context, {
          userId: user.id,
          idempotencyKey: c.req.valid('header')['idempotency-key'],
          expectedTotalCents: c.req.valid('json').expected_total_cents,
        })
      }
      // The storefront counts its own failures: it may retry before the shopper sees one.
      const { order, created } = await (isInternal(c.req.raw) ? place() : countFailures(context.instruments, place))
      options.telemetry.setAttribute('order.id', order.id)
      return c.json(order, created ? 201 : 200)
    })
    .get('/api/orders', validateRequest({ query: pageQuery }), async (c) => {
      const requester = await authenticate(users, c)
      return c.json(await listOrders(context, { requester, ...c.req.valid('query') }), 200)
    })
    .get('/api/orders/:id', async (c) => {
      const requester = await authenticate(users, c)
      return c.json(await findOrder(context, { requester, id: c.req.param('id') }), 200)
    })
}

export type OrderApi = ReturnType<typeof createOrderApp>
