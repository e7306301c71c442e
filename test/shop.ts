import { expect, onTestFinished } from 'bun:test'
import type { Telemetry } from '@vitrine/telemetry'
import { matchers, recordTelemetry, type TelemetryRecording, undeclared } from '@vitrine/telemetry/testing'
import type { Hono } from 'hono'
import { declarationsByService } from '../services/declarations'
import { createOrderApp, type OrderAppOptions } from '../services/order/app'
import { createOrderContext, type OrderContext } from '../services/order/context'
import { createProductApp, type ProductApi } from '../services/product/app'
import { seedCatalogue, seedId } from '../services/product/seed'
import { createUserApp, type UserApi } from '../services/user/app'
import { createUserContext, type UserContextOptions } from '../services/user/context'
import { users as userTable } from '../services/user/schema'
import { seedAdmin } from '../services/user/seed'
import type { OpenDatabase } from '../src/database/database'
import { openFaults } from '../src/faults/faults'
import type { ServerTimingOptions } from '../src/server-timing'
import { serviceClient } from '../src/service-client'
import { openTestDatabase } from './database'

expect.extend(matchers)

export const serviceKey = 'test-service-key'

export interface ShopOptions {
  /** The clock and the hasher of user-service. */
  user?: Pick<UserContextOptions, 'now' | 'hasher' | 'hashQueue'>
  stock?: number
  checkpoint?: OrderContext['checkpoint']
  /** The time of order-service's rate limits, in milliseconds since 1970. */
  now?: () => number
  /** What development shows of each request. */
  serverTiming?: ServerTimingOptions
  /** A file of faults, which all services watch. */
  faultsFile?: string
  /** Milliseconds that a request may take. By default so many that no busy machine needs them. */
  requestBudgetMs?: number
  /** Wraps what product-service responses to the others: to fail it, slow it down or look at it. */
  wrapProducts?: (app: Hono) => (request: Request) => Response | Promise<Response>
  /** The same for user-service. */
  wrapUsers?: (app: Hono) => (request: Request) => Response | Promise<Response>
}

/** The three JSON services in one process, each with a fresh database, joined by function calls; signals stay in `seen`. */
export async function openShop({
  user = {},
  stock = 25,
  checkpoint,
  now,
  serverTiming,
  faultsFile,
  requestBudgetMs = 120_000,
  wrapProducts: wrap = appFetch,
  wrapUsers = appFetch,
}: ShopOptions = {}) {
  const recording = recordTelemetry()
  onTestFinished(() => expectDeclared(recording))
  const [userDb, productDb, orderDb] = await Promise.all([open('user'), open('product'), open('order')])
  await Promise.all([plantAdmin(userDb.database), seedCatalogue(productDb.database.db, stock)])

  const userContext = createUserContext({ ...userDb, ...user })
  const users = createUserApp({ ...userDb, serviceKey, serverTiming, requestBudgetMs }, userContext)
  const products = createProductApp({
    ...productDb,
    users: usersFor(productDb),
    serviceKey,
    serverTiming,
    requestBudgetMs,
  })
  const options: OrderAppOptions = {
    ...orderDb,
    users: usersFor(orderDb),
    products: serviceClient<ProductApi>({
      telemetry: orderDb.telemetry,
      serviceKey,
      peer: 'product-service',
      url: 'http://product-service',
      fetch: wrap(products as unknown as Hono),
    }),
    serviceKey,
    serverTiming,
    requestBudgetMs,
    now,
    ...(checkpoint && { checkpoint }),
  }
  const context = createOrderContext(options)
  const orders = createOrderApp(options, context)

  return {
    recording,
    users,
    products,
    orders,
    context,
    userContext,
    databases: { user: userDb, product: productDb, order: orderDb },
  }

  async function open(name: string) {
    const telemetry = recording.telemetry(`${name}-service`)
    const faults = await openTestFaults(`${name}-service`, telemetry, faultsFile)
    return { ...(await openTestDatabase(name, telemetry, faults)), faults }
  }

  function usersFor({ telemetry }: { telemetry: ReturnType<TelemetryRecording['telemetry']> }) {
    return serviceClient<UserApi>({
      telemetry,
      serviceKey,
      peer: 'user-service',
      url: 'http://user-service',
      fetch: wrapUsers(users as unknown as Hono),
    })
  }
}

/** The faults of a service, by a file; until the test ends. */
export async function openTestFaults(service: string, telemetry: Telemetry, file: string | undefined) {
  const faults = await openFaults(service, { FAULTS_FILE: file, environmentName: 'test' })
  faults?.start(telemetry)
  onTestFinished(() => faults?.stop())
  return faults
}

// What the shop says beyond what it declares fails the test in which it did.
async function expectDeclared(seen: TelemetryRecording): Promise<void> {
  const all = { spans: seen.spans(), logs: seen.logs(), metrics: await seen.metrics() }
  expect(undeclared(all, declarationsByService)).toEqual([])
}

let admin: typeof userTable.$inferInsert | undefined

// Hashing a password takes 25 ms: the administrator is made for the first shop and copied into the others.
async function plantAdmin({ db }: OpenDatabase): Promise<void> {
  if (admin) {
    await db.insert(userTable).values(admin)
    return
  }
  await seedAdmin(db)
  admin = (await db.select().from(userTable))[0]
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** Calls an app as the network would. */
export const appFetch = (app: Pick<Hono, 'fetch'>) => (request: Request) => app.fetch(request)

/** The id of the nth product of the catalogue, from 1. */
export const productId = seedId

/** A JSON request; `token` and `headers` as given. */
export function jsonRequest(
  method: string,
  body?: unknown,
  { token, headers }: { token?: string; headers?: Record<string, string> } = {},
): RequestInit {
  return {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}

let made = 0

/** The environment of a request from a client with this address. */
export const from = (address: string) => ({ requestIP: () => ({ address }) })

/** Registers a new user and signs in: their token and id. */
export async function signUp({ users }: Pick<Shop, 'users'>): Promise<{ token: string; id: string; username: string }> {
  const username = `client-${process.pid}-${++made}`
  const person = {
    username,
    password: 'correct horse',
    email: `${username}@example.test`,
    first_name: 'Alice',
    last_name: 'Martin',
  }
  await users.request('/api/user/create', jsonRequest('POST', person))
  return { ...(await signIn({ users }, username, person.password)), username }
}

/** Signs in: token and id. */
export async function signIn({ users }: Pick<Shop, 'users'>, username: string, password: string) {
  const response = await users.request('/api/user/login', jsonRequest('POST', { username, password }))
  const { token, user } = (await response.json()) as { token: string; user: { id: string } }
  return { token, id: user.id }
}

/** Puts pieces of the nth product into the cart of `token`. */
export async function fillCart(
  { orders }: Pick<Shop, 'orders'>,
  token: string,
  n = 1,
  quantity = 1,
): Promise<Response> {
  return orders.request('/api/order/add-item', jsonRequest('POST', { product_id: productId(n), quantity }, { token }))
}

/** Checks out with a key; with `cartId` only that cart. */
export async function checkOut(
  { orders }: Pick<Shop, 'orders'>,
  token: string,
  totalCents: number,
  key: string = crypto.randomUUID(),
  cartId?: string | null,
): Promise<Response> {
  const headers = { 'Idempotency-Key': key }
  const body = { expected_total_cents: totalCents, ...(cartId && { cart_id: cartId }) }
  return orders.request('/api/order/checkout', jsonRequest('POST', body, { token, headers }))
}

/** Pieces left of the nth product. */
export async function fetchStock({ products }: Pick<Shop, 'products'>, n = 1): Promise<number> {
  const response = await products.request(`/api/product/${productId(n)}`)
  return ((await response.json()) as { stock: number }).stock
}
