import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { useFakeClock } from '../test/clock'
import { openTestDatabase } from '../test/database'
import { fillCart, jsonRequest, openShop, serviceKey, signUp } from '../test/shop'
import { defaultRequestBudgetMs, remainingMs, withDeadline } from './deadline'
import { jsonWithEtag } from './etag'
import { DomainError } from './problem'
import { createService } from './service'
import { jsonOrThrow, serviceClient } from './service-client'

expect.extend(matchers)

const refusals = { SOLD: [409, 'It is sold'] } as const

const fail = (error: Error): object => {
  throw error
}

// Longer than any request takes on a busy machine.
const longMs = 120_000

/** A service `near` that calls a service `far` over a real socket. `far` responds after `delayMs`. */
function openPair({ delayMs = 0, requestBudgetMs = longMs } = {}) {
  const seen = recordTelemetry()
  const { promise, resolve: isCalled } = Promise.withResolvers<void>()
  const far = createService({ telemetry: seen.telemetry('far'), serviceKey, refusals, requestBudgetMs })
    .get('/thing', async (c) => {
      isCalled()
      if (delayMs > 0) await Bun.sleep(delayMs)
      return c.json({ remainingMs: Math.round(remainingMs()), key: c.req.header('x-service-key') ?? null }, 200)
    })
    .get('/sold', (c) => c.json(fail(new DomainError('SOLD', { colour: 'blue' })), 200))
    .get('/broken', (c) => c.json(fail(new Error('no')), 200))
    .delete('/thing', (c) => c.body(null, 204))
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: far.fetch })
  const telemetry = seen.telemetry('near')
  const client = serviceClient<typeof far>({ telemetry, serviceKey, peer: 'far', url: server.url.href })
  const near = createService({ telemetry, serviceKey, refusals, requestBudgetMs })
    .get('/thing', async (c) => c.json(await jsonOrThrow(client.thing.$get())))
    .get('/sold', async (c) => c.json(await jsonOrThrow(client.sold.$get())))
    .get('/broken', async (c) => c.json(await jsonOrThrow(client.broken.$get())))
  return { seen, near, client, isCalled: promise, [Symbol.asyncDispose]: () => server.stop(true) }
}

test('a call carries the service key, the remaining time and the trace context', async () => {
  useFakeClock()
  await using pair = openPair({ requestBudgetMs: defaultRequestBudgetMs })

  const response = await pair.near.request('/thing')

  const { remainingMs, key } = (await response.json()) as { remainingMs: number; key: string }
  expect(key).toBe(serviceKey)
  // The caller reserves a tenth for its own response.
  expect(remainingMs).toBe(defaultRequestBudgetMs * 0.9)
  expect(pair.seen.tree(response.headers.get('x-trace-id') as string)).toBe(
    ['near GET /thing', '  near → GET', '    far GET /thing'].join('\n'),
  )
})

test('the timeout header is read from other services only, and never extends the budget', async () => {
  useFakeClock()
  await using pair = openPair({ requestBudgetMs: defaultRequestBudgetMs })
  const remainingFor = async (headers: Record<string, string>) => {
    const response = await pair.near.request('/thing', { headers })
    return ((await response.json()) as { remainingMs: number }).remainingMs
  }
  const internal = { 'X-Service-Key': serviceKey }

  expect(await remainingFor({ ...internal, 'X-Timeout-Ms': '700' })).toBeLessThanOrEqual(700)
  expect(await remainingFor({ 'X-Timeout-Ms': '700' })).toBeGreaterThan(1000)
  expect(await remainingFor({ ...internal, 'X-Timeout-Ms': '60000' })).toBeLessThanOrEqual(defaultRequestBudgetMs)
  for (const odd of ['0', '-5', 'soon', 'Infinity']) {
    expect(await remainingFor({ ...internal, 'X-Timeout-Ms': odd })).toBeGreaterThan(1000)
  }
})

test.each([500, 5000])('a service can set the budget of its requests: %d ms', async (requestBudgetMs) => {
  useFakeClock()
  const telemetry = recordTelemetry().telemetry('near')
  const service = createService({ telemetry, serviceKey, requestBudgetMs }).get('/left', (c) => c.json(remainingMs()))

  expect(await (await service.request('/left')).json()).toBe(requestBudgetMs)
})

test('a call that exceeds the deadline is a 503', async () => {
  const clock = useFakeClock()
  await using pair = openPair({ delayMs: 1900 })
  const headers = { 'X-Service-Key': serviceKey, 'X-Timeout-Ms': '60' }

  const pending = pair.near.request('/thing', { headers })
  await pair.isCalled
  await clock.advance(60)
  const response = await pending

  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  const problem = (await response.json()) as object
  expect(problem).toMatchObject({ code: 'UNAVAILABLE' })
  expect(problem).not.toHaveProperty('service')
  const call = pair.seen.span('GET')
  expect(call).toHaveFailed()
  expect(call).toHaveAttributes({ 'error.type': 'TimeoutError', 'service.peer.name': 'far' })
  expect(pair.seen.span('GET /thing')).toHaveAttributes({ 'error.type': 'UNAVAILABLE' })
  expect(await pair.seen.metric('http.client.request.duration', { 'error.type': 'TimeoutError' })).toBe(1)
})

test('after the deadline no call is sent', async () => {
  await using pair = openPair()

  const call = withDeadline(1, async () => {
    await Bun.sleep(5)
    return jsonOrThrow(pair.client.thing.$get())
  })

  expect(await call.catch((error) => error)).toMatchObject({ code: 'UNAVAILABLE', details: { reason: 'deadline' } })
  expect(pair.seen.spans()).toEqual([])
})

test('an outer deadline that ends earlier applies', () => {
  withDeadline(50, () => withDeadline(1000, () => expect(remainingMs()).toBeLessThanOrEqual(50)))
})

test("a refusal of the peer keeps its code and details, with this service's trace id", async () => {
  await using pair = openPair()

  const response = await pair.near.request('/sold')

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({
    code: 'SOLD',
    colour: 'blue',
    traceId: response.headers.get('x-trace-id') as string,
  })
  expect(pair.seen.span('GET')).toHaveAttributes({ 'error.type': '409' })
})

test("a failure of the peer is a 503 here, without the peer's error", async () => {
  await using pair = openPair()

  const response = await pair.near.request('/broken')

  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 'UNAVAILABLE' })
  expect(pair.seen.span('GET')).toHaveAttributes({ 'error.type': '500' })
  // Both attempts failed.
  expect(pair.seen.logs('http.server.request.exception').map((log) => log.attributes['error.type'])).toEqual([
    'Error',
    'Error',
    'UNAVAILABLE',
  ])
})

test('a response without a body is returned', async () => {
  await using pair = openPair()

  expect((await withDeadline(longMs, () => pair.client.thing.$delete())).status).toBe(204)
})

test('a refused connection is a 503 without internal details', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('near')
  const client = serviceClient({ telemetry, serviceKey, peer: 'far', url: 'http://127.0.0.1:1' })
  const near = createService({ telemetry, serviceKey, requestBudgetMs: longMs }).get('/thing', async (c) => {
    // biome-ignore lint/suspicious/noExplicitAny: there is no such API
    return c.json(await jsonOrThrow((client as any).thing.$get()))
  })

  const response = await near.request('/thing')

  expect(response.status).toBe(503)
  const problem = (await response.json()) as object
  expect(problem).toMatchObject({ code: 'UNAVAILABLE' })
  expect(problem).not.toHaveProperty('service')
  expect(seen.span('GET')).toHaveAttributes({ 'error.type': 'ECONNREFUSED' })
})

test('a call inside a transaction throws, and the transaction is rolled back', async () => {
  await using pair = openPair()
  const { database } = await openTestDatabase('user', pair.seen.telemetry('near'))

  const work = database.db.transaction(async () => jsonOrThrow(pair.client.thing.$get()))

  expect(await work.catch((error) => error.message)).toBe('call to far inside a transaction')
  expect(pair.seen.spans().map((span) => span.name)).not.toContain('GET /thing')
  const after = withDeadline(longMs, () => jsonOrThrow(pair.client.thing.$get()))
  expect(await after).toMatchObject({ key: serviceKey })
})

test('without the service key, the trace and the timeout of a client are not used', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await fillCart(shop, token)
  const foreign = 'a'.repeat(32)
  const headers = { traceparent: `00-${foreign}-${'b'.repeat(16)}-01`, 'X-Timeout-Ms': '1' }

  const response = await shop.orders.request('/api/order', jsonRequest('GET', undefined, { token, headers }))

  expect(response.status).toBe(200)
  expect(response.headers.get('x-trace-id')).not.toBe(foreign)
  expect(shop.recording.span('GET /api/order').links[0]?.traceId).toBe(foreign)
  expect(shop.recording.tree(foreign)).toBe('')
})

/** A service that responds with an `ETag`, and the `If-None-Match` of its requests. */
function openTagged() {
  const seen = recordTelemetry()
  const ifNoneMatch: (string | null)[] = []
  const far = createService({ telemetry: seen.telemetry('far'), serviceKey }).get('/things', (c) => {
    ifNoneMatch.push(c.req.header('if-none-match') ?? null)
    return jsonWithEtag(c, { things: [{ name: 'one' }] })
  })
  const client = serviceClient<typeof far>({
    telemetry: seen.telemetry('near'),
    serviceKey,
    peer: 'far',
    url: 'http://far',
    fetch: (request) => far.fetch(request),
  })
  return { ifNoneMatch, get: (headers = {}) => jsonOrThrow(client.things.$get(undefined, { headers })) }
}

test('an unchanged response with an ETag is the same frozen object', async () => {
  const pair = openTagged()

  const [first, second] = [await pair.get(), await pair.get()]

  expect(pair.ifNoneMatch).toEqual([null, expect.stringMatching(/^"\w+"$/)])
  expect(second).toBe(first)
  expect(() => first.things.push({ name: 'two' })).toThrow()
  expect(() => Object.assign(first.things[0] as object, { name: 'other' })).toThrow()
})

test('a response to a request with Authorization is not cached', async () => {
  const pair = openTagged()
  const own = { Authorization: 'Bearer a-token' }

  const [first, second] = [await pair.get(own), await pair.get(own)]
  await pair.get()

  expect(pair.ifNoneMatch).toEqual([null, null, null])
  expect(second).toEqual(first)
  expect(second).not.toBe(first)
})
