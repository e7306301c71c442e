import { afterEach, expect, test } from 'bun:test'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { stream, streamSSE, streamText } from 'hono/streaming'
import { matchers, recordTelemetry } from '../testing'

expect.extend(matchers)

let stop = () => {}
afterEach(() => stop())

/** An app on a real port, so that bodies are sent and clients disconnect. */
function open(routes: (app: Hono, telemetry: ReturnType<ReturnType<typeof recordTelemetry>['telemetry']>) => void) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const app = new Hono().use(telemetry.middleware())
  routes(app, telemetry)
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch })
  stop = () => void server.stop(true)
  return { seen, telemetry, url: server.url.href }
}

const slowly = (ms = 30) =>
  new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const word of ['one ', 'two ', 'three']) {
        await Bun.sleep(ms / 3)
        controller.enqueue(new TextEncoder().encode(word))
      }
      controller.close()
    },
  })

/** Resolves when the request is recorded in all signals. */
async function ended(seen: ReturnType<typeof recordTelemetry>, count = 1): Promise<void> {
  for (let attempt = 0; attempt < 12_000 && seen.logs('http.server.request').length < count; attempt++)
    await Bun.sleep(5)
  expect(seen.logs('http.server.request')).toHaveLength(count)
}

// Handlers wait for the test before they end the body.
let mayEnd = Promise.withResolvers<void>()
const held = () =>
  new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('one two '))
      await mayEnd.promise
      controller.enqueue(new TextEncoder().encode('three'))
      controller.close()
    },
  })

const makers: [string, (app: Hono) => void][] = [
  ['c.body(stream)', (app) => app.get('/', (c) => c.body(held()))],
  ['a Response made by hand', (app) => app.get('/', () => new Response(held()))],
  [
    'a Response made by hand, with a type',
    (app) => app.get('/', () => new Response(held(), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })),
  ],
  ['stream()', (app) => app.get('/', (c) => stream(c, (out) => out.pipe(held())))],
  [
    'streamText()',
    (app) =>
      app.get('/', (c) =>
        streamText(c, async (out) => {
          await out.write('one two ')
          await mayEnd.promise
          await out.write('three')
        }),
      ),
  ],
]

test.each(makers)('%s: span, metric and line end with the body', async (_, route) => {
  mayEnd = Promise.withResolvers<void>()
  const { seen, url } = open(route)

  const response = await fetch(url)
  expect(response.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/)
  expect(seen.spans()).toEqual([])
  expect(await seen.metric('http.server.active_requests')).toBe(1)
  await Bun.sleep(25)
  mayEnd.resolve()
  expect(await response.text()).toBe('one two three')

  await ended(seen)
  const span = seen.span('GET /')
  expect(span.traceId).toBe(response.headers.get('x-trace-id') as string)
  expect(span.durationMs).toBeGreaterThan(20)
  expect(await seen.metric('http.server.active_requests')).toBe(0)
  expect((await seen.series('http.server.request.duration'))[0]?.sum).toBeGreaterThan(0.02)
  expect(seen.logs('http.server.request')[0]).toMatchObject({ traceId: span.traceId, spanId: span.spanId })
})

test('server-sent events end with the last one, and lines logged in between have the trace id', async () => {
  const { seen, telemetry, url } = open((app) =>
    app.get('/events', (c) =>
      streamSSE(c, async (out) => {
        for (const id of ['1', '2']) {
          await Bun.sleep(10)
          telemetry.log.info(`event ${id}`)
          await out.writeSSE({ id, data: 'x' })
        }
      }),
    ),
  )

  expect(await (await fetch(`${url}events`)).text()).toContain('id: 2')

  await ended(seen)
  const { traceId, durationMs } = seen.span('GET /events')
  expect(durationMs).toBeGreaterThan(15)
  expect(seen.logs().map((log) => [log.body, log.traceId])).toEqual([
    ['event 1', traceId],
    ['event 2', traceId],
    ['GET /events 200', traceId],
  ])
})

test('a client that disconnects during a stream is recorded, and is not an error of the server', async () => {
  const { seen, url } = open((app) =>
    app.get('/', (c) =>
      streamSSE(c, async (out) => {
        while (!out.aborted) {
          await out.writeSSE({ data: 'x' })
          await Bun.sleep(5)
        }
      }),
    ),
  )
  const leaving = new AbortController()

  const response = await fetch(url, { signal: leaving.signal })
  await response.body?.getReader().read()
  leaving.abort()

  await ended(seen)
  const span = seen.span('GET /')
  expect(span).toHaveAttributes({ 'error.type': 'client_disconnected', 'http.response.status_code': 200 })
  expect(span.status.code).toBe(0)
  expect(seen.logs('http.server.request')[0]).toMatchObject({ severityText: 'INFO' })
  expect(seen.logs('http.server.request.exception')).toEqual([])
  expect(await seen.metric('http.server.request.duration', { 'error.type': 'client_disconnected' })).toBe(1)
  expect(await seen.metric('http.server.active_requests')).toBe(0)
})

test('a client that disconnects before the response is recorded', async () => {
  const leaving = new AbortController()
  const { seen, url } = open((app) =>
    app.get('/slow', async (c) => {
      leaving.abort()
      while (!c.req.raw.signal.aborted) await Bun.sleep(10)
      return c.text('late')
    }),
  )

  await fetch(`${url}slow`, { signal: leaving.signal }).catch(() => {})

  await ended(seen)
  expect(seen.span('GET /slow')).toHaveAttributes({ 'error.type': 'client_disconnected' })
  expect(seen.span('GET /slow').status.code).toBe(0)
})

test('a body stream that fails makes a failed span with its error', async () => {
  const { seen, url } = open((app) =>
    app.get('/', (c) =>
      c.body(
        new ReadableStream({
          async pull(controller) {
            await Bun.sleep(5)
            controller.error(new RangeError('disk is gone'))
          },
        }),
      ),
    ),
  )

  await fetch(url)
    .then((response) => response.text())
    .catch(() => {})

  await ended(seen)
  expect(seen.span('GET /')).toHaveFailed()
  expect(seen.span('GET /')).toHaveAttributes({ 'error.type': 'RangeError', 'http.response.status_code': 200 })
  expect(seen.logs('http.server.request.exception')).toHaveLength(1)
})

test.each<[string, (app: Hono) => void, string]>([
  ['c.text()', (app) => app.get('/', (c) => c.text('hello')), 'text/plain;charset=UTF-8'],
  ['c.json()', (app) => app.get('/', (c) => c.json('hello')), 'application/json'],
  ['a Response made by hand', (app) => app.get('/', () => new Response('hello')), 'text/plain;charset=utf-8'],
  ['c.body() of bytes', (app) => app.get('/', (c) => c.body(new Uint8Array(5))), 'application/octet-stream'],
])('%s keeps its length and type, and is not chunked', async (_, route, type) => {
  const { seen, url } = open(route)

  const response = await fetch(url)

  expect(response.headers.get('content-length')).toMatch(/^[57]$/)
  expect(response.headers.get('transfer-encoding')).toBeNull()
  if (type !== 'application/octet-stream')
    expect(response.headers.get('content-type')?.toLowerCase()).toBe(type.toLowerCase())
  expect(seen.spans()).toHaveLength(1)
})

test('a response of fetch() is passed on with this trace’s id', async () => {
  const upstream = Bun.serve({ port: 0, fetch: () => new Response(slowly(), { headers: { 'X-From': 'there' } }) })
  const { seen, url } = open((app) => app.get('/proxy', () => fetch(upstream.url)))

  const response = await fetch(`${url}proxy`)

  expect([response.headers.get('x-from'), await response.text()]).toEqual(['there', 'one two three'])
  await ended(seen)
  expect(response.headers.get('x-trace-id')).toBe(seen.span('GET /proxy').traceId)
  expect(seen.span('GET /proxy').durationMs).toBeGreaterThan(15)
  await upstream.stop(true)
})

test('a compressed response arrives completely', async () => {
  const text = 'telemetry '.repeat(500)
  const { seen, url } = open((app) => app.use(compress()).get('/', (c) => c.text(text)))

  const response = await fetch(url, { headers: { 'Accept-Encoding': 'gzip' } })

  expect(await response.text()).toBe(text)
  await ended(seen)
  expect(seen.span('GET /')).toHaveAttributes({ 'http.response.status_code': 200 })
})
