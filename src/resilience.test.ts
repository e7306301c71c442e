import { expect, test } from 'bun:test'
import { builtInDeclarations } from '@vitrine/telemetry'
import { matchers, recordTelemetry, undeclared } from '@vitrine/telemetry/testing'
import { flushPromises, useFakeClock } from '../test/clock'
import { serviceKey } from '../test/shop'
import { withDeadline } from './deadline'
import { commonDeclarations } from './declarations'
import { createService } from './service'
import { jsonOrThrow, serviceClient } from './service-client'

expect.extend(matchers)

type Respond = (request: Request) => Response | Promise<Response>

/** A service `near` that calls `far`. The responses of `far` come from `responses` in turn; the last one repeats. */
function openPair(...responses: Respond[]) {
  const clock = useFakeClock()
  const seen = recordTelemetry()
  const calls: { method: string; atMs: number }[] = []
  const peer = { isReady: false, probes: 0 }
  const telemetry = seen.telemetry('near')
  const far = createService({ telemetry: seen.telemetry('far'), serviceKey })
    .get('/thing', (c) => c.json({}, 200))
    .put('/thing', (c) => c.json({}, 200))
    .post('/thing', (c) => c.json({}, 200))
    .delete('/thing', (c) => c.json({}, 200))
    .patch('/thing', (c) => c.json({}, 200))
  const client = serviceClient<typeof far>({
    telemetry,
    serviceKey,
    peer: 'far',
    url: 'http://far',
    async fetch(request) {
      if (request.url.endsWith('/ready')) {
        peer.probes++
        return new Response('', { status: peer.isReady ? 200 : 503 })
      }
      calls.push({ method: request.method, atMs: performance.now() })
      const next = responses.length > 1 ? responses.shift() : responses[0]
      // Like the network, an aborted request never gets its response.
      const aborted = new Promise<never>((_, reject) =>
        request.signal.addEventListener('abort', () => reject(request.signal.reason)),
      )
      aborted.catch(() => {})
      return Promise.race([next?.(request) ?? ok(), aborted])
    },
  })
  const near = createService({ telemetry, serviceKey }).get('/thing', async (c) =>
    c.json(await jsonOrThrow(client.thing.$get())),
  )
  const get = () => Promise.resolve(near.request('/thing'))
  /** Calls with a budget, and lets that time pass. */
  const within = (budgetMs: number) =>
    clock.advanceDuring(withDeadline(budgetMs, () => client.thing.$get()).catch(() => {}))
  return { clock, seen, calls, peer, client, startGet: get, get: () => clock.advanceDuring(get()), within }
}

const ok = () => Response.json({})
const broken = () => new Response('no', { status: 500 })
const busy = () => new Response('later', { status: 503, headers: { 'Retry-After': '5' } })
const missing = () => new Response('none', { status: 404 })
const refused = () => {
  throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
}
const hanging = () => new Promise<Response>(() => {})

const failing = { broken, refused }

test.each(Object.entries(failing))(
  'a call that fails once (%s) is retried, and each attempt has a span',
  async (_, fail) => {
    const pair = openPair(fail, ok)

    const response = await pair.get()

    expect(response.status).toBe(200)
    expect(pair.calls).toHaveLength(2)
    const [first, second] = pair.seen.spans().filter((span) => span.name === 'GET')
    expect(first).toHaveFailed()
    expect(first?.attributes).not.toHaveProperty('http.request.resend_count')
    expect(second).not.toHaveFailed()
    expect(second).toHaveAttributes({ 'http.request.resend_count': 1 })
    expect(pair.seen.span('GET /thing')).not.toHaveFailed()
  },
)

test('the pause before a retry is random', async () => {
  const pauses = new Set<number>()
  for (let n = 0; n < 6; n++) {
    const { calls, get } = openPair(broken, ok)
    await get()
    const [first, second] = calls
    pauses.add((second?.atMs ?? 0) - (first?.atMs ?? 0))
  }
  for (const pause of pauses) expect(pause).toBeWithin(25, 102)
  expect(pauses.size).toBeGreaterThan(1)
})

test('idempotent requests get two attempts, others one', async () => {
  const attemptsOf = async (call: (thing: ReturnType<typeof openPair>['client']['thing']) => Promise<unknown>) => {
    const { clock, client, calls } = openPair(broken)
    await clock.advanceDuring(call(client.thing))
    return calls.length
  }
  const key = { headers: { 'Idempotency-Key': 'a-key-of-ours' } }

  expect(await attemptsOf((thing) => thing.$get())).toBe(2)
  expect(await attemptsOf((thing) => thing.$put())).toBe(2)
  expect(await attemptsOf((thing) => thing.$delete())).toBe(2)
  expect(await attemptsOf((thing) => thing.$post())).toBe(1)
  expect(await attemptsOf((thing) => thing.$patch())).toBe(1)
  expect(await attemptsOf((thing) => thing.$post({}, key))).toBe(2)
})

test('a 4xx, a 503 with Retry-After and a timeout are not retried', async () => {
  for (const response of [missing, busy]) {
    const pair = openPair(response)
    await pair.clock.advanceDuring(pair.client.thing.$get())
    expect(pair.calls).toHaveLength(1)
  }
  const pair = openPair(hanging)
  await pair.within(60)
  expect(pair.calls).toHaveLength(1)
})

test('a call is not retried when the deadline is too near', async () => {
  const pair = openPair(broken, ok)
  await pair.within(120)
  expect(pair.calls).toHaveLength(1)
})

test.each(Object.entries(failing))(
  'five failed requests (%s) open the breaker, which rejects calls at once',
  async (_, fail) => {
    const pair = openPair(fail)
    for (let n = 0; n < 5; n++) expect((await pair.get()).status).toBe(503)
    expect(pair.calls).toHaveLength(10)

    const response = await pair.get()

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ code: 'UNAVAILABLE' })
    expect(pair.calls).toHaveLength(10)
    expect(await stateOf(pair.seen)).toEqual({ closed: 0, open: 1, half_open: 0 })
    const [changed, ...others] = pair.seen.logs('breaker.changed')
    expect(others).toEqual([])
    expect(changed?.severityText).toBe('WARN')
    expect(changed).toHaveAttributes({
      'service.peer.name': 'far',
      'breaker.state': 'open',
      'error.type': fail === broken ? '500' : 'ECONNREFUSED',
    })
    const exception = pair.seen.logs('http.server.request.exception').at(-1)
    expect(exception?.attributes['exception.message']).toContain('the breaker for far is open')
    const all = { spans: pair.seen.spans(), logs: pair.seen.logs(), metrics: await pair.seen.metrics() }
    expect(
      undeclared(all, {
        near: [builtInDeclarations, commonDeclarations],
        far: [builtInDeclarations, commonDeclarations],
      }),
    ).toEqual([])
  },
)

test('after five seconds one call probes and the others are rejected at once; its success closes the breaker', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>()
  const pair = openPair(...Array<Respond>(10).fill(broken), () => promise, ok)
  for (let n = 0; n < 5; n++) await pair.get()
  await pair.clock.advance(5001)

  const probe = pair.startGet()
  await flushPromises()
  expect(await stateOf(pair.seen)).toEqual({ closed: 0, open: 0, half_open: 1 })
  expect((await pair.get()).status).toBe(503)
  expect(pair.calls).toHaveLength(11)
  resolve(ok())

  expect((await probe).status).toBe(200)
  expect((await pair.get()).status).toBe(200)
  expect(await stateOf(pair.seen)).toEqual({ closed: 1, open: 0, half_open: 0 })
  expect(pair.seen.logs('breaker.changed').map((log) => log.attributes['breaker.state'])).toEqual([
    'open',
    'half_open',
    'closed',
  ])
})

test('a failed probe opens the breaker for another five seconds', async () => {
  const pair = openPair(broken)
  for (let n = 0; n < 5; n++) await pair.get()
  await pair.clock.advance(5001)

  await pair.get()
  expect(pair.calls).toHaveLength(11)
  await pair.get()
  expect(pair.calls).toHaveLength(11)
  await pair.clock.advance(5001)
  await pair.get()
  expect(pair.calls).toHaveLength(12)
})

test('a peer that is ready again is called at once, long before the five seconds', async () => {
  const pair = openPair(...Array<Respond>(10).fill(refused), ok)
  for (let n = 0; n < 5; n++) await pair.get()
  await pair.clock.advance(2000)
  expect((await pair.get()).status).toBe(503)
  expect(pair.calls).toHaveLength(10)

  pair.peer.isReady = true
  await pair.clock.advance(450)

  expect((await pair.get()).status).toBe(200)
  expect(await stateOf(pair.seen)).toEqual({ closed: 1, open: 0, half_open: 0 })
  const { probes } = pair.peer
  await pair.clock.advance(2000)
  expect(pair.peer.probes).toBe(probes)
})

test('a peer that is ready and fails is called every five seconds only, until it has been unready', async () => {
  const pair = openPair(broken)
  pair.peer.isReady = true
  for (let n = 0; n < 5; n++) await pair.get()
  await pair.clock.advance(450)
  await pair.get()
  expect(pair.calls).toHaveLength(11)

  await pair.clock.advance(4000)
  await pair.get()
  expect(pair.calls).toHaveLength(11)

  pair.peer.isReady = false
  await pair.clock.advance(450)
  pair.peer.isReady = true
  await pair.clock.advance(450)
  await pair.get()
  expect(pair.calls).toHaveLength(12)
})

test('a peer that stops again during the probe is called as soon as it is ready again', async () => {
  const pair = openPair(refused)
  pair.peer.isReady = true
  for (let n = 0; n < 5; n++) await pair.get()
  for (const calls of [11, 12, 13]) {
    await pair.clock.advance(450)
    await pair.get()
    expect(pair.calls).toHaveLength(calls)
  }
})

test('the pause between probes is random, and they leave no telemetry', async () => {
  const probesIn10s = new Set<number>()
  for (let n = 0; n < 6; n++) {
    const pair = openPair(refused)
    for (let m = 0; m < 5; m++) await pair.get()
    const spans = pair.seen.spans().length
    await pair.clock.advance(10_000)
    expect(pair.seen.spans()).toHaveLength(spans)
    probesIn10s.add(pair.peer.probes)
  }
  for (const probes of probesIn10s) expect(probes).toBeWithin(24, 101)
  expect(probesIn10s.size).toBeGreaterThan(1)
}, 60_000)

test('4xx, 503 with Retry-After and short timeouts do not open the breaker; a success resets the count', async () => {
  for (const response of [missing, busy]) {
    const pair = openPair(response)
    for (let n = 0; n < 12; n++) await pair.get()
    expect(await stateOf(pair.seen)).toMatchObject({ open: 0 })
  }
  const slow = openPair(hanging)
  await Promise.all(Array.from({ length: 12 }, () => slow.within(60)))
  expect(await stateOf(slow.seen)).toMatchObject({ open: 0 })

  const flaky = openPair(...Array<Respond>(9).fill(broken), ok, broken)
  for (let n = 0; n < 8; n++) await flaky.clock.advanceDuring(flaky.client.thing.$post())
  expect(await stateOf(flaky.seen)).toMatchObject({ open: 0 })
})

test('a call with a short timeout does not probe', async () => {
  const pair = openPair(broken)
  for (let n = 0; n < 5; n++) await pair.get()
  await pair.clock.advance(5001)

  await pair.within(100)

  expect(pair.calls).toHaveLength(10)
  expect(await stateOf(pair.seen)).toMatchObject({ open: 1 })
})

test('ten timeouts open the breaker', async () => {
  const pair = openPair(hanging)
  await Promise.all(Array.from({ length: 10 }, () => pair.within(600)))
  expect(await stateOf(pair.seen)).toMatchObject({ open: 1 })
  expect(pair.seen.logs('breaker.changed')[0]).toHaveAttributes({ 'error.type': 'TimeoutError' })
})

async function stateOf(seen: ReturnType<typeof recordTelemetry>) {
  const value = (state: string) => seen.metric('client.breaker.state', { 'breaker.state': state })
  return { closed: await value('closed'), open: await value('open'), half_open: await value('half_open') }
}
