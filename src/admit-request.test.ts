import { expect, test } from 'bun:test'
import { builtInDeclarations } from '@vitrine/telemetry'
import { matchers, recordTelemetry, undeclared } from '@vitrine/telemetry/testing'
import { flushPromises, useFakeClock } from '../test/clock'
import { serviceKey } from '../test/shop'
import { commonDeclarations } from './declarations'
import { createService } from './service'

expect.extend(matchers)

const from = (address: string) => ({ requestIP: () => ({ address }) })
const proxy = '10.0.0.1'

/** A service with room for two requests, of which one client may have one. `GET /work` is active until `finish()`. */
function open(limits: { maxConcurrentRequests?: number; maxConcurrentRequestsPerClient?: number } = {}) {
  const seen = recordTelemetry()
  const waiting: (() => void)[] = []
  const app = createService({
    telemetry: seen.telemetry('x'),
    serviceKey,
    maxConcurrentRequests: 2,
    maxConcurrentRequestsPerClient: 1,
    trustedProxies: new Set([proxy]),
    maxBodyBytes: 100,
    ...limits,
  })
    .get('/work', async (c) => {
      await new Promise<void>((resolve) => waiting.push(resolve))
      return c.json({})
    })
    .post('/echo', async (c) => c.text(await c.req.text()))
  const finish = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  const send = async (path: string, init: RequestInit, env: object) => app.request(path, init, env)
  return { seen, app, finish, get: (env: object, headers = {}) => send('/work', { headers }, env), send }
}

/** A body that arrives when the test sends it. */
function slowBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given
    },
  })
  const send = (text: string) => controller?.enqueue(new TextEncoder().encode(text))
  return {
    init: { method: 'POST', body } as RequestInit,
    send,
    end: () => controller?.close(),
    fail: (error: Error) => controller?.error(error),
  }
}

test('requests whose body is on its way do not count as work, and each gets its body', async () => {
  const { send, seen } = open({ maxConcurrentRequestsPerClient: 100 })
  const bodies = Array.from({ length: 7 }, slowBody)
  const pending = bodies.map(({ init }) => send('/echo', init, from('203.0.113.1')))
  for (const body of bodies) body.send('hel')
  await flushPromises()

  const other = await send('/echo', { method: 'POST', body: 'quick' }, from('203.0.113.2'))

  expect([other.status, await other.text()]).toEqual([200, 'quick'])
  expect(await seen.metric('http.server.requests.shed', { caller: 'public' })).toBe(0)
  for (const body of bodies) {
    body.send('lo é')
    body.end()
    await flushPromises()
  }
  expect(await Promise.all(pending.map(async (one) => (await one).text()))).toEqual(Array(7).fill('hello é'))
})

test('a body that takes longer than five seconds is 408, closes the connection, and is counted', async () => {
  const clock = useFakeClock()
  const { send, seen } = open()
  const { init, send: write } = slowBody()
  const pending = send('/echo', init, from('203.0.113.1'))
  // Sending something now and then does not help.
  for (let second = 0; second < 4; second++) {
    write('x')
    await clock.advance(1000)
  }
  let isSettled = false
  pending.then(() => {
    isSettled = true
  })
  await flushPromises()
  expect(isSettled).toBe(false)
  await clock.advance(1001)

  const response = await pending

  expect([response.status, response.headers.get('connection')]).toEqual([408, 'close'])
  expect(await response.json()).toMatchObject({ code: 'BODY_TIMEOUT', timeout_ms: 5000 })
  expect(await seen.metric('http.server.requests.not_admitted', { reason: 'body_timeout' })).toBe(1)
  expect(seen.span('POST /echo')).toHaveAttributes({ 'problem.code': 'BODY_TIMEOUT' })
  expect(seen.span('POST /echo')).not.toHaveFailed()
})

test('a body that ends early is 400', async () => {
  const { send } = open()
  const { init, fail } = slowBody()
  const pending = send('/echo', init, {})
  fail(new Error('aborted'))

  const response = await pending

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST' })
})

test('a body in chunks that becomes too large is 413 before its end', async () => {
  const { send } = open()
  const { init, send: write } = slowBody()
  const pending = send('/echo', init, {})
  write('x'.repeat(60))
  write('x'.repeat(60))

  expect((await pending).status).toBe(413)
})

test('too many bodies on their way are 503', async () => {
  const { send } = open({ maxConcurrentRequests: 1, maxConcurrentRequestsPerClient: 100 })
  const bodies = Array.from({ length: 4 }, slowBody)
  const pending = bodies.map(({ init }) => send('/echo', init, from('203.0.113.1')))
  await flushPromises()

  const response = await send('/echo', { method: 'POST', body: 'quick' }, from('203.0.113.2'))

  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'OVERLOADED'])
  for (const { end } of bodies) {
    end()
    await flushPromises()
  }
  expect((await Promise.all(pending)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
})

test('a client with too many active requests is 429 with Retry-After, and others notice nothing', async () => {
  const { seen, get, finish } = open()
  const first = get(from('203.0.113.1'))
  await flushPromises()

  const second = await get(from('203.0.113.1'))
  const other = get(from('203.0.113.2'))
  await flushPromises()
  finish()

  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1'])
  expect(await second.json()).toMatchObject({ code: 'TOO_MANY_CONCURRENT_REQUESTS' })
  expect((await other).status).toBe(200)
  expect((await first).status).toBe(200)
  expect(await seen.metric('http.server.requests.not_admitted', { reason: 'concurrency' })).toBe(1)
  const all = { spans: seen.spans(), logs: seen.logs(), metrics: await seen.metrics() }
  expect(undeclared(all, { x: [builtInDeclarations, commonDeclarations] })).toEqual([])
  const again = get(from('203.0.113.1'))
  await flushPromises()
  finish()
  expect((await again).status).toBe(200)
})

test('a body on its way counts for its client', async () => {
  const { send } = open()
  const { init, end } = slowBody()
  const pending = send('/echo', init, from('203.0.113.1'))
  await flushPromises()

  expect((await send('/echo', { method: 'POST', body: '' }, from('203.0.113.1'))).status).toBe(429)
  end()
  expect((await pending).status).toBe(200)
  expect((await send('/echo', { method: 'POST', body: '' }, from('203.0.113.1'))).status).toBe(200)
})

test.each([
  [
    'clients behind a trusted proxy',
    from(proxy),
    { 'X-Forwarded-For': '203.0.113.1' },
    { 'X-Forwarded-For': '203.0.113.2' },
  ],
  ['other services', from('10.0.0.9'), { 'X-Service-Key': serviceKey }, { 'X-Service-Key': serviceKey }],
  ['requests without a socket', {}, {}, {}],
])('%s do not count as one client', async (_, env, one, other) => {
  const { get, finish } = open()
  const responses = [get(env, one), get(env, other)]
  await flushPromises()
  finish()
  expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([200, 200])
})

test.each([
  ['an address that a stranger claims', from('203.0.113.9'), { 'X-Forwarded-For': '203.0.113.2' }, from('203.0.113.9')],
  ['addresses of one IPv6 network', from('2001:db8:1:2::1'), {}, from('2001:DB8:1:2:ffff::2')],
])('%s is the same client', async (_, env, headers, otherEnv) => {
  const { get, finish } = open()
  const first = get(env)
  await flushPromises()
  expect((await get(otherEnv, headers)).status).toBe(429)
  finish()
  await first
})
