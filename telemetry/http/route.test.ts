import { expect, test } from 'bun:test'
import { Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { matchers, recordTelemetry } from '../testing'

expect.extend(matchers)

function open() {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  return { seen, telemetry, app: new Hono().use(telemetry.middleware()) }
}

/** The routes on span, metric and wide event of the only request. */
async function recordedRoutes({ seen }: ReturnType<typeof open>) {
  const spans = seen.spans().filter((span) => span.kind === 'server')
  const points = await seen.series('http.server.request.duration')
  const lines = seen.logs('http.server.request')
  expect([spans.length, points.length, lines.length]).toEqual([1, 1, 1])
  return {
    name: spans[0]?.name,
    routes: [spans[0], points[0], lines[0]].map((one) => one?.attributes['http.route']),
  }
}

const thrice = (route: string | undefined) => [route, route, route]

test('the route of a nested app includes its base path', async () => {
  const shop = open()
  const items = new Hono().get('/:item', (c) => c.text('item'))
  shop.app.route('/orders/:order/items', items)

  await shop.app.request('/orders/7/items/3')

  const route = '/orders/:order/items/:item'
  expect(await recordedRoutes(shop)).toEqual({ name: `GET ${route}`, routes: thrice(route) })
})

test('a nested app with its own error handlers has its route, also for all methods', async () => {
  const shop = open()
  const nested = new Hono().onError((_, c) => c.text('sorry', 500)).all('/any', (c) => c.text('any'))
  shop.app.route('/nested', nested)

  await shop.app.request('/nested/any', { method: 'POST' })

  expect(await recordedRoutes(shop)).toEqual({ name: 'POST /nested/any', routes: thrice('/nested/any') })
})

test('a nested app that has the middleware too does not count a request twice', async () => {
  const shop = open()
  const nested = new Hono().use(shop.telemetry.middleware()).get('/', (c) => c.text('nested'))
  shop.app.route('/nested', nested)

  await shop.app.request('/nested')

  expect(await recordedRoutes(shop)).toEqual({ name: 'GET /nested', routes: thrice('/nested') })
  expect(await shop.seen.metric('http.server.request.duration')).toBe(1)
})

test('a mounted app of another framework is one route', async () => {
  const shop = open()
  shop.app.mount('/legacy', () => new Response('legacy'))

  await shop.app.request('/legacy/deep/down')

  expect(await recordedRoutes(shop)).toEqual({ name: 'GET /legacy/*', routes: thrice('/legacy/*') })
})

test('of two matching routes the responding one is recorded', async () => {
  const shop = open()
  shop.app.get('/things/:id', (c) => c.text('one')).get('/things/*', (c) => c.text('rest'))

  await shop.app.request('/things/7')

  expect(await recordedRoutes(shop)).toEqual({ name: 'GET /things/:id', routes: thrice('/things/:id') })
})

test('a handler that calls next() is not recorded, the next one is', async () => {
  const shop = open()
  shop.app
    .get('/things/:id', async (c, next) => {
      if (c.req.param('id') !== '7') return c.text('one')
      return next()
    })
    .get('/things/*', (c) => c.text('rest'))

  await shop.app.request('/things/7')

  expect(await recordedRoutes(shop)).toEqual({ name: 'GET /things/*', routes: thrice('/things/*') })
})

test('a middleware that responds early leaves the requested route', async () => {
  const shop = open()
  shop.app.use('/admin/*', async (c, _next) => c.text('no', 401)).get('/admin/users/:id', (c) => c.text('user'))

  await shop.app.request('/admin/users/7')

  expect(await recordedRoutes(shop)).toEqual({ name: 'GET /admin/users/:id', routes: thrice('/admin/users/:id') })
})

test('a path that only middleware matches has no route', async () => {
  const shop = open()
  shop.app.use('/admin/*', async (_, next) => next()).get('/admin/users', (c) => c.text('users'))

  expect((await shop.app.request('/admin/wp-login.php')).status).toBe(404)

  expect(await recordedRoutes(shop)).toEqual({ name: 'GET', routes: thrice(undefined) })
})

test('HEAD uses the route of GET, has its own method, and ends without a body', async () => {
  const shop = open()
  shop.app.get('/report', (c) => c.body(new ReadableStream({ pull: (controller) => controller.close() })))

  const response = await shop.app.request('/report', { method: 'HEAD' })

  expect(response.headers.get('x-trace-id')).toBe(shop.seen.span('HEAD /report').traceId)
  expect(await recordedRoutes(shop)).toEqual({ name: 'HEAD /report', routes: thrice('/report') })
})

test('a response from before the middleware is in no signal', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const app = new Hono().get('/health', (c) => c.text('alive')).use(telemetry.middleware())

  await app.request('/health')

  expect([seen.spans(), seen.logs(), await seen.series('http.server.request.duration')]).toEqual([[], [], []])
})

test.each([
  ['a preflight', 'OPTIONS', '/things/7', 204],
  ['what only a middleware for one method matches', 'GET', '/wp-login.php', 404],
])('%s has no route', async (_, method, path, status) => {
  const shop = open()
  const passing: MiddlewareHandler = async (_c, next) => next()
  shop.app
    .use(cors())
    .get('*', passing)
    .get('/assets/*', (c) => c.text('asset'))

  expect((await shop.app.request(path, { method })).status).toBe(status)

  expect(await recordedRoutes(shop)).toEqual({ name: method, routes: thrice(undefined) })
})

test('a new Response() for an unmatched path has no route', async () => {
  const shop = open()
  shop.app.notFound(() => new Response('everything is here'))

  await shop.app.request('/anything')

  expect(await recordedRoutes(shop)).toEqual({ name: 'GET', routes: thrice(undefined) })
})

test('sampling rules see the route behind a middleware for one method or a handler with a superfluous parameter', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop', { env: { VITRINE_TRACES_RULES: 'GET /assets/*=0' } })
  const passing: MiddlewareHandler = async (_c, next) => next()
  const app = new Hono()
    .use(telemetry.middleware())
    .get('*', passing)
    .get('/assets/*', (c) => c.text('asset'))
  app.get('/odd/:id', (c, _next) => c.text('odd'))

  await app.request('/assets/a.css')
  await app.request('/odd/7')

  expect(seen.spans().map(({ name }) => name)).toEqual(['GET /odd/:id'])
})
