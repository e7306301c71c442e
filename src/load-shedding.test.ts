import { expect, test } from 'bun:test'
import { builtInDeclarations } from '@vitrine/telemetry'
import { matchers, recordTelemetry, undeclared } from '@vitrine/telemetry/testing'
import { flushPromises, useFakeClock } from '../test/clock'
import { serviceKey } from '../test/shop'
import { openFrontend } from '../test/storefront'
import { commonDeclarations } from './declarations'
import { createService } from './service'

expect.extend(matchers)

const internal = { headers: { 'X-Service-Key': serviceKey } }

/** A service with a limit of two active requests, each active until `finish()`. */
function openBusy(random = () => 0) {
  const seen = recordTelemetry()
  const waiting: (() => void)[] = []
  const app = createService({ telemetry: seen.telemetry('busy'), serviceKey, maxConcurrentRequests: 2, random })
    .get('/work', async (c) => {
      await new Promise<void>((resolve) => waiting.push(resolve))
      return c.json({})
    })
    .get('/fails', () => {
      throw new Error('no')
    })
  const finish = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  const start = async (init?: RequestInit) => {
    return app.request('/work', init)
  }
  return { seen, app, start: (init?: RequestInit) => ({ response: start(init) }), finish }
}

test('a request over the limit is rejected at once with 503 and Retry-After, and counted', async () => {
  const { app, seen, start, finish } = openBusy()
  const active = [start(), start()]
  await flushPromises()

  const response = await app.request('/work')

  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await response.json()).toMatchObject({
    code: 'OVERLOADED',
    traceId: response.headers.get('x-trace-id') as string,
  })
  expect(await seen.metric('http.server.requests.shed', { caller: 'public' })).toBe(1)
  // For objectives and alerts it is a failure, as it is for the client.
  expect(await seen.metric('http.server.request.duration', { 'error.type': '503' })).toBe(1)
  expect(seen.span('GET /work')).toHaveFailed()
  const cause = { 'problem.code': 'OVERLOADED', 'shed.active_requests': 2, 'shed.limit': 2 }
  expect(seen.span('GET /work')).toHaveAttributes(cause)
  expect(seen.logs('http.server.request').map(({ attributes }) => attributes)).toEqual([expect.objectContaining(cause)])
  // It is logged, but without an exception: no code threw one.
  expect(seen.logs('http.server.request.exception')).toEqual([])
  finish()
  for (const { response } of active) expect((await response).status).toBe(200)
  const all = { spans: seen.spans(), logs: seen.logs(), metrics: await seen.metrics() }
  expect(undeclared(all, { busy: [builtInDeclarations, commonDeclarations] })).toEqual([])
})

test('equal requests reuse the rejection: they are counted, and have no span and no log record', async () => {
  const clock = useFakeClock()
  const { app, seen, start, finish } = openBusy()
  const active = [start(), start()]
  await flushPromises()

  const responses: Response[] = []
  for (let n = 0; n < 20; n++) responses.push(await app.request('/work'))
  const elsewhere = await app.request('/fails')

  const idOf = (response: Response) => response.headers.get('x-trace-id') as string
  const traceIds = new Set(responses.map(idOf))
  expect(traceIds.size).toBe(1)
  expect(traceIds).not.toContain(idOf(elsewhere))
  for (const response of responses) {
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ code: 'OVERLOADED', traceId: idOf(response) })
  }
  expect(await seen.metric('http.server.requests.shed', { caller: 'public' })).toBe(21)
  const failures = { 'http.route': '/work', 'http.response.status_code': 503, 'error.type': '503' }
  expect(await seen.metric('http.server.request.duration', failures)).toBe(20)
  expect(new Set(seen.spans().map(({ traceId }) => traceId))).toEqual(traceIds.add(idOf(elsewhere)))

  // The next recorded rejection has the number of reused ones.
  await clock.advance(100)
  expect(traceIds).not.toContain(idOf(await app.request('/work')))
  expect(seen.spans()).toHaveLength(traceIds.size + 1)
  const reused = seen.spans().map(({ attributes }) => attributes['shed.reused_response.count'] as number)
  expect(reused.reduce((sum, count) => sum + count)).toBe(21 - traceIds.size)
  finish()
  for (const { response } of active) expect((await response).status).toBe(200)
  // Below the limit, requests reach the handler again.
  const after = start()
  await flushPromises()
  finish()
  expect((await after.response).status).toBe(200)
})

test('each response has a Retry-After of 5, 6 or 7 s, also a reused one', async () => {
  const numbers = [0, 0.34, 0.999, 0.333]
  const { app, seen, start, finish } = openBusy(() => numbers.shift() as number)
  const active = [start(), start()]
  await flushPromises()

  const responses: Response[] = []
  for (let n = 0; n < 4; n++) responses.push(await app.request('/work'))

  expect(responses.map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '6', '7', '5'])
  expect(seen.spans()).toHaveLength(1)
  finish()
  for (const { response } of active) expect((await response).status).toBe(200)
})

test('calls of other services have a higher limit, for the active requests of all callers', async () => {
  const { app, seen, start, finish } = openBusy()
  const active = [start(), start(), start(internal)]
  await flushPromises()

  expect((await app.request('/work')).status).toBe(503)
  const elsewhere = await app.request('/fails', internal)

  expect(elsewhere.status).toBe(503)
  expect(await seen.metric('http.server.requests.shed', { caller: 'internal' })).toBe(1)
  expect(seen.span('GET /work')).toHaveAttributes({ 'shed.active_requests': 3, 'shed.limit': 2 })
  expect(seen.span('GET /fails')).toHaveAttributes({ 'shed.active_requests': 3, 'shed.limit': 3 })
  finish()
  for (const { response } of active) expect((await response).status).toBe(200)
})

test('health and readiness are never shed', async () => {
  const { app, start, finish } = openBusy()
  const active = [start(), start(), start(internal)]
  await flushPromises()

  expect((await app.request('/health')).status).toBe(200)
  expect((await app.request('/ready')).status).toBe(200)

  finish()
  await Promise.all(active.map(({ response }) => response))
})

test('finished and failed requests are no longer active', async () => {
  const { app, seen } = openBusy()
  for (let n = 0; n < 5; n++) expect((await app.request('/fails')).status).toBe(500)
  for (let n = 0; n < 5; n++) expect((await app.request('/nowhere')).status).toBe(404)
  expect(await seen.metric('http.server.requests.shed', { caller: 'public' })).toBe(0)
})

test('the storefront rejects with a page that has its navigation', async () => {
  const shop = await openFrontend({ maxConcurrentRequests: 0 })

  const response = await shop.browser().get('/')

  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toMatch(/^[5-7]$/)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(response.html).toContain('Trop de monde à la fois')
  expect(response.html).toContain('Accueil')
  expect(response.html).toContain(response.traceId)
})

test('a reused page has the language of its visitor', async () => {
  const { frontend } = await openFrontend({ maxConcurrentRequests: 0 })
  const titleFor = async (headers: Record<string, string>) => {
    const html = await (await frontend.request('http://vitrine.test/', { headers })).text()
    return /<h1>(.*?)<\/h1>/.exec(html)?.[1]
  }
  const french = await titleFor({})
  const english = await titleFor({ 'Accept-Language': 'en' })

  expect(french).toBe('Trop de monde à la fois')
  expect(english).not.toBe(french)
  expect(await titleFor({ Cookie: 'lang=en' })).toBe(english)
  expect(await titleFor({ Cookie: 'a=b; lang=fr', 'Accept-Language': 'en' })).toBe(french)
  expect(await titleFor({ Cookie: 'xlang=en' })).toBe(french)
})
