import { expect } from 'bun:test'
import fc from 'fast-check'
import type { OpenApiDocument } from '../../src/openapi/document'
import { checkOut, fillCart, openShop, productId, type Shop, serviceKey, signIn, signUp } from '../shop'
import { type OddRequest, oddRequest, type Role } from './odd-request'

type Name = 'users' | 'products' | 'orders'

// Hashing a password takes 25 ms of a core, and a revoked token is followed by a login.
const rare = /^\/api\/user\/(create|login|logout|password|sessions)$/

const maxRequestsPerShop = 1000

/**
 * Sends odd requests to all operations of all JSON services. None may be a 5xx, log an exception or get a response that its
 * OpenAPI document does not describe. `VITRINE_PROPERTY_SEED` repeats a run.
 */
export async function sendOddRequests(count: number, seed = Number(process.env.VITRINE_PROPERTY_SEED) || Date.now()) {
  // Each shop begins with a full catalog: odd requests withdraw and sell it.
  for (let sent = 0; sent < count; sent += maxRequestsPerShop) {
    await sendToOneShop(Math.min(maxRequestsPerShop, count - sent), seed + sent)
  }
}

async function sendToOneShop(numRuns: number, seed: number): Promise<void> {
  const shop = await openShop()
  const apps = { users: shop.users, products: shop.products, orders: shop.orders }
  const { ids, username } = await fill(shop)
  let tokens = await signInAgain()
  const operations = (await Promise.all((Object.keys(apps) as Name[]).map(operationsOf))).flat()
  await fc.assert(fc.asyncProperty(fc.oneof(...operations), send), { numRuns, seed })
  expect(shop.recording.logs('http.server.request.exception')).toEqual([])
  // The signals of thousands of requests would fill the memory.
  shop.recording.reset()

  async function operationsOf(name: Name) {
    const document = (await (await apps[name].request('/openapi.json')).json()) as OpenApiDocument
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        weight: rare.test(path) ? 1 : 10,
        arbitrary: oddRequest(name, document, [path, method], ids),
      })),
    )
  }

  async function send({ service, method, path, token, headers, body }: OddRequest): Promise<void> {
    const authorization = `Bearer ${token in tokens ? tokens[token as Role] : token}`
    const response = await apps[service as Name].request(path, {
      method,
      headers: { authorization, 'x-service-key': serviceKey, ...headers },
      ...(body !== undefined && { body }),
    })
    expect(response.status).toBeLessThan(500)
    expect(shop.contractDifferences()).toEqual([])
    if (service === 'users' && response.status === 204) tokens = await signInAgain()
  }

  async function signInAgain(): Promise<Record<Role, string>> {
    const [shopper, admin] = await Promise.all([
      signIn(shop, username, 'correct horse'),
      signIn(shop, 'admin', 'admin123'),
    ])
    return { shopper: shopper.token, admin: admin.token }
  }
}

/** A shop in use: a shopper with an order and a cart, and the ids that requests may name. */
async function fill(shop: Shop): Promise<{ ids: string[]; username: string }> {
  const { token, id, username } = await signUp(shop)
  await fillCart(shop, token, 9)
  const order = (await (await checkOut(shop, token, 4999)).json()) as { id: string }
  await fillCart(shop, token, 2)
  const products = Array.from({ length: 10 }, (_none, index) => productId(index + 1))
  return { ids: [...products, order.id, id, 'laptop-pro', Bun.randomUUIDv7()], username }
}
