import type { Telemetry } from '@vitrine/telemetry'
import { z } from 'zod'
import type { OpenDatabase } from '../../src/database/database'
import { defaultRequestBudgetMs as defaultBudgetMs } from '../../src/deadline'
import type { Faults } from '../../src/faults/faults'
import type { ServerTimingOptions } from '../../src/server-timing'
import { createService } from '../../src/service'
import { serviceKeyCheck } from '../../src/service-key'
import { validateRequest } from '../../src/validate-request'
import { authenticate, type UserClient } from '../authenticate'
import { addItem } from './add-item'
import { cartLimits } from './cart'
import { changeItem } from './change-item'
import type { OrderContext, ProductClient } from './context'
import { countFailures } from './count-failures'
import { createInstruments } from './declarations'
import { findOrder, listOrders } from './find-orders'
import { placeOrder } from './place-order'
import { refusals } from './refusals'
import { viewCart } from './view-cart'

const quantity = z.int().min(1).max(cartLimits.quantity)
const newItem = z.object({ product_id: z.uuid(), quantity })
const checkoutKey = z.object({
  'idempotency-key': z
    .string('is required: a new value for each order, the same for each repetition')
    .regex(/^[\x21-\x7e]{8,100}$/, '8 to 100 visible ASCII characters'),
})
const agreement = z.object({ expected_total_cents: z.int().min(0) })
const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(36).optional(),
})

export interface OrderAppOptions {
  database: OpenDatabase
  users: UserClient
  products: ProductClient
  telemetry: Telemetry
  serviceKey: string
  trustedProxies?: ReadonlySet<string>
  serverTiming?: ServerTimingOptions | undefined
  faults?: Faults | undefined
  requestBudgetMs?: number | undefined
  checkpoint?: OrderContext['checkpoint']
}

/** What the verbs work with; the sweep uses it too. */
export const createOrderContext = ({
  database,
  products,
  telemetry,
  requestBudgetMs = defaultBudgetMs,
  checkpoint = () => {},
}: OrderAppOptions): OrderContext => ({
  db: database.db,
  products,
  telemetry,
  requestBudgetMs,
  checkpoint,
  instruments: createInstruments(telemetry),
})

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
      // The storefront counts for its shoppers: it may try again before they are told.
      const { order, created } = await (isInternal(c.req.raw) ? place() : countFailures(context.instruments, place))
      options.telemetry.setAttribute('order.id', order.id)
      return c.json(order, created ? 201 : 200)
    })
    .get('/api/orders', validateRequest({ query: page }), async (c) => {
      const owner = await authenticate(users, c)
      return c.json(await listOrders(context, { owner, ...c.req.valid('query') }), 200)
    })
    .get('/api/orders/:id', async (c) => {
      const owner = await authenticate(users, c)
      return c.json(await findOrder(context, { owner, id: c.req.param('id') }), 200)
    })
}

export type OrderApi = ReturnType<typeof createOrderApp>
