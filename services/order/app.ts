import { z } from 'zod'
import type { Faults } from '../../src/faults/faults'
import type { ServerTimingOptions } from '../../src/server-timing'
import { createService } from '../../src/service'
import type { ServiceClient } from '../../src/service-client'
import { serviceKeyCheck } from '../../src/service-key'
import { validateRequest } from '../../src/validate-request'
import { authenticate } from '../authenticate'
import { maxProducts, maxQuantity } from '../limits'
import { pageQuery } from '../page'
import type { UserApi } from '../user/app'
import { addItem } from './add-item'
import { changeItem } from './change-item'
import { createOrderContext, type OrderContextOptions } from './context'
import { countFailures } from './count-failures'
import { findOrder, listOrders } from './find-orders'
import { mergeCart } from './merge-cart'
import { placeOrder } from './place-order'
import { createRankings, maxRanked } from './rankings'
import { refusals } from './refusals'
import { viewCart } from './view-cart'

const quantity = z.int().min(1).max(maxQuantity)
const newItem = z.object({ product_id: z.uuid(), quantity })
const guestItems = z.object({
  items: z
    .array(newItem)
    .min(1)
    .max(maxProducts)
    .refine((list) => new Set(list.map((item) => item.product_id)).size === list.length, 'each product once'),
})
const idempotencyKey = z
  .string('is required: a new value for each change, the same value for each retry')
  .regex(/^[\x21-\x7e]{8,100}$/, '8 to 100 visible ASCII characters')
const requiredKey = z.object({ 'idempotency-key': idempotencyKey })
const optionalKey = z.object({ 'idempotency-key': idempotencyKey.optional() })
const agreement = z.object({ expected_total_cents: z.int().min(0), cart_id: z.uuid().optional() })
const orderQuery = pageQuery.extend({ scope: z.enum(['own', 'all']).default('own') })
const ranking = z.object({ limit: z.coerce.number().int().min(1).max(maxRanked).default(10) })
const product = z.object({ id: z.uuid() })

export interface OrderAppOptions extends OrderContextOptions {
  users: ServiceClient<UserApi>
  serviceKey: string
  trustedProxies?: ReadonlySet<string>
  serverTiming?: ServerTimingOptions | undefined
  faults?: Faults | undefined
  maxConcurrentRequests?: number | undefined
}

export function createOrderApp(options: OrderAppOptions, context = createOrderContext(options)) {
  const { users, database } = options
  const isInternal = serviceKeyCheck(options.serviceKey)
  const rankings = createRankings(database.db)

  return createService({ ...options, refusals, ready: database.ping })
    .get('/api/order', async (c) => {
      const user = await authenticate(users, c)
      return c.json(await viewCart(context, user.id), 200)
    })
    .post('/api/order/add-item', validateRequest({ header: optionalKey, json: newItem }), async (c) => {
      const user = await authenticate(users, c)
      const { product_id, quantity } = c.req.valid('json')
      const key = c.req.valid('header')['idempotency-key']
      const item = { userId: user.id, productId: product_id, quantity, idempotencyKey: key }
      return c.json(await addItem(context, item), 200)
    })
    .post('/api/order/merge', validateRequest({ header: requiredKey, json: guestItems }), async (c) => {
      const user = await authenticate(users, c)
      const key = c.req.valid('header')['idempotency-key']
      const guest = { userId: user.id, idempotencyKey: key, ...c.req.valid('json') }
      return c.json(await mergeCart(context, guest), 200)
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
    .post('/api/order/checkout', validateRequest({ header: requiredKey, json: agreement }), async (c) => {
      const place = async () => {
        const user = await authenticate(users, c)
        return placeOrder(context, {
          userId: user.id,
          idempotencyKey: c.req.valid('header')['idempotency-key'],
          cartId: c.req.valid('json').cart_id,
          expectedTotalCents: c.req.valid('json').expected_total_cents,
        })
      }
      // The storefront counts its own failures: it may retry before the shopper sees one.
      const { order, created } = await (isInternal(c.req.raw) ? place() : countFailures(context.instruments, place))
      options.telemetry.setAttribute('order.id', order.id)
      return c.json(order, created ? 201 : 200)
    })
    .get('/api/orders', validateRequest({ query: orderQuery }), async (c) => {
      const requester = await authenticate(users, c)
      return c.json(await listOrders(context, { requester, ...c.req.valid('query') }), 200)
    })
    .get('/api/orders/:id', async (c) => {
      const requester = await authenticate(users, c)
      return c.json(await findOrder(context, { requester, id: c.req.param('id') }), 200)
    })
    .get('/api/most-bought', validateRequest({ query: ranking }), async (c) =>
      c.json(await rankings.mostBought(c.req.valid('query').limit), 200),
    )
    .get('/api/products/:id/bought-with', validateRequest({ param: product, query: ranking }), async (c) =>
      c.json(await rankings.boughtWith(c.req.valid('param').id, c.req.valid('query').limit), 200),
    )
}

export type OrderApi = ReturnType<typeof createOrderApp>
