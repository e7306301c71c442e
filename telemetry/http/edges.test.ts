import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { matchers, recordTelemetry } from '../testing'
import type { MiddlewareOptions } from './server'

expect.extend(matchers)

function open(options?: MiddlewareOptions) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  return { seen, telemetry, app: new Hono().use(telemetry.middleware(options)) }
}

test.each([400, 401, 404, 409, 429])('an HTTPException of %d is not an error', async (status) => {
  const { seen, app } = open()
  app.get('/', () => {
    throw new HTTPException(status as 400, { message: 'no' })
  })

  const response = await app.request('/')

  expect([response.status, await response.text()]).toEqual([status, 'no'])
  const span = seen.span('GET /')
  expect(span.status.code).toBe(0)
  expect(span).toHaveAttributes({ 'http.response.status_code': status })
  expect(span.attributes).not.toHaveProperty('error.type')
  expect(seen.logs('http.server.request.exception')).toEqual([])
  const [point] = await seen.series('http.server.request.duration')
  expect(point?.attributes).not.toHaveProperty('error.type')
})

test.each([500, 503])('an HTTPException of %d is an error, of the same type in all three signals', async (status) => {
  const { seen, app } = open()
  app.get('/', () => {
    throw new HTTPException(status as 500, { message: 'no' })
  })

  expect((await app.request('/')).status).toBe(status)

  const type = { 'error.type': 'HTTPException' }
  expect(seen.span('GET /')).toHaveFailed()
  expect(seen.span('GET /')).toHaveAttributes({ ...type, 'http.response.status_code': status })
  expect(seen.logs('http.server.request.exception')).toHaveLength(1)
  expect(seen.logs('http.server.request.exception')[0]).toHaveAttributes(type)
  expect(seen.logs('http.server.request')[0]).toHaveAttributes(type)
  expect(await seen.metric('http.server.request.duration', type)).toBe(1)
})

test.each([
  ['text', 'just text', 'string'],
  ['a number', 42, 'number'],
  ['an object', { secret: 'hunter2' }, 'object'],
  ['null', null, 'object'],
  ['nothing', undefined, '500'],
])('throwing %s fails the span, is never a 200, and its value is in no signal', async (_, thrown, type) => {
  const { seen, app } = open()
  app.get('/', () => {
    throw thrown
  })

  // Hono rethrows what is not an Error; the server responds with 500.
  await Promise.resolve(app.request('/')).catch(() => {})

  expect(seen.span('GET /')).toHaveFailed()
  expect(seen.span('GET /')).toHaveAttributes({ 'http.response.status_code': 500, 'error.type': type })
  expect(await seen.metric('http.server.active_requests')).toBe(0)
  expect(JSON.stringify([seen.lines(), seen.logs()])).not.toContain('hunter2')
})

test('an error handled by a nested app is the request’s error', async () => {
  const { seen, app } = open()
  const nested = new Hono()
    .onError((_, c) => c.text('sorry', 502))
    .get('/', () => {
      throw new RangeError('far')
    })
  app.route('/nested', nested)

  expect((await app.request('/nested')).status).toBe(502)

  expect(seen.span('GET /nested')).toHaveFailed()
  expect(await seen.metric('http.server.request.duration', { 'http.response.status_code': 502 })).toBe(1)
})

test.each([301, 302, 303, 307, 308])('a redirect of %d is an ordinary response', async (status) => {
  const { seen, app } = open()
  app.get('/old', (c) => c.redirect('/new', status as 301))

  const response = await app.request('/old')

  expect([response.status, response.headers.get('location')]).toEqual([status, '/new'])
  expect(response.headers.get('x-trace-id')).toBe(seen.span('GET /old').traceId)
  expect(seen.span('GET /old').status.code).toBe(0)
})

test('a Response.redirect() has the trace id too', async () => {
  const { seen, app } = open()
  app.get('/old', () => Response.redirect('http://far.test/new', 303))

  const response = await app.request('/old')

  expect([response.status, response.headers.get('location')]).toEqual([303, 'http://far.test/new'])
  expect(response.headers.get('x-trace-id')).toBe(seen.span('GET /old').traceId)
})

test('a request from a handler to its own app is a child of its request', async () => {
  const { seen, app } = open()
  app.get('/inner', (c) => c.text('inner')).get('/outer', async () => app.request('/inner'))

  await (await app.request('/outer')).text()

  const [inner, outer] = [seen.span('GET /inner'), seen.span('GET /outer')]
  expect([inner.traceId, inner.parentSpanId]).toEqual([outer.traceId, outer.spanId])
  expect(inner.links).toEqual([])
})

test('requests of a server started inside a span are not its children', async () => {
  const { seen, telemetry, app } = open()
  app.get('/', (c) => c.text('hello'))
  const server = await telemetry.span('start', () => Bun.serve({ port: 0, fetch: app.fetch }))

  await (await fetch(server.url)).text()
  await server.stop(true)

  expect(seen.span('GET /').parentSpanId).toBeUndefined()
  expect(seen.span('GET /').traceId).not.toBe(seen.span('start').traceId)
})

test('work passed to waitUntil is a child of the request’s span, even after that has ended', async () => {
  const { seen, telemetry, app } = open()
  const work: Promise<unknown>[] = []
  const platform = {
    waitUntil: (promise: Promise<unknown>) => void work.push(promise),
    passThroughOnException() {},
    props: {},
  }
  app.get('/', (c) => {
    c.executionCtx.waitUntil(Bun.sleep(5).then(() => telemetry.span('send mail', () => telemetry.log.info('sent'))))
    return c.text('done')
  })

  await app.request('/', {}, {}, platform)
  expect(seen.spans().map(({ name }) => name)).toEqual(['GET /'])
  await Promise.all(work)

  const [request, mail] = [seen.span('GET /'), seen.span('send mail')]
  expect([mail.traceId, mail.parentSpanId]).toEqual([request.traceId, request.spanId])
  expect(seen.logs().find(({ body }) => body === 'sent')?.traceId).toBe(request.traceId)
})

test('handlers’ attributes take precedence over ours, and no key is duplicated', async () => {
  const { seen, telemetry, app } = open()
  app.get('/', (c) => {
    telemetry.setAttribute('http.route', '/mine')
    return c.text('hello')
  })

  await app.request('/')

  expect(seen.span('GET /')).toHaveAttributes({ 'http.route': '/mine', 'http.request.method': 'GET' })
  expect(seen.lines()[0]).toMatchObject({ 'http.route': '/mine', 'url.path': '/' })
})

const traceparent = `00-${'4bf92f3577b34da6'.repeat(2)}-${'00f067aa'.repeat(2)}-01`

class Odd extends Error {}
const odd: [string, () => unknown][] = [
  ['a message that is a number', () => Object.assign(new Odd(), { message: 42 })],
  [
    'a code that throws',
    () =>
      Object.defineProperty(new Odd('odd'), 'code', {
        get: () => {
          throw new Error('no')
        },
      }),
  ],
  ['a stack that is a list', () => Object.assign(new Odd('odd'), { stack: [1, 2] })],
  ['a code that is an address', () => Object.assign(new Odd('odd'), { code: 'alice@example.org' })],
  ['an empty code', () => Object.assign(new Odd('odd'), { code: '' })],
]
test.each(odd)('an error with %s is recorded like any other', async (_, make) => {
  const { seen, app, telemetry } = open()
  const thrown: unknown[] = []
  app.onError((error, c) => c.text(String(thrown.push(error)), 503))
  const error = make()
  app.get('/', () =>
    telemetry.span('work', () => {
      throw error
    }),
  )

  expect((await app.request('/')).status).toBe(503)

  expect(thrown).toEqual([error])
  expect(seen.span('GET /')).toHaveAttributes({ 'error.type': 'Odd', 'http.response.status_code': 503 })
  expect(seen.span('work')).toHaveAttributes({ 'error.type': 'Odd' })
  expect(seen.logs('http.server.request')).toHaveLength(1)
  expect(await seen.metric('http.server.active_requests')).toBe(0)
  expect(await seen.metric('http.server.request.duration')).toBe(1)
})

test('an error object thrown by several requests is logged once for each', async () => {
  const { seen, app } = open()
  const error = new Odd('always the same')
  app.get('/', () => {
    throw error
  })

  for (let n = 0; n < 3; n++) await app.request('/')

  expect(seen.logs('http.server.request.exception')).toHaveLength(3)
})

test('a handler without a response has failed', async () => {
  const { seen, app } = open()
  app.get('/forgot', (() => {}) as never)

  const response = await app.request('/forgot')

  expect(response.status).toBe(500)
  expect(response.headers.get('x-trace-id')).toBe(seen.span('GET /forgot').traceId)
  expect(seen.span('GET /forgot')).toHaveFailed()
  expect(seen.span('GET /forgot')).toHaveAttributes({ 'http.response.status_code': 500, 'error.type': 'NoResponse' })
  expect(await seen.metric('http.server.active_requests')).toBe(0)
})

test('middleware options that throw do not fail a request', async () => {
  const fails = () => {
    throw new Error('not ready')
  }
  const { seen, app } = open({ trustsCaller: fails, clientAddress: fails, acceptedBaggageKeys: fails })
  app.get('/', (c) => c.text('hello'))

  expect((await app.request('/', { headers: { traceparent, baggage: 'a=b' } })).status).toBe(200)

  expect(seen.span('GET /').links).toHaveLength(1)
})

test('requests of a server started inside a request are not its children', async () => {
  const { seen, app } = open()
  let late: ReturnType<typeof Bun.serve> | undefined
  app.get('/start', (c) => {
    late ??= Bun.serve({ port: 0, fetch: app.fetch })
    return c.text('started')
  })
  app.get('/late', (c) => c.text('late'))

  await app.request('/start')
  await fetch(`${late?.url}late`, { headers: { traceparent } })
  await late?.stop(true)

  expect(seen.span('GET /late').parentSpanId).toBeUndefined()
  expect(seen.span('GET /late').links).toHaveLength(1)
})

test('a request with a replaced body is still one request for a nested app', async () => {
  const { seen, app, telemetry } = open()
  const nested = new Hono().use(telemetry.middleware()).post('/', async (c) => c.text(await c.req.text()))
  app.use(bodyLimit({ maxSize: 1000 })).route('/nested', nested)
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(new TextEncoder().encode('hi'))
      stream.close()
    },
  })

  const response = await app.request('/nested', { method: 'POST', body, duplex: 'half' } as RequestInit)

  expect(await response.text()).toBe('hi')
  expect(seen.spans().filter(({ kind }) => kind === 'server')).toHaveLength(1)
})

test('the response to an error ends with its body too', async () => {
  const { seen, app } = open()
  const slow = () =>
    new ReadableStream({
      async start(stream) {
        await Bun.sleep(30)
        stream.close()
      },
    })
  app.onError((_, c) => c.body(slow(), 503))
  app.get('/failed', () => {
    throw new Odd('odd')
  })

  await (await app.request('/failed')).text()

  expect(seen.span('GET /failed').durationMs).toBeGreaterThan(25)
  expect(seen.span('GET /failed')).toHaveAttributes({ 'http.response.status_code': 503, 'error.type': 'Odd' })
})
