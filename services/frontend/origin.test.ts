import { expect, test } from 'bun:test'
import { openFrontend } from '../../test/storefront'

const proxy = '10.0.0.1'
const fromProxy = { requestIP: () => ({ address: proxy }) }
const fromStranger = { requestIP: () => ({ address: '203.0.113.7' }) }
const tls = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'shop.example' }

/** The status of a form that a browser without `Sec-Fetch-Site` sends, as it arrives at the storefront. */
async function submit(
  options: Parameters<typeof openFrontend>[0],
  { env = {}, ...headers }: { env?: object } & Record<string, unknown>,
): Promise<Response> {
  const { frontend } = await openFrontend(options)
  const body = new URLSearchParams({ username: 'unknown-name', password: 'wrong wrong' })
  return frontend.request(
    'http://10.0.0.2:5000/login',
    { method: 'POST', body, headers: headers as Record<string, string> },
    env,
  )
}

const trusting = { trustedProxies: new Set([proxy]) }

test.each([
  ['a trusted proxy forwards protocol and host', trusting, { env: fromProxy, ...tls, Origin: 'https://shop.example' }],
  [
    'a trusted proxy keeps the Host header',
    trusting,
    { env: fromProxy, 'X-Forwarded-Proto': 'https', Origin: 'https://10.0.0.2:5000' },
  ],
  [
    'the proxy uses another port',
    trusting,
    { env: fromProxy, ...tls, 'X-Forwarded-Host': 'shop.example:8443', Origin: 'https://shop.example:8443' },
  ],
  [
    'the proxy names the default port',
    trusting,
    { env: fromProxy, ...tls, 'X-Forwarded-Host': 'Shop.example:443', Origin: 'https://shop.example' },
  ],
  ['the setting names the origin', { publicOrigin: 'https://shop.example' }, { Origin: 'https://shop.example' }],
  ['there is no proxy', {}, { Origin: 'http://10.0.0.2:5000' }],
])('a form of our own page is accepted when %s', async (_, options, request) => {
  const response = await submit(options, request)

  expect(response.status).toBe(401)
})

test.each([
  ['another site sends it', trusting, { env: fromProxy, ...tls, Origin: 'https://evil.example' }],
  [
    'another site sends it past the setting',
    { publicOrigin: 'https://shop.example' },
    { Origin: 'https://evil.example' },
  ],
  ['a stranger claims to be a proxy', trusting, { env: fromStranger, ...tls, Origin: 'https://shop.example' }],
  ['no proxy is trusted', {}, { env: fromProxy, ...tls, Origin: 'https://shop.example' }],
  ['it has no origin', trusting, { env: fromProxy, ...tls }],
  ['its origin is opaque', trusting, { env: fromProxy, ...tls, Origin: 'null' }],
  ['its origin has another scheme', trusting, { env: fromProxy, ...tls, Origin: 'http://shop.example' }],
  [
    'the client forged an earlier value',
    trusting,
    { env: fromProxy, ...tls, 'X-Forwarded-Host': 'evil.example, shop.example', Origin: 'https://evil.example' },
  ],
  [
    'the forwarded host is not one',
    trusting,
    { env: fromProxy, ...tls, 'X-Forwarded-Host': 'shop.example@evil.example', Origin: 'https://evil.example' },
  ],
])('a form is refused when %s', async (_, options, request) => {
  expect((await submit(options, request)).status).toBe(403)
})

test('cookies are secure when browsers use HTTPS', async () => {
  const isSecure = async (
    options: Parameters<typeof openFrontend>[0],
    env: object,
    headers: Record<string, string>,
  ) => {
    const { frontend } = await openFrontend(options)
    const response = await frontend.request('http://10.0.0.2:5000/orders', { headers }, env)
    return /; secure/i.test(response.headers.get('set-cookie') ?? '')
  }

  expect(await isSecure(trusting, fromProxy, tls)).toBe(true)
  expect(await isSecure(trusting, fromStranger, tls)).toBe(false)
  expect(await isSecure({ publicOrigin: 'https://shop.example' }, {}, {})).toBe(true)
  expect(await isSecure({ publicOrigin: 'http://shop.example' }, {}, {})).toBe(false)
  expect(await isSecure(trusting, fromProxy, { 'X-Forwarded-Proto': 'http' })).toBe(false)
})
