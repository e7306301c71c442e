import { expect, onTestFinished } from 'bun:test'
import type { Telemetry } from '@vitrine/telemetry'
import { matchers, recordTelemetry, type TelemetryRecording, undeclared } from '@vitrine/telemetry/testing'
import type { Hono } from 'hono'
import { declarationsByService } from '../services/declarations'
import { createOrderApp, type OrderAppOptions } from '../services/order/app'
import { createOrderContext, type OrderContext } from '../services/order/context'
import { contract as orderContract } from '../services/order/contract'
import { refusals as orderRefusals } from '../services/order/refusals'
import { createProductApp, type ProductApi } from '../services/product/app'
import { contract as productContract } from '../services/product/contract'
import { refusals as productRefusals } from '../services/product/refusals'
import { seedCatalog, seedId } from '../services/product/seed'
import { createUserApp, type UserApi } from '../services/user/app'
import { createUserContext, type UserContextOptions } from '../services/user/context'
import { contract as userContract } from '../services/user/contract'
import { refusals as userRefusals } from '../services/user/refusals'
import { users as userTable } from '../services/user/schema'
import { seedAdmin } from '../services/user/seed'
import type { OpenDatabase } from '../src/database/database'
import { openFaults } from '../src/faults/faults'
import type { ServerTimingOptions } from '../src/server-timing'
import { serviceClient } from '../src/service-client'
import { type Contract, checkResponses } from './contract'
import { openTestDatabase } from './database'
import { defaultHasher } from './hasher'

expect.extend(matchers)

export const serviceKey = 'test-service-key'

export interface ShopOptions {
  /** The clock and the hasher of user-service. */
  user?: Pick<UserContextOptions, 'now' | 'hasher' | 'hashQueue'>
  /** The clock of product-service. */
  products?: { now?: () => number }
  stock?: number
  checkpoint?: OrderContext['checkpoint']
  /** The time of order-service's rate limits, in milliseconds since 1970. */
  now?: () => number
  /** Adds `Server-Timing` to responses and the timing badge to pages, as in development. */
  serverTiming?: ServerTimingOptions
  /** The fault file that all services watch. */
  faultsFile?: string
  /** Time budget of a request, in ms. The default is more than a busy machine needs. */
  requestBudgetMs?: number
  /** Creates the `fetch` with which order-service calls product-service: to fail, delay or observe its requests. */
  wrapProducts?: (app: Hono) => (request: Request) => Response | Promise<Response>
  /** The same for calls to user-service. */
  wrapUsers?: (app: Hono) => (request: Request) => Response | Promise<Response>
}

/**
 * Opens the three JSON services in one process, each with a new database. They call each other without a network, and
 * `recording` has their telemetry. Undeclared telemetry fails the test.
 */
export async function openShop({
  user = {},
  products: productOptions = {},
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
  await Promise.all([insertAdmin(userDb.database), seedCatalog(productDb.database.db, stock)])

  const userContext = createUserContext({ ...userDb, hasher: defaultHasher, ...user })
  const users = createUserApp({ ...userDb, serviceKey, serverTiming, requestBudgetMs }, userContext)
  const products = createProductApp({
    ...productOptions,
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
  const differences = [
    expectContract(users, { contract: userContract, refusals: userRefusals }),
    expectContract(products, { contract: productContract, refusals: productRefusals }),
    expectContract(orders, { contract: orderContract, refusals: orderRefusals }),
  ]

  return {
    recording,
    users,
    products,
    orders,
    context,
    userContext,
    /** How responses differed so far from the OpenAPI documents. */
    contractDifferences: () => differences.flat(),
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

/** Starts the faults of a service from a file, and stops them when the test ends. */
export async function openTestFaults(service: string, telemetry: Telemetry, file: string | undefined) {
  const faults = await openFaults(service, { FAULTS_FILE: file, environmentName: 'test' })
  faults?.start(telemetry)
  onTestFinished(() => faults?.stop())
  return faults
}

async function expectDeclared(recording: TelemetryRecording): Promise<void> {
  const all = { spans: recording.spans(), logs: recording.logs(), metrics: await recording.metrics() }
  expect(undeclared(all, declarationsByService)).toEqual([])
}

// A response that the service's OpenAPI document does not describe fails the test in which it came.
function expectContract(app: unknown, contract: Contract): string[] {
  const differences = checkResponses(app as Hono, contract)
  onTestFinished(() => expect(differences).toEqual([]))
  return differences
}

let admin: typeof userTable.$inferInsert | undefined

// Hashing a password takes 25 ms: the administrator is created for the first shop and copied into the others.
async function insertAdmin({ db }: OpenDatabase): Promise<void> {
  if (admin) {
    await db.insert(userTable).values(admin)
    return
  }
  await seedAdmin(db)
  admin = (await db.select().from(userTable))[0]
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** A `fetch` that calls an app without a network. */
export const appFetch = (app: Pick<Hono, 'fetch'>) => (request: Request) => app.fetch(request)

/** The id of the nth product of the catalog, from 1. */
export const productId = seedId

/** The options of a JSON request. `token` is a bearer token. */
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

let userCount = 0

/** The environment of a request from a client with this address. */
export const from = (address: string) => ({ requestIP: () => ({ address }) })

/** Registers a new user and signs in: their token and id. */
export async function signUp({ users }: Pick<Shop, 'users'>): Promise<{ token: string; id: string; username: string }> {
  const username = `client-${process.pid}-${++userCount}`
  const user = {
    username,
    password: 'correct horse',
    email: `${username}@example.test`,
    first_name: 'Alice',
    last_name: 'Martin',
  }
  await users.request('/api/user/create', jsonRequest('POST', user))
  return { ...(await signIn({ users }, username, user.password)), username }
}

/** Signs in. Returns the token and the id of the user. */
export async function signIn({ users }: Pick<Shop, 'users'>, username: string, password: string) {
  const response = await users.request('/api/user/login', jsonRequest('POST', { username, password }))
  const { token, user } = (await response.json()) as { token: string; user: { id: string } }
  return { token, id: user.id }
}

/** Adds pieces of the nth product to the cart of the user with this token. */
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

/** The stock of the nth product. */
export async function fetchStock({ products }: Pick<Shop, 'products'>, n = 1): Promise<number> {
  const response = await products.request(`/api/product/${productId(n)}`)
  return ((await response.json()) as { stock: number }).stock
}
