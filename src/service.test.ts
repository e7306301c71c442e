import { describe, expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { HTTPException } from 'hono/http-exception'
import { jsonRequest, openShop, productId, type Shop, serviceKey, signUp } from '../test/shop'
import { DomainError } from './problem'
import { createService } from './service'
import { validateRequest } from './validate-request'

expect.extend(matchers)

const key = { 'X-Service-Key': serviceKey }
const apps = [
  { name: 'user', method: 'POST', path: '/api/user/login', allow: 'POST, OPTIONS' },
  { name: 'product', method: 'PUT', path: `/api/reservations/${productId(1)}`, allow: 'PUT, DELETE, OPTIONS' },
  { name: 'order', method: 'POST', path: '/api/order/add-item', allow: 'POST, OPTIONS' },
] as const

type Case = (typeof apps)[number]

async function openApp({ name }: Case) {
  const shop = await openShop()
  const app = { user: shop.users, product: shop.products, order: shop.orders }[name] as unknown as Shop['users']
  shop.recording.reset()
  return { ...shop, app, authorize, database: shop.databases[name].database }

  /** Headers with all that any of the routes requires. */
  async function authorize() {
    const { token } = await signUp(shop)
    shop.recording.reset()
    return { ...key, Authorization: `Bearer ${token}` }
  }
}

async function expectProblem(response: Response, status: number, code: string) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as Record<string, unknown>
  expect(problem).toMatchObject({ status, code, type: expect.stringMatching(/^urn:problem:[a-z-]+$/) })
  expect(problem.title).toBeString()
  expect(problem.detail).toBeString()
  expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(problem.traceId).toBe(response.headers.get('x-trace-id'))
  return problem
}

describe.each(apps)('$name-service', (given) => {
  test('responds to an unknown path with 404 and a span without a route', async () => {
    const { app, recording } = await openApp(given)

    await expectProblem(await app.request('/api/nowhere'), 404, 'NOT_FOUND')

    const [span] = recording.spans()
    expect(span?.name).toBe('GET')
    expect(span?.attributes).not.toHaveProperty('http.route')
    expect(span).not.toHaveFailed()
  })

  test('responds to a wrong method with 405 and the allowed ones', async () => {
    const { app } = await openApp(given)

    const response = await app.request(given.path, { method: 'PATCH' })

    expect(response.headers.get('allow')).toBe(given.allow)
    expect(await expectProblem(response, 405, 'METHOD_NOT_ALLOWED')).toMatchObject({ allow: given.allow.split(', ') })
  })

  test('responds to OPTIONS with the allowed methods', async () => {
    const { app } = await openApp(given)

    const response = await app.request(given.path, { method: 'OPTIONS' })

    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([204, given.allow, ''])
    await expectProblem(await app.request('/api/nowhere', { method: 'OPTIONS' }), 404, 'NOT_FOUND')
  })

  test('responds to HEAD as to GET, without a body', async () => {
    const { app, recording } = await openApp(given)

    const [get, head] = [await app.request('/openapi.json'), await app.request('/openapi.json', { method: 'HEAD' })]

    const headersOf = ({ headers }: Response) =>
      Object.fromEntries([...headers].filter(([name]) => name !== 'x-trace-id'))
    expect([head.status, await head.text()]).toEqual([200, ''])
    const length = String(Buffer.byteLength(await get.text()))
    expect(headersOf(head)).toEqual({ ...headersOf(get), 'content-length': length })
    expect(headersOf(get)).toMatchObject({ etag: expect.any(String), 'cache-control': 'no-cache' })
    expect(recording.span('HEAD /openapi.json')).not.toHaveFailed()
    await expectProblem(await app.request('/', { method: 'POST' }), 405, 'METHOD_NOT_ALLOWED').then(({ allow }) =>
      expect(allow).toEqual(['GET', 'HEAD', 'OPTIONS']),
    )
  })

  test('forbids caches to store a problem, and browsers to guess its type', async () => {
    const { app } = await openApp(given)

    for (const path of [given.path, '/api/nowhere']) {
      const { headers } = await app.request(path, { method: given.method })
      expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
    }
  })

  test.each(['with its length', 'in chunks'])('responds to a body over the limit, sent %s, with 413', async (how) => {
    const { app, recording, authorize } = await openApp(given)
    const headers = await authorize()
    const body = JSON.stringify({ text: 'x'.repeat(70_000) })
    const init = {
      ...jsonRequest(given.method, {}, { headers }),
      body: how === 'in chunks' ? new Blob([body]).stream() : body,
    }
    if (how !== 'in chunks') Object.assign(init.headers as object, { 'Content-Length': String(body.length) })

    await expectProblem(await app.request(given.path, init), 413, 'BODY_TOO_LARGE')

    expect(recording.span(`${given.method} ${routeOf(given)}`)).toHaveAttributes({ 'problem.code': 'BODY_TOO_LARGE' })
    expect(recording.logs('http.server.request.exception')).toEqual([])
  })

  test('responds to another content type with 415', async () => {
    const { app, authorize } = await openApp(given)
    const authorized = await authorize()

    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const headers = { ...authorized, 'Content-Type': type }
      await expectProblem(
        await app.request(given.path, { method: given.method, headers, body: '{}' }),
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      )
    }
  })

  test('responds to malformed JSON with 400', async () => {
    const { app, recording, authorize } = await openApp(given)
    const authorized = await authorize()

    for (const body of ['', '{', '{"a":}', '\u0000', 'undefined', '['.repeat(60_000)]) {
      const headers = { ...authorized, 'Content-Type': 'application/json; charset=utf-8' }
      await expectProblem(await app.request(given.path, { method: given.method, headers, body }), 400, 'MALFORMED_JSON')
    }
    expect(recording.span(`${given.method} ${routeOf(given)}`)).not.toHaveFailed()
  })

  test('records no telemetry for /health and /ready', async () => {
    const { app, recording } = await openApp(given)
    const statements = await recording.metric('db.client.operation.duration')

    const responses = [await app.request('/health'), await app.request('/ready')]

    expect(responses.map((response) => response.status)).toEqual([200, 200])
    expect([recording.spans(), recording.logs(), recording.lines()]).toEqual([[], [], []])
    // The gauge of the stock runs one statement at each collection.
    expect(await recording.metric('db.client.operation.duration')).toBe((statements ?? 0) + 1)
    expect(await recording.metric('http.server.request.duration')).toBeUndefined()
  })

  test('is not ready while its database is unavailable, but alive', async () => {
    const { app, recording, database } = await openApp(given)
    await database.close()

    const response = await app.request('/ready')

    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ status: 'not ready', reason: 'database' })
    expect((await app.request('/health')).status).toBe(200)
    expect([recording.spans(), recording.logs()]).toEqual([[], []])
  })
})

const routeOf = ({ path }: Case) => path.replace(productId(1), ':orderId')

function openSmall() {
  const seen = recordTelemetry()
  const app = createService({
    telemetry: seen.telemetry('small'),
    serviceKey,
    refusals: { SOLD: [409, 'It is sold'] },
  })
    .get('/error', () => {
      throw new TypeError('the password is hunter2')
    })
    .get('/string', () => {
      throw 'hunter2'
    })
    .get('/undefined', async () => {
      throw undefined
    })
    .get('/sold', () => {
      throw new DomainError('SOLD', { colour: 'blue', status: 200, traceId: 'mine' })
    })
    .get('/unknown', () => {
      throw new DomainError('NEVER_DECLARED', { secret: 'hunter2' })
    })
    .get('/http', () => {
      throw new HTTPException(403, { message: 'hunter2' })
    })
    .get('/odd', () => {
      throw new HTTPException(418, { message: 'hunter2' })
    })
    .post('/parts', validateRequest({}), (c) => c.json({}))
  return { seen, app }
}

test.each(['error', 'string', 'undefined', 'unknown'])(
  'a thrown value (%s) is a 500 without its message',
  async (path) => {
    const { seen, app } = openSmall()

    const response = await app.request(`/${path}`)

    const problem = await expectProblem(response, 500, 'INTERNAL')
    expect(JSON.stringify(problem)).not.toContain('hunter2')
    const span = seen.span(`GET /${path}`)
    expect(span).toHaveFailed()
    const type = span.attributes['error.type'] as string
    expect(type).toBeString()
    expect(seen.logs('http.server.request.exception')).toHaveLength(1)
    expect(seen.logs('http.server.request.exception')[0]).toHaveAttributes({ 'error.type': type })
    expect(await seen.metric('http.server.request.duration', { 'error.type': type })).toBe(1)
  },
)

test('the response to a refusal has its code, status and details', async () => {
  const { seen, app } = openSmall()

  const problem = await expectProblem(await app.request('/sold'), 409, 'SOLD')

  expect(problem).toMatchObject({ title: 'It is sold', detail: 'It is sold', colour: 'blue' })
  expect(seen.span('GET /sold')).not.toHaveFailed()
  expect(seen.logs('http.server.request.exception')).toEqual([])
  expect(seen.logs('http.server.request')[0]).toHaveAttributes({ 'problem.code': 'SOLD' })
})

test("Hono's own exceptions keep their status when a code has that status", async () => {
  const { app } = openSmall()

  await expectProblem(await app.request('/http'), 403, 'FORBIDDEN')
  await expectProblem(await app.request('/odd'), 500, 'INTERNAL')
})
