import type { Telemetry } from '@vitrine/telemetry'
import { z } from 'zod'
import type { RequestLimits } from '../../src/admit-request'
import type { OpenDatabase } from '../../src/database/database'
import { jsonWithEtag } from '../../src/etag'
import type { Faults } from '../../src/faults/faults'
import type { ServerTimingOptions } from '../../src/server-timing'
import { createService, requireServiceKey } from '../../src/service'
import type { ServiceClient } from '../../src/service-client'
import { validateRequest } from '../../src/validate-request'
import { authenticateAdmin } from '../authenticate'
import { maxProducts, maxQuantity } from '../limits'
import { pageQuery } from '../page'
import type { UserApi } from '../user/app'
import { changeProduct, productChange } from './change-product'
import { createInstruments } from './declarations'
import { findBatch, findProduct, listProducts } from './find-products'
import { refusals } from './refusals'
import { reserveStock } from './reserve-stock'
import { confirmReservation, releaseReservation } from './settle-reservation'

const ids = z.object({
  ids: z
    .string()
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(z.array(z.uuid()).max(maxProducts)),
})
const order = z.object({ orderId: z.uuid() })
const items = z.object({
  items: z
    .array(z.object({ product_id: z.uuid(), quantity: z.int().min(1).max(maxQuantity) }))
    .min(1)
    .max(maxProducts)
    .refine((list) => new Set(list.map((item) => item.product_id)).size === list.length, 'each product once'),
})

export interface ProductAppOptions extends RequestLimits {
  database: OpenDatabase
  users: ServiceClient<UserApi>
  telemetry: Telemetry
  serviceKey: string
  trustedProxies?: ReadonlySet<string>
  serverTiming?: ServerTimingOptions | undefined
  faults?: Faults | undefined
  requestBudgetMs?: number | undefined
}

export function createProductApp({ database, users, ...options }: ProductAppOptions) {
  const { db } = database
  const { faults } = options
  const internal = requireServiceKey(options.serviceKey)
  createInstruments(options.telemetry, db)

  return createService({ ...options, refusals, ready: database.ping })
    .get('/api/products', validateRequest({ query: pageQuery }), async (c) =>
      jsonWithEtag(c, await listProducts({ db }, c.req.valid('query'))),
    )
    .get('/api/products/batch', validateRequest({ query: ids }), async (c) =>
      c.json({ items: await findBatch({ db }, c.req.valid('query').ids) }, 200),
    )
    .get('/api/product/:slugOrId', async (c) => c.json(await findProduct({ db }, c.req.param('slugOrId')), 200))
    .patch('/api/product/:id', validateRequest({ json: productChange }), async (c) => {
      await authenticateAdmin(users, c)
      return c.json(await changeProduct({ db }, c.req.param('id'), c.req.valid('json')), 200)
    })
    .put('/api/reservations/:orderId', internal, validateRequest({ param: order, json: items }), async (c) =>
      c.json(await reserveStock({ db, faults }, { ...c.req.valid('param'), ...c.req.valid('json') }), 200),
    )
    .post('/api/reservations/:orderId/confirm', internal, validateRequest({ param: order }), async (c) =>
      c.json(await confirmReservation({ db }, c.req.valid('param').orderId), 200),
    )
    .delete('/api/reservations/:orderId', internal, validateRequest({ param: order }), async (c) =>
      c.json(await releaseReservation({ db }, c.req.valid('param').orderId), 200),
    )
}

export type ProductApi = ReturnType<typeof createProductApp>
