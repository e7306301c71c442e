import { openSync } from 'node:fs'
import { createTelemetry } from '@vitrine/telemetry'
import { hc } from 'hono/client'
import { createFrontendApp } from '../services/frontend/app'
import type { OrderApi } from '../services/order/app'
import { createProductApp, type ProductApi } from '../services/product/app'
import { seedCatalog } from '../services/product/seed'
import type { UserApi } from '../services/user/app'
import { openDatabase } from '../src/database/database'
import { serviceClient } from '../src/service-client'
import { bareFrontend, bareProduct, openBareDatabase } from './bare'
import { compareCpu, type Variant } from './cpu'
import { markdownTable } from './print'
import { startReceiver } from './receiver'

const nowhere = openSync('/dev/null', 'w')
const serviceKey = 'bench-service-key'
const off = { OTEL_SDK_DISABLED: 'true', LOG_LEVEL: 'error' }

/**
 * CPU time per request of the home page and of the catalog behind it: storefront and product-service in one process, without
 * sockets, on SQLite. On a shared machine it varies less than requests per second.
 */
export async function pages(requests = 2000, rounds = 15, printText: (text: string) => void) {
  const receiver = await startReceiver()
  const file = `/tmp/vitrine-pages-${process.pid}.sqlite`
  const on = await shop({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, file)
  const silent = await shop(off, file)
  const bareCatalog = bareProduct(openBareDatabase(file))
  const bare = bareFrontend(hc('http://product', { fetch: bareCatalog.request as typeof fetch }))
  const flush = async () => {}
  const catalog = '/api/products?limit=24'
  const variants: Record<string, Variant> = {
    'home page, telemetry on': { app: on.frontend, path: '/', flush: on.flush },
    'home page, off': { app: silent.frontend, path: '/', flush },
    'home page, bare': { app: bare, path: '/', flush },
    'catalog, telemetry on': { app: on.product, path: catalog, flush: on.flush },
    'catalog, off': { app: silent.product, path: catalog, flush },
    'catalog, bare': { app: bareCatalog, path: catalog, flush },
  }
  const costs = await compareCpu(variants, requests, rounds)
  await receiver.stop()
  printText(`CPU µs per request: ${requests} requests, minimum and median of ${rounds} rounds, variants in turn`)
  const rows = Object.entries(costs).map(([name, { min, median }]) => [name, min.toFixed(1), median.toFixed(1)])
  printText(markdownTable(['variant', 'min', 'median'], rows))
  return Object.fromEntries(Object.entries(costs).map(([name, { min }]) => [name, Math.round(min * 10) / 10]))
}

async function shop(env: Record<string, string>, file: string) {
  const [telemetry, own] = ['frontend', 'product-service'].map((serviceName) =>
    createTelemetry({ serviceName, write: nowhere, env }),
  ) as [ReturnType<typeof createTelemetry>, ReturnType<typeof createTelemetry>]
  const migrations = new URL('../services/product/migrations', import.meta.url).pathname
  const database = await openDatabase({ telemetry: own, url: file, migrations })
  await seedCatalog(database.db, 25)
  const noUsers = hc<UserApi>('http://127.0.0.1:1')
  const product = createProductApp({ database, users: noUsers, telemetry: own, serviceKey })
  const productClient = {
    telemetry,
    serviceKey,
    url: 'http://product',
    fetch: (request: Request) => product.fetch(request),
  }
  const frontend = createFrontendApp({
    telemetry,
    serviceKey,
    sessionSecret: 'a secret of the bench, long enough',
    users: serviceClient<UserApi>({ ...productClient, peer: 'user-service' }),
    products: serviceClient<ProductApi>({ ...productClient, peer: 'product-service' }),
    orders: serviceClient<OrderApi>({ ...productClient, peer: 'order-service' }),
  })
  return { frontend, product, flush: () => Promise.all([telemetry.forceFlush(), own.forceFlush()]) }
}
