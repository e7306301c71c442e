/**
 * The bare pair on Hono alone: the storefront's home page with the same components and session, and the catalog with the same
 * query on the same database. It has no telemetry, deadline, retry, breaker, limit or validation.
 * `bun bench/bare.ts product|frontend`, with PORT and DATABASE_URL or PRODUCT_SERVICE_URL.
 */
import { drizzle as drizzleMySql } from 'drizzle-orm/mysql2'
import { Hono } from 'hono'
import { hc } from 'hono/client'
import { secureHeaders } from 'hono/secure-headers'
import { createPool } from 'mysql2/promise'
import type { FrontendContext } from '../services/frontend/context'
import { homeRoutes } from '../services/frontend/home/routes'
import { sessions } from '../services/frontend/session'
import type { ProductApi } from '../services/product/app'
import { listProducts } from '../services/product/list-products'
import type { Database } from '../src/database/database'
import { openSqliteFile, sqliteDriver } from '../src/database/sqlite'

type Statements = Parameters<ReturnType<typeof sqliteDriver>['drizzle']>[0]

if (import.meta.main) {
  const { PORT, DATABASE_URL = '', PRODUCT_SERVICE_URL = '' } = process.env
  const app =
    process.argv[2] === 'product'
      ? bareProduct(openBareDatabase(DATABASE_URL))
      : bareFrontend(hc<ProductApi>(PRODUCT_SERVICE_URL))
  Bun.serve({ hostname: '127.0.0.1', port: Number(PORT), fetch: app.fetch })
}

export function bareProduct(db: Database): Hono {
  return new Hono().get('/api/products', async (c) =>
    c.json(await listProducts({ db }, { words: [], after: undefined, limit: Number(c.req.query('limit')) })),
  )
}

export function bareFrontend(products: unknown): Hono {
  const session = sessions({ secret: 'a secret of the bench, long enough', isSecure: () => false })
  const orders = hc('http://order', { fetch: async () => Response.json({ product_ids: [] }) })
  return new Hono()
    .use(secureHeaders())
    .use(session)
    .route('/', homeRoutes({ products, orders } as unknown as FrontendContext))
}

/** Opens the database without telemetry. */
export function openBareDatabase(
  url: string,
  file = url.startsWith('mysql:') ? undefined : openSqliteFile(url),
): Database {
  return file ? sqlite(file) : mySql(url)
}

function mySql(uri: string): Database {
  const client = createPool({ uri, timezone: 'Z', connectionLimit: 10 })
  return drizzleMySql({ client, casing: 'snake_case' }) as unknown as Database
}

function sqlite(file: ReturnType<typeof openSqliteFile>): Database {
  const untraced: Statements = {
    query: (_sql, run) => run(),
    acquireConnection: async (acquire) => ({ connection: await acquire(), released() {} }),
    async withConnection(acquire, release, work) {
      const connection = await acquire()
      try {
        return await work(connection)
      } finally {
        release(connection)
      }
    },
  }
  return sqliteDriver(file).drizzle(untraced) as unknown as Database
}
