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

// So much that no busy machine needs it.
const longMs = 120_000

/** A service `near` that calls a service `far`, which answers after `delayMs`, over a real socket. */
function openPair({ delayMs = 0, requestBudgetMs = longMs } = {}) {
  const seen = recordTelemetry()
  const { promise, resolve: isAsked } = Promise.withResolvers<void>()
  const far = createService({ telemetry: seen.telemetry('far'), serviceKey, refusals, requestBudgetMs })
    .get('/thing', async (c) => {
      isAsked()
      if (delayMs > 0) await Bun.sleep(delayMs)
      return c.json({ leftMs: Math.round(remainingMs()), key: c.req.header('x-service-key') ?? null }, 200)
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
  return { seen, near, client, isAsked: promise, [Symbol.asyncDispose]: () => server.stop(true) }
}

test('a call carries the key, what is left of the deadline, and the trace', async () => {
  useFakeClock()
  await using pair = openPair({ requestBudgetMs: defaultRequestBudgetMs })

  const answer = await pair.near.request('/thing')

  const { leftMs, key } = (await answer.json()) as { leftMs: number; key: string }
  expect(key).toBe(serviceKey)
  // The caller keeps a tenth to answer something itself.
  expect(leftMs).toBe(defaultRequestBudgetMs * 0.9)
  expect(pair.seen.tree(answer.headers.get('x-trace-id') as string)).toBe(
    ['near GET /thing', '  near → GET', '    far GET /thing'].join('\n'),
  )
})

test('a deadline is taken from other services only, and never lengthened', async () => {
  useFakeClock()
  await using pair = openPair({ requestBudgetMs: defaultRequestBudgetMs })
  const leftFor = async (headers: Record<string, string>) => {
    const answer = await pair.near.request('/thing', { headers })
    return ((await answer.json()) as { leftMs: number }).leftMs
  }
  const internal = { 'X-Service-Key': serviceKey }

  expect(await leftFor({ ...internal, 'X-Timeout-Ms': '700' })).toBeLessThanOrEqual(700)
  expect(await leftFor({ 'X-Timeout-Ms': '700' })).toBeGreaterThan(1000)
  expect(await leftFor({ ...internal, 'X-Timeout-Ms': '60000' })).toBeLessThanOrEqual(defaultRequestBudgetMs)
  for (const odd of ['0', '-5', 'soon', 'Infinity']) {
    expect(await leftFor({ ...internal, 'X-Timeout-Ms': odd })).toBeGreaterThan(1000)
  }
})

test.each([500, 5000])('a service may give its requests a budget of its own: %d ms', async (requestBudgetMs) => {
  useFakeClock()
  const telemetry = recordTelemetry().telemetry('near')
  const service = createService({ telemetry, serviceKey, requestBudgetMs }).get('/left', (c) => c.json(remainingMs()))

  expect(await (await service.request('/left')).json()).toBe(requestBudgetMs)
})

test('a call that outlives the deadline is a 503', async () => {
  const clock = useFakeClock()
  await using pair = openPair({ delayMs: 1900 })
  const headers = { 'X-Service-Key': serviceKey, 'X-Timeout-Ms': '60' }

  const asked = pair.near.request('/thing', { headers })
  await pair.isAsked
  await clock.advance(60)
  const answer = await asked

  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  const problem = (await answer.json()) as object
  expect(problem).toMatchObject({ code: 'UNAVAILABLE' })
  expect(problem).not.toHaveProperty('service')
  const call = pair.seen.span('GET')
  expect(call).toHaveFailed()
  expect(call).toHaveAttributes({ 'error.type': 'TimeoutError', 'service.peer.name': 'far' })
  expect(pair.seen.span('GET /thing')).toHaveAttributes({ 'error.type': 'UNAVAILABLE' })
  expect(await pair.seen.metric('http.client.request.duration', { 'error.type': 'TimeoutError' })).toBe(1)
})

test('after the deadline nothing is called any more', async () => {
  await using pair = openPair()

  const call = withDeadline(1, async () => {
    await Bun.sleep(5)
    return jsonOrThrow(pair.client.thing.$get())
  })

  expect(await call.catch((error) => error)).toMatchObject({ code: 'UNAVAILABLE', details: { reason: 'deadline' } })
  expect(pair.seen.spans()).toEqual([])
})

test('a nearer deadline wins over a longer one inside it', () => {
  withDeadline(50, () => withDeadline(1000, () => expect(remainingMs()).toBeLessThanOrEqual(50)))
})

test("a refusal comes through with its code and details, in this service's trace", async () => {
  await using pair = openPair()

  const answer = await pair.near.request('/sold')

  expect(answer.status).toBe(409)
  expect(await answer.json()).toMatchObject({
    code: 'SOLD',
    colour: 'blue',
    traceId: answer.headers.get('x-trace-id') as string,
  })
  expect(pair.seen.span('GET')).toHaveAttributes({ 'error.type': '409' })
})

test("another's failure is a 503 here, and its error stays its own", async () => {
  await using pair = openPair()

  const answer = await pair.near.request('/broken')

  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE' })
  expect(pair.seen.span('GET')).toHaveAttributes({ 'error.type': '500' })
  // Asked twice, it failed twice.
  expect(pair.seen.logs('http.server.request.exception').map((log) => log.attributes['error.type'])).toEqual([
    'Error',
    'Error',
    'UNAVAILABLE',
  ])
})

test('an answer without a body arrives as one', async () => {
  await using pair = openPair()

  expect((await withDeadline(longMs, () => pair.client.thing.$delete())).status).toBe(204)
})

test('nobody listening is a 503 that says nothing of the inside', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('near')
  const client = serviceClient({ telemetry, serviceKey, peer: 'far', url: 'http://127.0.0.1:1' })
  const near = createService({ telemetry, serviceKey, requestBudgetMs: longMs }).get('/thing', async (c) => {
    // biome-ignore lint/suspicious/noExplicitAny: there is no such API
    return c.json(await jsonOrThrow((client as any).thing.$get()))
  })

  const answer = await near.request('/thing')

  expect(answer.status).toBe(503)
  const problem = (await answer.json()) as object
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

test('a caller without the key gets neither its trace nor its deadline into the shop', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  await fillCart(shop, token)
  const foreign = 'a'.repeat(32)
  const headers = { traceparent: `00-${foreign}-${'b'.repeat(16)}-01`, 'X-Timeout-Ms': '1' }

  const answer = await shop.orders.request('/api/order', jsonRequest('GET', undefined, { token, headers }))

  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-trace-id')).not.toBe(foreign)
  expect(shop.recording.span('GET /api/order').links[0]?.traceId).toBe(foreign)
  expect(shop.recording.tree(foreign)).toBe('')
})

/** A service whose answers carry an `ETag`, which it names in what it counts. */
function openTagged() {
  const seen = recordTelemetry()
  const asked: (string | null)[] = []
  const far = createService({ telemetry: seen.telemetry('far'), serviceKey }).get('/things', (c) => {
    asked.push(c.req.header('if-none-match') ?? null)
    return jsonWithEtag(c, { things: [{ name: 'one' }] })
  })
  const client = serviceClient<typeof far>({
    telemetry: seen.telemetry('near'),
    serviceKey,
    peer: 'far',
    url: 'http://far',
    fetch: (request) => far.fetch(request),
  })
  return { asked, get: (headers = {}) => jsonOrThrow(client.things.$get(undefined, { headers })) }
}

test('what came with an ETag is asked for by it, is the very same while it has not changed, and cannot be changed', async () => {
  const pair = openTagged()

  const [first, second] = [await pair.get(), await pair.get()]

  expect(pair.asked).toEqual([null, expect.stringMatching(/^"\w+"$/)])
  expect(second).toBe(first)
  expect(() => first.things.push({ name: 'two' })).toThrow()
  expect(() => Object.assign(first.things[0] as object, { name: 'other' })).toThrow()
})

test('what is asked in somebody’s name is not kept', async () => {
  const pair = openTagged()
  const own = { Authorization: 'Bearer of-somebody' }

  const [first, second] = [await pair.get(own), await pair.get(own)]
  await pair.get()

  expect(pair.asked).toEqual([null, null, null])
  expect(second).toEqual(first)
  expect(second).not.toBe(first)
})
