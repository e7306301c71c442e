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

/** A service that works on two requests at once, each until `finish()`. */
function openBusy() {
  const seen = recordTelemetry()
  const waiting: (() => void)[] = []
  const app = createService({ telemetry: seen.telemetry('busy'), serviceKey, maxConcurrentRequests: 2 })
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
  return { seen, app, start: (init?: RequestInit) => ({ answer: start(init) }), finish }
}

test('what is one request too many is answered 503 with Retry-After at once, and counted', async () => {
  const { app, seen, start, finish } = openBusy()
  const atWork = [start(), start()]
  await flushPromises()

  const answer = await app.request('/work')

  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await answer.json()).toMatchObject({ code: 'OVERLOADED', traceId: answer.headers.get('x-trace-id') as string })
  expect(await seen.metric('http.server.requests.shed', { caller: 'public' })).toBe(1)
  // For objectives and alerts it is what it is to who asked: a failure of ours.
  expect(await seen.metric('http.server.request.duration', { 'error.type': '503' })).toBe(1)
  expect(seen.span('GET /work')).toHaveFailed()
  expect(seen.span('GET /work')).toHaveAttributes({ 'problem.code': 'OVERLOADED' })
  // One line for each, but no stack trace of something that nobody threw.
  expect(seen.logs('http.server.request.exception')).toEqual([])
  finish()
  for (const { answer } of atWork) expect((await answer).status).toBe(200)
  const all = { spans: seen.spans(), logs: seen.logs(), metrics: await seen.metrics() }
  expect(undeclared(all, { busy: [builtInDeclarations, commonDeclarations] })).toEqual([])
})

test('who asks for the same meanwhile gets the same answer: counted, and no span or line of its own', async () => {
  const clock = useFakeClock()
  const { app, seen, start, finish } = openBusy()
  const atWork = [start(), start()]
  await flushPromises()

  const answers: Response[] = []
  for (let n = 0; n < 20; n++) answers.push(await app.request('/work'))
  const elsewhere = await app.request('/fails')

  const idOf = (answer: Response) => answer.headers.get('x-trace-id') as string
  const told = new Set(answers.map(idOf))
  expect(told.size).toBe(1)
  expect(told).not.toContain(idOf(elsewhere))
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toMatchObject({ code: 'OVERLOADED', traceId: idOf(answer) })
  }
  expect(await seen.metric('http.server.requests.shed', { caller: 'public' })).toBe(21)
  const failures = { 'http.route': '/work', 'http.response.status_code': 503, 'error.type': '503' }
  expect(await seen.metric('http.server.request.duration', failures)).toBe(20)
  expect(new Set(seen.spans().map(({ traceId }) => traceId))).toEqual(told.add(idOf(elsewhere)))

  // What is told next says how many were not.
  await clock.advance(100)
  expect(told).not.toContain(idOf(await app.request('/work')))
  expect(seen.spans()).toHaveLength(told.size + 1)
  const untold = seen.spans().map(({ attributes }) => attributes['shed.alike'] as number)
  expect(untold.reduce((sum, one) => sum + one)).toBe(21 - told.size)
  finish()
  for (const { answer } of atWork) expect((await answer).status).toBe(200)
  // Nothing of it is left when there is room again.
  const after = start()
  await flushPromises()
  finish()
  expect((await after.answer).status).toBe(200)
})

test('work for other services goes first, and is bounded too', async () => {
  const { app, seen, start, finish } = openBusy()
  const atWork = [start(), start(), start(internal)]
  await flushPromises()

  expect((await app.request('/work')).status).toBe(503)
  expect((await app.request('/work', internal)).status).toBe(503)

  expect(await seen.metric('http.server.requests.shed', { caller: 'internal' })).toBe(1)
  finish()
  for (const { answer } of atWork) expect((await answer).status).toBe(200)
})

test('health and readiness are never shed', async () => {
  const { app, start, finish } = openBusy()
  const atWork = [start(), start(), start(internal)]
  await flushPromises()

  expect((await app.request('/health')).status).toBe(200)
  expect((await app.request('/ready')).status).toBe(200)

  finish()
  await Promise.all(atWork.map(({ answer }) => answer))
})

test('what is done, or has failed, is no longer at work', async () => {
  const { app, seen } = openBusy()
  for (let n = 0; n < 5; n++) expect((await app.request('/fails')).status).toBe(500)
  for (let n = 0; n < 5; n++) expect((await app.request('/nowhere')).status).toBe(404)
  expect(await seen.metric('http.server.requests.shed', { caller: 'public' })).toBe(0)
})

test('the storefront sheds with a page that keeps its navigation', async () => {
  const shop = await openFrontend({ maxConcurrentRequests: 0 })

  const answer = await shop.browser().get('/')

  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(answer.html).toContain('Trop de monde à la fois')
  expect(answer.html).toContain('Accueil')
  expect(answer.html).toContain(answer.traceId)
})
