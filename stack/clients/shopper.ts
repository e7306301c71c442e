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
  const cookies = new Map<string, string>()

  return { get: (path: string) => go('GET', path), post, register, order, cookies }

  async function go(method: string, path: string, body?: URLSearchParams): Promise<ShopPage> {
    const headers = new Headers({ Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') })
    if (body) headers.set('Origin', new URL(origin).origin)
    const response = await send(new URL(path, origin).href, {
      method,
      headers,
      redirect: 'manual',
      ...(body && { body }),
    })
    for (const cookie of response.headers.getSetCookie()) store(cookie)
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

  function store(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (value === '' || /max-age=0/i.test(cookie)) cookies.delete(name)
    else cookies.set(name, value)
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

/** The hidden fields of the form with this action. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html.match(/<form[\s\S]*?<\/form>/g)?.find((one) => one.includes(`action="${action}"`)) ?? ''
  const inputs = form.match(/<input[^>]*type="hidden"[^>]*>/g) ?? []
  const attribute = (input: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
  return Object.fromEntries(inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')]))
}
