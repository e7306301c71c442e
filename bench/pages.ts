import { openSync } from 'node:fs'
import { createTelemetry } from '@vitrine/telemetry'
import { hc } from 'hono/client'
import { createFrontendApp } from '../services/frontend/app'
import type { OrderApi } from '../services/order/app'
import { createProductApp, type ProductApi } from '../services/product/app'
import { seedCatalogue } from '../services/product/seed'
import type { UserApi } from '../services/user/app'
import { serviceClient } from '../src/client'
import { openDatabase } from '../src/database/client'

const nowhere = openSync('/dev/null', 'w')
const serviceKey = 'bench-service-key'

/** The home page in one process, without sockets between the services: storefront and product-service. */
export async function shopInProcess(env: Record<string, string>) {
  const make = (service: string) => createTelemetry({ service, write: nowhere, env })
  const own = make('product-service')
  const database = await openDatabase({
    telemetry: own,
    url: process.env.DATABASE_URL ?? ':memory:',
    migrations: new URL('../services/product/migrations', import.meta.url).pathname,
  })
  await seedCatalogue(database.db, 25)
  const users = hc('http://user') as never
  const product = createProductApp({ database, users, telemetry: own, serviceKey })
  const telemetry = make('frontend')
  const reach = {
    telemetry,
    serviceKey,
    url: 'http://127.0.0.1:5002',
    fetch: (request: Request) => product.fetch(request),
  }
  const frontend = createFrontendApp({
    telemetry,
    serviceKey,
    sessionSecret: 'a secret of the bench, long enough',
    users: serviceClient<UserApi>({ ...reach, peer: 'user-service' }),
    products: serviceClient<ProductApi>({ ...reach, peer: 'product-service' }),
    orders: serviceClient<OrderApi>({ ...reach, peer: 'order-service' }),
  })
  return { frontend, product, flush: () => Promise.all([telemetry.flush(), own.flush()]) }
}
