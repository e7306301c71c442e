import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { createFaultFile } from '../../test/fault-file'
import { openTestFaults, serviceKey } from '../../test/shop'
import { waitUntil } from '../../test/wait-until'
import { createService } from '../service'
import type { Fault } from './fault'
import { clearFaults, setFault } from './fault-file'
import { openFaults } from './faults'
import type { FaultKey } from './flags'

expect.extend(matchers)

async function open(file = createFaultFile()) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('small-service')
  const faults = await openTestFaults('small-service', telemetry, file)
  const app = createService({ telemetry, serviceKey, faults, refusals: { SOLD: [409, 'It is sold'] } })
    .get('/slow/:id', (c) => c.json({}))
    .post('/slow/:id', (c) => c.json({}))
    .get('/other', (c) => c.json({}))
  /** Sets a fault, and waits until the service has read it. */
  const set = async (key: FaultKey, fault: Fault) => {
    const before = seen.logs('fault.changed').length
    setFault(file, key, fault)
    await waitUntil(() => seen.logs('fault.changed').length > before)
    seen.reset()
  }
  return { seen, app, file, set }
}

const timed = async (work: () => Response | Promise<Response>) => {
  const startMs = performance.now()
  const response = await work()
  return { response, durationMs: performance.now() - startMs }
}

test('http-latency delays the request; span, wide event and log record the fault', async () => {
  const { app, seen, set } = await open()
  await set('http-latency', { value: 60 })

  const { response, durationMs } = await timed(() => app.request('/slow/1'))

  expect(response.status).toBe(200)
  expect(durationMs).toBeGreaterThan(58)
  const attributes = {
    'feature_flag.key': 'http-latency',
    'feature_flag.result.variant': 'on',
    'feature_flag.result.value': 60,
    'feature_flag.result.reason': 'static',
    'feature_flag.provider.name': 'flagd',
  }
  const span = seen.span('GET /slow/:id')
  expect(span).toHaveAttributes(attributes)
  expect(span.attributes['fault.active']).toEqual(['http-latency'])
  expect(seen.logs('http.server.request')[0]).toHaveAttributes(attributes)
  expect(seen.logs('feature_flag.evaluation')).toHaveLength(1)
  expect(seen.logs('feature_flag.evaluation')[0]).toHaveAttributes(attributes)
  expect(seen.logs('feature_flag.evaluation')[0]?.traceId).toBe(span.traceId)
})

test('a fault that is off adds no attributes', async () => {
  const { app, seen } = await open()

  await app.request('/slow/1')

  expect(Object.keys(seen.span('GET /slow/:id').attributes).filter((key) => /^fault|^feature/.test(key))).toEqual([])
  expect(seen.logs('feature_flag.evaluation')).toEqual([])
})

test.each([
  [503, 'UNAVAILABLE'],
  [500, 'INTERNAL'],
  [504, 'INTERNAL'],
  [409, 'SOLD'],
])('http-error %i looks like a real failure', async (status, code) => {
  const { app, seen, set } = await open()
  await set('http-error', { value: status })

  const response = await app.request('/slow/1')

  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ status, code })
  const span = seen.span('GET /slow/:id')
  expect(span).toHaveAttributes({ 'http.response.status_code': status, 'feature_flag.key': 'http-error' })
  expect(span.status.code).toBe(status >= 500 ? 2 : 0)
  expect(seen.logs('http.server.request.exception')).toHaveLength(status >= 500 ? 1 : 0)
  expect(await seen.metric('http.server.request.duration', { 'http.response.status_code': status })).toBe(1)
})

test('faults do not affect /health and /ready', async () => {
  const { app, set } = await open()
  await set('http-error', { value: 500 })

  expect([(await app.request('/health')).status, (await app.request('/ready')).status]).toEqual([200, 200])
})

test.each([
  [{ route: '/slow/:id' }, [503, 503, 200]],
  [{ route: 'POST /slow/:id' }, [200, 503, 200]],
  [{ service: 'small' }, [503, 503, 503]],
  [{ service: 'small-service', route: '/other' }, [200, 200, 503]],
  [{ service: 'other-service' }, [200, 200, 200]],
])('a fault applies to its service and route only: %p', async (target, statuses) => {
  const file = createFaultFile()
  setFault(file, 'http-error', { value: 503, ...target })
  const { app } = await open(file)

  const responses = [
    await app.request('/slow/1'),
    await app.request('/slow/1', { method: 'POST' }),
    await app.request('/other'),
  ]

  expect(responses.map(({ status }) => status)).toEqual(statuses)
})

test('a percentage applies to that share of the traces', async () => {
  const { app, seen, set } = await open()
  await set('http-error', { value: 503, percent: 20 })

  const responses: Response[] = []
  // A hundred at once: load shedding would reject more.
  for (let tens = 0; tens < 10; tens++)
    responses.push(...(await Promise.all(Array.from({ length: 100 }, () => app.request('/other')))))

  const failed = responses.filter(({ status }) => status === 503).length
  expect(failed).toBeWithin(140, 270)
  expect(seen.logs('feature_flag.evaluation')).toHaveLength(failed)
  expect(seen.spans().filter(({ attributes }) => attributes['feature_flag.key'])).toHaveLength(failed)
})

test('each of several faults is logged, and the span has them all', async () => {
  const { app, seen, set } = await open()
  await set('event-loop-block', { value: 30 })
  await set('http-error', { value: 500 })

  const { durationMs } = await timed(() => app.request('/other'))

  expect(durationMs).toBeGreaterThan(29)
  const { attributes } = seen.span('GET /other')
  expect(attributes['feature_flag.key']).toBe('event-loop-block')
  expect(attributes['fault.active']).toEqual(['event-loop-block', 'http-error'])
  expect(seen.logs('feature_flag.evaluation')).toHaveLength(2)
})

test('event-loop-block delays all requests of the process', async () => {
  const { app, set } = await open()
  await set('event-loop-block', { value: 100, route: '/slow/:id' })

  const [, other] = await Promise.all([
    app.request('/slow/1'),
    timed(() => Bun.sleep(1).then(() => app.request('/other'))),
  ])

  expect(other.durationMs).toBeGreaterThan(90)
})

test('turning a fault on and off are both logged', async () => {
  const { seen, file } = await open()

  setFault(file, 'http-latency', { value: 300, service: 'small', route: '/other', percent: 50 })
  await waitUntil(() => seen.logs('fault.changed').length === 1)
  clearFaults(file)
  await waitUntil(() => seen.logs('fault.changed').length === 2)

  const [on, off] = seen.logs('fault.changed')
  expect(on?.body).toBe('http-latency 300 ms, small, /other, 50 %')
  expect(on).toHaveAttributes({
    'feature_flag.key': 'http-latency',
    'fault.value': 300,
    'fault.service': 'small-service',
    'fault.route': '/other',
    'fault.percent': 50,
  })
  expect(off).toHaveAttributes({ 'feature_flag.key': 'http-latency', 'fault.value': 0 })
})

test('a change of a fault of another service is not logged', async () => {
  const { seen, file, set } = await open()

  setFault(file, 'http-latency', { value: 300, service: 'order' })
  await set('http-error', { value: 500 })

  expect(seen.logs('fault.changed').map(({ attributes }) => attributes['feature_flag.key'])).not.toContain(
    'http-latency',
  )
})

test.each([
  ['half a file', '{"flags": {'],
  ['another format', '{"flags": {"http-error": {"state": "ON"}}}'],
  ['nothing', ''],
])('an invalid file (%s) is logged, and the faults do not change', async (_, text) => {
  const { app, seen, file, set } = await open()
  await set('http-error', { value: 503 })

  writeFileSync(file, text)
  await waitUntil(() => seen.logs().some(({ severityText }) => severityText === 'WARN'))

  expect((await app.request('/other')).status).toBe(503)
  expect(seen.lines().at(0)).toMatchObject({ message: 'the fault file cannot be read; the faults do not change' })
  clearFaults(file)
  await waitUntil(async () => (await app.request('/other')).status === 200)
})

test('a file that is created later is read', async () => {
  const file = `${createFaultFile()}.later`
  const { app, set } = await open(file)
  expect((await app.request('/other')).status).toBe(200)

  await set('http-error', { value: 503 })

  expect((await app.request('/other')).status).toBe(503)
})

test('flags that were written by hand are evaluated as flagd evaluates them', async () => {
  const file = createFaultFile()
  const flags = {
    'http-error': {
      state: 'ENABLED',
      variants: { none: 0, soft: 429, hard: 503 },
      defaultVariant: 'none',
      targeting: { if: [{ ends_with: [{ var: 'route' }, ':id'] }, 'hard'] },
    },
    'http-latency': { state: 'DISABLED', variants: { on: 5000 }, defaultVariant: 'on' },
    'unrelated-flag': { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' },
  }
  writeFileSync(file, JSON.stringify({ flags }))
  const { app, seen } = await open(file)

  expect([(await app.request('/slow/1')).status, (await app.request('/other')).status]).toEqual([503, 200])

  expect(seen.span('GET /slow/:id')).toHaveAttributes({
    'feature_flag.result.variant': 'hard',
    'feature_flag.result.reason': 'targeting_match',
  })
})

test('faults are installed only with FAULTS_FILE, and in production only with FAULTS_IN_PRODUCTION=yes', async () => {
  const FAULTS_FILE = createFaultFile()
  const opened = await Promise.all([
    openFaults('x', { environmentName: 'development' }),
    openFaults('x', { environmentName: 'production', FAULTS_FILE }),
    openFaults('x', { environmentName: 'production', FAULTS_FILE, FAULTS_IN_PRODUCTION: 'true' }),
    openFaults('x', { environmentName: 'production', FAULTS_IN_PRODUCTION: 'yes' }),
    openFaults('x', { environmentName: 'production', FAULTS_FILE, FAULTS_IN_PRODUCTION: 'yes' }),
  ])
  expect(opened.map(Boolean)).toEqual([false, false, false, false, true])
  const telemetry = recordTelemetry().telemetry('x')
  const routes = (faults?: Awaited<ReturnType<typeof openFaults>>) =>
    createService({ telemetry, serviceKey, faults }).routes.map(({ handler }) => handler.name)
  expect(routes(opened[4]).length).toBe(routes().length + 1)
})
