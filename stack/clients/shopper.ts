import { CookieJar } from 'tough-cookie'
import { hiddenFields } from './hidden-fields'

export interface ShopPage {
  status: number
  path: string
  html: string
  /** The trace of the first request, before redirects. */
  traceId: string
}

type Send = (url: string, init: RequestInit) => Response | Promise<Response>
const fetchWithTimeout: Send = (url, init) => fetch(url, { signal: AbortSignal.timeout(30_000), ...init })

/** Registration data; unique where a test searches for the name. */
export interface Person {
  first_name: string
  last_name: string
  password: string
}
const alice: Person = { first_name: 'Alice', last_name: 'Martin', password: 'correct horse' }

/**
 * A shopper without a browser, for tests and `bun run validate`: it stores cookies, fills forms and follows redirects.
 * `send` is `fetch` with a timeout by default, or an app’s `request`.
 */
export function createShopper(origin: string, send: Send = fetchWithTimeout) {
  const cookies = new CookieJar()

  return { get: (path: string) => go('GET', path), post, register, order, cookies }

  async function go(method: string, path: string, body?: URLSearchParams): Promise<ShopPage> {
    const url = new URL(path, origin).href
    const headers = new Headers({ Cookie: await cookies.getCookieString(url) })
    if (body) headers.set('Origin', new URL(origin).origin)
    const response = await send(url, {
      method,
      headers,
      redirect: 'manual',
      ...(body && { body }),
    })
    for (const cookie of response.headers.getSetCookie()) await cookies.setCookie(cookie, url)
    const location = response.headers.get('location')
    const traceId = response.headers.get('x-trace-id') ?? ''
    if (location && response.status >= 300 && response.status < 400) return { ...(await go('GET', location)), traceId }
    return { status: response.status, path, html: await response.text(), traceId }
  }

  async function post(path: string, fields: Record<string, string | number>): Promise<ShopPage> {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(fields)) body.set(name, String(value))
    return go('POST', path, body)
  }

  /** Registers and signs in. @throws Error with the status of both pages and the trace id */
  async function register(username: string, person: Person = alice): Promise<void> {
    const registered = await post('/register', { username, email: `${username}@example.test`, ...person })
    const signedIn = await post('/login', { username, password: person.password })
    if (!signedIn.html.includes(person.first_name))
      throw new Error(
        `no shopper: /register ${registered.status}, /login ${signedIn.status}, trace ${signedIn.traceId}`,
      )
  }

  /** Adds products to the cart and pays. @returns the thank-you page, with the trace id of the payment */
  async function order(products: [productId: string, quantity: number][]): Promise<ShopPage> {
    for (const [product_id, quantity] of products) await post('/cart/add', { product_id, quantity })
    return pay(await go('GET', '/checkout'))
  }

  async function pay(checkout: ShopPage): Promise<ShopPage> {
    const form = hiddenFields(checkout.html, '/checkout/process')
    return post('/checkout/process', form)
  }
}
