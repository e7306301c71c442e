import type { Hono } from 'hono'
import { createPendingRevocations } from '../services/frontend/account/pending-revocations'
import { createFrontendApp } from '../services/frontend/app'
import { assetSamplingRules } from '../services/frontend/assets'
import type { OrderApi } from '../services/order/app'
import type { ProductApi } from '../services/product/app'
import type { UserApi } from '../services/user/app'
import { serviceClient } from '../src/service-client'
import { hiddenFields } from '../stack/clients/hidden-fields'
import { appFetch, openShop, openTestFaults, productId, type ShopOptions, serviceKey } from './shop'

type Peer = 'user-service' | 'product-service' | 'order-service'
type Send = (request: Request) => Response | Promise<Response>

const origin = 'http://vitrine.test'

/** Opens the storefront and its three services in one process. Calls to services in `unreachable` fail. */
export async function openFrontend(
  options: ShopOptions & {
    secureCookies?: boolean
    maxConcurrentRequests?: number
    trustedProxies?: ReadonlySet<string>
    publicOrigin?: string
  } = {},
) {
  const { secureCookies, maxConcurrentRequests, trustedProxies, publicOrigin, ...shopOptions } = options
  const unreachable = new Set<Peer>()
  const shop = await openShop({
    wrapProducts: (app) => unlessUnreachable('product-service', appFetch(app)),
    ...shopOptions,
  })
  const telemetry = shop.recording.telemetry('frontend', { samplingRules: assetSamplingRules })
  const clientOptions = (peer: Peer, app: unknown) => ({
    telemetry,
    serviceKey,
    peer,
    url: `http://${peer}`,
    fetch: unlessUnreachable(peer, appFetch(app as Hono)),
  })
  const faults = await openTestFaults('frontend', telemetry, options.faultsFile)
  const userClient = serviceClient<UserApi>(clientOptions('user-service', shop.users))
  const pendingRevocations = createPendingRevocations({ path: ':memory:', users: userClient, telemetry })
  const frontend = createFrontendApp({
    pendingRevocations,
    telemetry,
    faults,
    serviceKey,
    sessionSecret: 'a secret of the tests, long enough',
    users: userClient,
    products: serviceClient<ProductApi>(clientOptions('product-service', shop.products)),
    orders: serviceClient<OrderApi>(clientOptions('order-service', shop.orders)),
    serverTiming: options.serverTiming,
    requestBudgetMs: options.requestBudgetMs ?? 120_000,
    ...(maxConcurrentRequests !== undefined && { maxConcurrentRequests }),
    ...(secureCookies !== undefined && { secureCookies }),
    ...(trustedProxies && { trustedProxies }),
    publicOrigin,
  })
  return {
    ...shop,
    frontend,
    pendingRevocations,
    userClient,
    frontendTelemetry: telemetry,
    unreachable,
    browser: (cookies?: Map<string, string>) => browser(frontend, cookies),
  }

  function unlessUnreachable(peer: Peer, send: Send): Send {
    return (request) => {
      if (!unreachable.has(peer)) return send(request)
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    }
  }
}

export type Frontend = Awaited<ReturnType<typeof openFrontend>>
type Browser = ReturnType<Frontend['browser']>

/** Opens the storefront, and a browser with a new, signed-in user. */
export async function openSignedInFrontend(options?: Parameters<typeof openFrontend>[0]) {
  const shop = await openFrontend(options)
  const visitor = shop.browser()
  await visitor.signUp()
  return { shop, visitor }
}

export const checkoutPath = '/checkout/process'

/** Adds pieces of the nth product to the cart. */
export const addToCart = (visitor: Browser, n = 1, quantity = 1) =>
  visitor.post('/cart/add', { product_id: productId(n), quantity })

/** The fields that a click on "Confirmer et payer" sends. */
export const fetchCheckoutForm = async (visitor: Browser) =>
  hiddenFields((await visitor.get('/checkout')).html, checkoutPath)

/** The links on the page of the user’s orders. */
export const fetchOrderLinks = async (visitor: Browser) =>
  (await visitor.get('/orders')).html.match(/href="\/orders\/[^"]+"/g) ?? []

/** A browser with cookies, which sends `Origin` and `Referer`. Only `follow` follows redirects. */
function browser(app: Pick<Hono, 'request'>, cookies = new Map<string, string>()) {
  let at = '/'
  return { cookies, get, post, follow, register, signUp }

  async function get(path: string, headers: Record<string, string> = {}) {
    return send(path, { headers })
  }

  async function post(
    path: string,
    fields: Record<string, string | number> = {},
    headers: Record<string, string> = {},
  ) {
    const body = new URLSearchParams(fields as Record<string, string>)
    return send(path, { method: 'POST', body, headers: { Origin: origin, ...headers } })
  }

  async function follow(response: { location: string | null }) {
    if (!response.location) throw new Error('this response has no Location')
    return get(response.location)
  }

  async function register(person: Record<string, string>) {
    await follow(await post('/register', person))
    return follow(await post('/login', { username: person.username ?? '', password: person.password ?? '' }))
  }

  /** Creates an account and signs in. */
  async function signUp() {
    const username = `shopper-${Bun.randomUUIDv7().slice(-12)}`
    const names = { first_name: 'Camille', last_name: 'Dupont' }
    return register({ username, email: `${username}@example.test`, password: 'correct horse', ...names })
  }

  async function send(path: string, init: RequestInit) {
    const headers = new Headers(init.headers)
    if (!headers.has('referer')) headers.set('Referer', `${origin}${at}`)
    if (cookies.size > 0) headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await app.request(`${origin}${path}`, { ...init, headers })
    for (const cookie of response.headers.getSetCookie()) storeCookie(cookie)
    const location = response.headers.get('location')
    if (!location && init.method !== 'POST') at = path
    return {
      status: response.status,
      headers: response.headers,
      traceId: response.headers.get('x-trace-id') ?? '',
      html: await response.text(),
      location,
    }
  }

  function storeCookie(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (/max-age=0/i.test(cookie)) cookies.delete(name)
    else cookies.set(name, value)
  }
}
