import type { Telemetry } from '@vitrine/telemetry'
import { z } from 'zod'
import type { RequestLimits } from '../../src/admit-request'
import { clientKey, currentClientAddress } from '../../src/client-address'
import type { OpenDatabase } from '../../src/database/database'
import { jsonWithEtag } from '../../src/etag'
import type { Faults } from '../../src/faults/faults'
import type { RateLimit } from '../../src/rate-limit'
import { createMemoryRateLimiter } from '../../src/rate-limit-memory'
import type { ServerTimingOptions } from '../../src/server-timing'
import { createService, requireServiceKey } from '../../src/service'
import type { ServiceClient } from '../../src/service-client'
import { validateRequest } from '../../src/validate-request'
import { authenticate } from '../authenticate'
import { maxProducts, maxQuantity } from '../limits'
import { pageQuery } from '../page'
import { adminOnly } from '../signed-in'
import type { UserApi } from '../user/app'
import { changeProduct, createProduct, withdrawProduct } from './change-product'
import { contract } from './contract'
import { createInstruments } from './declarations'
import { findBatch, findProduct } from './find-products'
import { listProducts, listWithdrawnProducts } from './list-products'
import { listChanges } from './product-changes'
import { newProduct, productChange, productsQuery } from './product-input'
import { refusals } from './refusals'
import { reserveStock } from './reserve-stock'
import { confirmReservation, releaseReservation } from './settle-reservation'

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const idList = new RegExp(`^(?:${uuid}(?:,${uuid}){0,${maxProducts - 1}})?$`)
const ids = z.object({
  ids: z
    .string()
    .regex(idList, `up to ${maxProducts} ids, separated by commas`)
    .transform((text) => [...new Set(text.toLowerCase().split(',').filter(Boolean))]),
})
// A person types slower; a search reads the whole catalog.
const searchLimit: RateLimit = { name: 'search_address', burst: 30, refillMs: 500 }
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
  /** The time in milliseconds since 1970. */
  now?: (() => number) | undefined
}

export function createProductApp({ database, users, ...options }: ProductAppOptions) {
  const { db } = database
  const { faults, telemetry } = options
  const internal = requireServiceKey(options.serviceKey)
  const take = createMemoryRateLimiter({ telemetry, now: options.now ?? Date.now })
  const admin = adminOnly((c) => authenticate(users, c))
  createInstruments(telemetry, db)

  return createService({ ...options, contract, refusals, ready: database.ping })
    .get('/api/products', validateRequest({ query: productsQuery }), async (c) => {
      const query = c.req.valid('query')
      const address = currentClientAddress()
      if (query.words.length > 0 && address) take(searchLimit, clientKey(address))
      return jsonWithEtag(c, await listProducts({ db }, query))
    })
    .get('/api/products/batch', validateRequest({ query: ids }), async (c) =>
      c.json({ items: await findBatch({ db }, c.req.valid('query').ids) }, 200),
    )
    .get('/api/products/withdrawn', admin, validateRequest({ query: pageQuery }), async (c) =>
      c.json(await listWithdrawnProducts({ db }, c.req.valid('query')), 200),
    )
    .get('/api/product/:slugOrId', async (c) => jsonWithEtag(c, await findProduct({ db }, c.req.param('slugOrId'))))
    .post('/api/product/create', admin, validateRequest({ json: newProduct }), async (c) =>
      c.json(await createProduct({ db, telemetry }, { userId: c.get('user').id, product: c.req.valid('json') }), 201),
    )
    .patch('/api/product/:id', admin, validateRequest({ json: productChange }), async (c) => {
      const by = { id: c.req.param('id'), userId: c.get('user').id }
      return c.json(await changeProduct({ db, telemetry }, { ...by, change: c.req.valid('json') }), 200)
    })
    .delete('/api/product/:id', admin, async (c) => {
      await withdrawProduct({ db, telemetry }, { id: c.req.param('id'), userId: c.get('user').id })
      return c.body(null, 204)
    })
    .get('/api/product/:id/changes', admin, validateRequest({ query: pageQuery }), async (c) =>
      c.json(await listChanges({ db }, { productId: c.req.param('id'), ...c.req.valid('query') }), 200),
    )
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
