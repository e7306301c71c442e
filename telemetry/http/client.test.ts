import { expect, test } from 'bun:test'
import { tmpdir } from 'node:os'
import { matchers, recordTelemetry } from '../testing'
import type { TracedRequestInit } from './client'

expect.extend(matchers)

function open() {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('near')
  const requests: Request[] = []
  const respondWith = (status: number) => (request: Request) => {
    requests.push(request)
    return new Response(null, { status })
  }
  return { seen, telemetry, requests, respondWith }
}

test('a call creates a client span with its target and the peer’s name', async () => {
  const { seen, telemetry, respondWith } = open()
  const call = telemetry.client({ peer: 'far', fetch: respondWith(204) })

  await call('https://far.test/things/7?colour=blue', { method: 'PUT', body: 'x' })

  const [span] = seen.spans()
  expect(span?.name).toBe('PUT')
  expect(span?.kind).toBe('client')
  expect(span?.attributes).toEqual({
    'http.request.method': 'PUT',
    'server.address': 'far.test',
    'server.port': 443,
    'service.peer.name': 'far',
    'url.full': 'https://far.test/things/7?colour=blue',
    'http.response.status_code': 204,
  })
  expect(span).not.toHaveFailed()
  const [point] = await seen.series('http.client.request.duration')
  expect(point?.attributes).toEqual({
    'http.request.method': 'PUT',
    'server.address': 'far.test',
    'server.port': 443,
    'service.peer.name': 'far',
    'http.response.status_code': 204,
  })
})

test('a call inside a span is its child and sends its own context', async () => {
  const { seen, telemetry, requests, respondWith } = open()
  const call = telemetry.client({ fetch: respondWith(200) })

  await telemetry.span('work', async () => {
    await call('http://far.test/')
  })

  const [client, work] = [seen.span('GET'), seen.span('work')]
  const { traceId, spanId } = client
  expect(client.parentSpanId).toBe(work.spanId)
  expect(requests[0]?.headers.get('traceparent')).toBe(`00-${traceId}-${spanId}-01`)
  expect(client.attributes).not.toHaveProperty('service.peer.name')
})

test('the custom fetch runs inside the call’s span', async () => {
  const { seen, telemetry } = open()
  const inside: (string | undefined)[] = []
  const call = telemetry.client({
    fetch: () => {
      inside.push(telemetry.traceId())
      return new Response()
    },
  })

  await call('http://far.test/')

  expect(inside).toEqual([seen.span('GET').traceId])
  expect(telemetry.traceId()).toBeUndefined()
})

test('a traceparent set by the caller is replaced, other headers are unchanged', async () => {
  const { telemetry, requests, respondWith } = open()
  const call = telemetry.client({ fetch: respondWith(200) })

  await call('http://far.test/', { headers: { traceparent: '00-1-1-01', accept: 'text/plain' } })

  expect(requests[0]?.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(requests[0]?.headers.get('accept')).toBe('text/plain')
})

test.each([404, 409, 500, 503])('a response of %p is an error of the call', async (status) => {
  const { seen, telemetry, respondWith } = open()

  const response = await telemetry.client({ fetch: respondWith(status) })('http://far.test/')

  expect(response.status).toBe(status)
  const span = seen.span('GET')
  expect(span).toHaveFailed()
  expect(span).toHaveAttributes({ 'http.response.status_code': status, 'error.type': String(status) })
  expect(await seen.metric('http.client.request.duration', { 'error.type': String(status) })).toBe(1)
})

test('a refused connection is an error with the system’s code, and is rethrown', async () => {
  const { seen, telemetry } = open()

  const error = await telemetry
    .client({ peer: 'far' })('http://127.0.0.1:1/')
    .catch((thrown) => thrown)

  expect(error).toBeInstanceOf(Error)
  const span = seen.span('GET')
  expect(span).toHaveFailed()
  expect(span.attributes['error.type']).toMatch(/^(ECONNREFUSED|ConnectionRefused)$/)
  expect(span.attributes).not.toHaveProperty('http.response.status_code')
  const type = span.attributes['error.type'] as string
  expect(await seen.metric('http.client.request.duration', { 'error.type': type })).toBe(1)
})

test('a call that times out is a TimeoutError', async () => {
  const { seen, telemetry } = open()
  using server = Bun.serve({ port: 0, fetch: () => Bun.sleep(200).then(() => new Response()) })
  const url = `http://127.0.0.1:${server.port}/`

  const error = await telemetry
    .client()(url, { signal: AbortSignal.timeout(20) })
    .catch((thrown) => thrown)

  expect(error.name).toBe('TimeoutError')
  expect(seen.span('GET')).toHaveAttributes({ 'error.type': 'TimeoutError' })
})

test('no span contains the secrets of a URL', async () => {
  const { seen, telemetry, requests, respondWith } = open()
  const url = 'http://shop:hunter2@far.test/a?token=hunter2&sig=hunter2&X-Amz-Credential=hunter2&code=hunter2&page=2'

  await telemetry.client({ fetch: respondWith(500) })(url)

  expect(seen.span('GET').attributes['url.full']).toBe(
    'http://far.test/a?token=REDACTED&sig=REDACTED&X-Amz-Credential=REDACTED&code=REDACTED&page=2',
  )
  expect(requests[0]?.url).toContain('token=hunter2')
  expect(JSON.stringify([seen.spans().map((span) => span.attributes), await seen.metrics()])).not.toContain('hunter2')
})

test('each attempt of a retried call has its own span with its resend count', async () => {
  const { seen, telemetry } = open()
  const statuses = [503, 503, 200]
  const call = telemetry.client({ fetch: () => new Response(null, { status: statuses.shift() ?? 500 }) })

  await telemetry.span('work', async () => {
    for (let resendCount = 0; resendCount < 3; resendCount++) await call('http://far.test/', { resendCount })
  })

  const attempts = seen.spans().filter(({ kind }) => kind === 'client')
  expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1, 2])
  expect(attempts.map(({ status }) => status.code)).toEqual([2, 2, 0])
  expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([seen.span('work').spanId]))
  expect(await seen.metric('http.client.request.duration')).toBe(3)
})

test('without propagation no trace headers are sent', async () => {
  const { seen, telemetry, requests, respondWith } = open()
  const call = telemetry.client({ fetch: respondWith(200), propagateContext: false })

  await telemetry.span('work', () => call('http://far.test/'))

  expect(requests[0]?.headers.get('traceparent')).toBeNull()
  expect(seen.span('GET').traceId).toBe(seen.span('work').traceId)
})

test('an invented method is _OTHER', async () => {
  const { seen, telemetry, respondWith } = open()

  await telemetry.client({ fetch: respondWith(200) })('http://far.test/', { method: 'PURGE' })

  expect(seen.span('HTTP')).toHaveAttributes({ 'http.request.method': '_OTHER' })
})

test('the platform’s own options are passed on to fetch', async () => {
  const { telemetry } = open()
  const path = `${tmpdir()}/vitrine-client-${process.pid}.sock`
  const server = Bun.serve({ unix: path, fetch: (request) => new Response(request.headers.get('traceparent')) })

  const response = await telemetry.client()('http://far.test/', {
    unix: path,
    headers: { 'x-own': '1' },
  } as TracedRequestInit)

  expect(await response.text()).toMatch(/^00-/)
  await server.stop(true)
})
