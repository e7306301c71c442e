import { expect, test } from 'bun:test'
import { SpanStatusCode } from '@opentelemetry/api'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { matchers, recordTelemetry } from '../testing'
import type { MiddlewareOptions } from './server'

expect.extend(matchers)

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const inbound = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=1' }

class PaymentError extends Error {
  override name = 'PaymentError'
}

function open(options?: MiddlewareOptions) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop', { serviceVersion: '1.2.3' })
  const app = new Hono()
    .use(telemetry.middleware(options))
    .get('/things/:id', (c) => {
      telemetry.setAttribute('thing.id', c.req.param('id'))
      telemetry.log.info('looked at a thing')
      return c.json({ traceId: telemetry.traceId() })
    })
    .post('/things', (c) => c.body(null, 201))
    .get('/removed', () => {
      throw new HTTPException(410)
    })
    .get('/broken', () => {
      throw new PaymentError('card 4242 refused')
    })
    .get('/bad-gateway', (c) => c.text('sorry', 502))
    .onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text('sorry', 500)))
  return { seen, telemetry, app }
}

test('a request creates a span with its route, and the response has its trace id', async () => {
  const { seen, app } = open()

  const response = await app.request('http://shop.test:8080/things/7?token=secret', {
    headers: { 'user-agent': 'Mozilla/5.0', cookie: 'a=b' },
  })

  const [span] = seen.spans()
  expect(span?.name).toBe('GET /things/:id')
  expect(span?.kind).toBe('server')
  expect(span?.status).toEqual({ code: SpanStatusCode.UNSET })
  expect(span?.attributes).toEqual({
    'http.request.method': 'GET',
    'http.route': '/things/:id',
    'http.response.status_code': 200,
    'url.path': '/things/7',
    'url.scheme': 'http',
    'server.address': 'shop.test',
    'server.port': 8080,
    'network.protocol.version': '1.1',
    'thing.id': '7',
  })
  expect(response.headers.get('x-trace-id')).toBe(span?.traceId as string)
  expect(await response.json()).toEqual({ traceId: span?.traceId })
})

test('a request is counted with its route and status, and is active only while it runs', async () => {
  const { seen, app } = open()

  await Promise.all([app.request('/things/1'), app.request('/things/2'), app.request('/things', { method: 'POST' })])

  const [reading, writing] = await seen.series('http.server.request.duration')
  expect(reading?.attributes).toEqual({
    'http.request.method': 'GET',
    'url.scheme': 'http',
    'http.route': '/things/:id',
    'http.response.status_code': 200,
  })
  expect(reading).toMatchObject({ value: 2, bounds: expect.arrayContaining([0.1, 0.3]) })
  expect(writing?.attributes).toMatchObject({ 'http.response.status_code': 201 })
  expect(await seen.metric('http.server.active_requests')).toBe(0)
})

test('requests that reuse a response are in the metrics only', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const repeat: ((durationS: number) => void)[] = [telemetry.reusedResponseRecorder()]
  const app = new Hono().use(telemetry.middleware()).get('/full', (c) => {
    repeat.push(telemetry.reusedResponseRecorder())
    return c.text('full', 503)
  })
  await app.request('/full')
  for (const count of repeat) for (const durationS of [0.001, 0.002]) count(durationS)

  const labels = { 'http.route': '/full', 'http.response.status_code': 503, 'error.type': '503' }
  expect(await seen.metric('http.server.request.duration', labels)).toBe(3)
  expect(await seen.metric('http.server.request.duration')).toBe(3)
  expect([seen.spans().length, seen.logs().length]).toEqual([1, 1])
})

test('a request in progress is active', async () => {
  const { seen, telemetry } = open()
  let finish = (_: string) => {}
  const waiting = new Promise<string>((resolve) => {
    finish = resolve
  })
  const app = new Hono().use(telemetry.middleware()).get('/slow', async (c) => c.text(await waiting))

  const response = app.request('/slow')

  expect(await seen.metric('http.server.active_requests', { 'http.request.method': 'GET' })).toBe(1)
  finish('done')
  await response
  expect(await seen.metric('http.server.active_requests')).toBe(0)
})

test('a request has one wide event, which handlers enrich, and all its lines have its trace id', async () => {
  const { seen, app } = open()

  await app.request('/things/7')

  const { traceId, spanId } = seen.span('GET /things/:id')
  const events = seen.logs('http.server.request')
  expect(events).toHaveLength(1)
  expect(events[0]).toHaveAttributes({
    'thing.id': '7',
    'http.route': '/things/:id',
    'http.response.status_code': 200,
    'url.path': '/things/7',
  })
  expect(events[0]?.body).toBe('GET /things/:id 200')
  expect(events[0]?.attributes['http.server.request.duration']).toBeNumber()
  expect(seen.logs().map((log) => log.traceId)).toEqual([traceId, traceId])
  expect(seen.lines()).toMatchObject([
    { message: 'looked at a thing', trace_id: traceId, span_id: spanId, trace_flags: 1, service: 'shop' },
    { event: 'http.server.request', level: 'info', trace_id: traceId, span_id: spanId, 'thing.id': '7' },
  ])
})

test('an unmatched path has no route in its span or metric', async () => {
  const { seen, app } = open()

  const response = await app.request('/wp-login.php')

  expect(response.status).toBe(404)
  const [span] = seen.spans()
  expect(span?.name).toBe('GET')
  expect(span?.attributes).not.toHaveProperty('http.route')
  expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  const [point] = await seen.series('http.server.request.duration')
  expect(point?.attributes).not.toHaveProperty('http.route')
  expect(seen.logs('http.server.request')[0]?.body).toBe('GET (no route) 404')
})

test('a 4xx is not an error of the server', async () => {
  const { seen, app } = open()

  expect((await app.request('/removed')).status).toBe(410)

  const span = seen.span('GET /removed')
  expect(span.status.code).toBe(SpanStatusCode.UNSET)
  expect(span).toHaveAttributes({ 'http.response.status_code': 410 })
  expect(span.attributes).not.toHaveProperty('error.type')
  expect(seen.logs('http.server.request.exception')).toEqual([])
  expect(seen.logs('http.server.request')[0]?.severityText).toBe('INFO')
})

test('a thrown error has the same error.type on span, metric and logs, and is logged once', async () => {
  const { seen, app } = open()

  expect((await app.request('/broken')).status).toBe(500)

  const span = seen.span('GET /broken')
  expect(span).toHaveFailed()
  expect(span).toHaveAttributes({ 'error.type': 'PaymentError', 'http.response.status_code': 500 })
  expect(span.events).toEqual([])
  expect(await seen.metric('http.server.request.duration', { 'error.type': 'PaymentError' })).toBe(1)
  const exceptions = seen.logs('http.server.request.exception')
  expect(exceptions).toHaveLength(1)
  expect(exceptions[0]).toHaveAttributes({
    'error.type': 'PaymentError',
    'exception.type': 'PaymentError',
    'exception.message': 'card 4242 refused',
  })
  expect(exceptions[0]?.severityNumber).toBe(17)
  expect(exceptions[0]?.attributes['exception.stacktrace']).toContain('server.test.ts')
  expect(exceptions[0]?.spanId).toBe(span.spanId)
  expect(seen.logs('http.server.request')[0]).toHaveAttributes({ 'error.type': 'PaymentError' })
  expect(seen.logs('http.server.request')[0]?.severityText).toBe('ERROR')
})

test('a returned 5xx has its status as error.type and no exception', async () => {
  const { seen, app } = open()

  await app.request('/bad-gateway')

  expect(seen.span('GET /bad-gateway')).toHaveFailed()
  expect(seen.span('GET /bad-gateway')).toHaveAttributes({ 'error.type': '502' })
  expect(await seen.metric('http.server.request.duration', { 'error.type': '502' })).toBe(1)
  expect(seen.logs('http.server.request.exception')).toEqual([])
})

test('a thrown non-Error fails the span too', async () => {
  const { seen, telemetry } = open()
  const app = new Hono().use(telemetry.middleware()).get('/odd', () => {
    throw 'just text'
  })

  expect(await Promise.resolve(app.request('/odd')).catch((thrown) => thrown)).toBe('just text')

  expect(seen.span('GET /odd')).toHaveFailed()
  expect(seen.span('GET /odd')).toHaveAttributes({ 'http.response.status_code': 500, 'error.type': 'string' })
  expect(await seen.metric('http.server.active_requests')).toBe(0)
})

test('an unknown method is _OTHER, so that clients can’t create series', async () => {
  const { seen, app } = open()

  await app.request('/things/7', { method: 'PURGE' })

  const [span] = seen.spans()
  expect(span?.name).toBe('HTTP')
  expect(span).toHaveAttributes({ 'http.request.method': '_OTHER', 'http.request.method_original': 'PURGE' })
  expect(await seen.metric('http.server.request.duration', { 'http.request.method': '_OTHER' })).toBe(1)
})

test('the trace of an untrusted caller is linked, not continued', async () => {
  const { seen, app } = open()

  await app.request('/things/7', { headers: inbound })

  const [span] = seen.spans()
  expect(span?.parentSpanId).toBeUndefined()
  expect(span?.traceId).not.toBe(traceId)
  expect(span?.traceState).toBeUndefined()
  expect(span?.links.map((link) => [link.traceId, link.spanId])).toEqual([[traceId, spanId]])
})

test('the trace of a trusted caller is continued', async () => {
  const { seen, app } = open({ trustsCaller: (request) => request.headers.get('x-key') === 'k' })

  const response = await app.request('/things/7', { headers: { ...inbound, 'x-key': 'k' } })

  const [span] = seen.spans()
  expect(span?.traceId).toBe(traceId)
  expect(span?.parentSpanId).toBe(spanId)
  expect(span?.traceState).toBe('vendor=1')
  expect(span?.links).toEqual([])
  expect(response.headers.get('x-trace-id')).toBe(traceId)
})

test('a trace that a trusted caller does not sample is not sampled here', async () => {
  const { seen, app } = open({ trustsCaller: () => true })

  await app.request('/things/7', { headers: { traceparent: `00-${traceId}-${spanId}-00` } })

  expect(seen.spans()).toEqual([])
  expect(seen.lines()[0]).toMatchObject({ trace_id: traceId, trace_flags: 0 })
  expect(await seen.metric('http.server.request.duration')).toBe(1)
})

test('durations are in seconds and equal in all signals', async () => {
  const { seen, app, telemetry } = open()
  const call = telemetry.client({ fetch: () => Bun.sleep(40).then(() => new Response()) })
  app.get('/slow', async (c) => {
    await call('http://other/')
    return c.text('done')
  })

  await app.request('/slow')

  const { durationMs } = seen.span('GET /slow')
  const line = seen.lines().find(({ event }) => event === 'http.server.request')
  const [server] = await seen.series('http.server.request.duration')
  const [client] = await seen.series('http.client.request.duration')
  expect(durationMs).toBeWithin(39, 2000)
  expect(Number(server?.sum) * 1000).toBeCloseTo(durationMs, 1)
  expect(Number(line?.['http.server.request.duration']) * 1000).toBeCloseTo(durationMs, 1)
  expect(client?.sum).toBeWithin(0.039, 2)
})

test('an e-mail address in a path, a method, a span or baggage reaches no signal', async () => {
  const { seen, app, telemetry } = open({ trustsCaller: () => true })
  const work = () => telemetry.span('work', () => {}, { note: 'for alice@example.org' })
  app.all('/users/:name', async (c) => c.text(String(await work())))

  await app.request('/users/alice@example.org', {
    headers: { traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`, baggage: 'loadtest.run=alice%40example.org' },
  })
  await app.request('/users/alice%40example.org')

  const everything = JSON.stringify([seen.spans(), seen.logs(), seen.lines(), await seen.metrics()])
  expect(everything).toContain('/users/REDACTED')
  expect(everything).not.toContain('alice')
})
