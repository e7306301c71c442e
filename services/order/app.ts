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
import { maxProducts, maxQuantity } from '../limits'
import { pageQuery } from '../page'
import { signedIn } from '../signed-in'
import type { UserApi } from '../user/app'
import { addItem } from './add-item'
import { changeItem } from './change-item'
import { createOrderContext, type OrderContextOptions } from './context'
import { contract } from './contract'
import { countFailure } from './count-failures'
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
  const rankings = createRankings(database.db)

  return createService({ ...options, contract, refusals, ready: database.ping })
    .get('/api/order', shopper, async (c) => c.json(await viewCart(context, c.get('user').id), 200))
    .post('/api/order/add-item', shopper, validateRequest({ header: optionalKey, json: newItem }), async (c) => {
      const { product_id, quantity } = c.req.valid('json')
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const item = { userId: c.get('user').id, productId: product_id, quantity, idempotencyKey }
      return c.json(await addItem(context, item), 200)
    })
    .post('/api/order/merge', shopper, validateRequest({ header: requiredKey, json: guestItems }), async (c) => {
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const guest = { userId: c.get('user').id, idempotencyKey, ...c.req.valid('json') }
      return c.json(await mergeCart(context, guest), 200)
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
      validateRequest({ header: requiredKey, json: agreement }),
      async (c) => {
        const { order, created } = await placeOrder(context, {
          userId: c.get('user').id,
          idempotencyKey: c.req.valid('header')['idempotency-key'],
          cartId: c.req.valid('json').cart_id,
          expectedTotalCents: c.req.valid('json').expected_total_cents,
        })
        options.telemetry.setAttribute('order.id', order.id)
        return c.json(order, created ? 201 : 200)
      },
    )
    .get('/api/orders', shopper, validateRequest({ query: orderQuery }), async (c) =>
      c.json(await listOrders(context, { requester: c.get('user'), ...c.req.valid('query') }), 200),
    )
    .get('/api/orders/:id', shopper, async (c) =>
      c.json(await findOrder(context, { requester: c.get('user'), id: c.req.param('id') }), 200),
    )
    .get('/api/most-bought', validateRequest({ query: ranking }), async (c) =>
      c.json(await rankings.mostBought(c.req.valid('query').limit), 200),
    )
    .get('/api/products/:id/bought-with', validateRequest({ param: product, query: ranking }), async (c) =>
      c.json(await rankings.boughtWith(c.req.valid('param').id, c.req.valid('query').limit), 200),
    )

  async function countFailures(c: Context, next: Next): Promise<void> {
    await next()
    // The storefront counts its own failures: it may retry before the shopper sees one.
    if (c.error && !isInternal(c.req.raw)) countFailure(context.instruments, c.error)
  }
}

export type OrderApi = ReturnType<typeof createOrderApp>
