import { expect, test } from 'bun:test'
import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api'
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'
import { Hono } from 'hono'
import { useFakeClock } from '../../test/clock'
import { recordTelemetry } from '../testing'
import { newTraceId } from './ids'
import { createSampler } from './sampling'

const settings = { parentBased: true, ratio: 1, rules: [], maxTracesPerSecond: Number.POSITIVE_INFINITY }

test.each([0, 0.001, 0.1, 0.5, 0.999, 1])('a ratio of %d samples the same traces as the SDK’s sampler', (ratio) => {
  const ours = createSampler({ ...settings, ratio })
  const theirs = new TraceIdRatioBasedSampler(ratio)

  for (let n = 0; n < 5000; n++) {
    const traceId = newTraceId()
    const { decision } = theirs.shouldSample(ROOT_CONTEXT, traceId)
    expect(ours(traceId)).toBe(decision === SamplingDecision.RECORD_AND_SAMPLED)
  }
})

function open(env: Record<string, string>) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop', { env })
  const app = new Hono()
    .use(telemetry.middleware({ trustsCaller: () => true }))
    .get('/assets/*', (c) => c.text('asset'))
    .get('/product/:slug', (c) => c.text('product'))
    .post('/checkout', (c) => c.text('paid'))
  return { seen, telemetry, app }
}

const names = (seen: ReturnType<typeof recordTelemetry>) => seen.spans().map(({ name }) => name)

test('the first matching rule applies to a route, and the ratio to all others', async () => {
  const { seen, app } = open({
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0',
    VITRINE_TRACES_RULES: 'GET /assets/*=0, POST /checkout=1, /assets/*=1',
  })

  await app.request('/assets/a.css')
  await app.request('/product/x')
  await app.request('/checkout', { method: 'POST' })
  await app.request('/nowhere')

  expect(names(seen)).toEqual(['POST /checkout'])
})

test('rules, ratio and rate limit do not apply to a continued trace', async () => {
  const { seen, app } = open({
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    VITRINE_TRACES_RULES: '*=0, /assets/*=0',
    VITRINE_TRACES_PER_SECOND: '0',
  })
  const headers = { traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` }

  await app.request('/assets/a.css', { headers })

  expect(names(seen)).toEqual(['GET /assets/*'])
})

test('a rate limit bounds new traces per second, with their children', async () => {
  useFakeClock()
  const { seen, telemetry } = open({ VITRINE_TRACES_PER_SECOND: '10' })

  for (let n = 0; n < 100; n++) await telemetry.span('parent', () => telemetry.span('child', () => {}))

  expect(names(seen).filter((name) => name === 'parent')).toHaveLength(10)
  expect(names(seen).filter((name) => name === 'child')).toHaveLength(10)
})

test.each([
  [{ OTEL_TRACES_SAMPLER: 'always_on', VITRINE_TRACES_PER_SECOND: '5' }],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.05' }],
])('a local trace is sampled completely or not at all: %o', async (env) => {
  useFakeClock()
  const { seen, telemetry } = open(env)

  for (let n = 0; n < 100; n++) await telemetry.span('parent', () => telemetry.span('child', () => {}))

  const parents = names(seen).filter((name) => name === 'parent')
  expect(parents.length).toBeLessThan(60)
  expect(names(seen).filter((name) => name === 'child')).toHaveLength(parents.length)
})

test('the rate limit allows new traces after a while', async () => {
  const clock = useFakeClock()
  const { seen, telemetry } = open({ VITRINE_TRACES_PER_SECOND: '50' })
  const burst = async () => {
    for (let n = 0; n < 100; n++) await telemetry.span('work', () => {})
  }

  await burst()
  expect(names(seen)).toHaveLength(50)
  await clock.advance(100)
  await burst()

  // The number of tokens depends on the time that has passed.
  expect(names(seen)).toHaveLength(55)
})

test('requests that are not sampled are counted and logged, with a trace id', async () => {
  const { seen, app } = open({ VITRINE_TRACES_RULES: 'GET /assets/*=0' })

  const response = await app.request('/assets/a.css')

  expect(seen.spans()).toEqual([])
  expect(await seen.metric('http.server.request.duration', { 'http.route': '/assets/*' })).toBe(1)
  expect(seen.logs('http.server.request')[0]).toMatchObject({ traceId: response.headers.get('x-trace-id'), flags: 0 })
})

test.each(['GET /assets', '/assets/*=2', '/assets/*=x', 'assets/*=1', '=1'])(
  'a rule %p makes no sense and is named',
  (rule) => {
    const { seen } = open({ VITRINE_TRACES_RULES: `${rule}, POST /checkout=1` })

    expect(seen.lines()).toMatchObject([{ level: 'warn', message: expect.stringContaining(rule) }])
  },
)

test('spans of other libraries are sampled and exported the same way', async () => {
  const { seen, telemetry } = open({})

  await telemetry.span('ours', () => {
    const theirs = telemetry.providers.tracer.getTracer('their-library', '1.2.3')
    theirs.startSpan('theirs', { kind: SpanKind.PRODUCER, attributes: { size: 3 } }, telemetry.context()).end()
  })

  const [theirs, ours] = [seen.span('theirs'), seen.span('ours')]
  expect(theirs).toMatchObject({
    traceId: ours.traceId,
    parentSpanId: ours.spanId,
    scope: 'their-library',
    service: 'shop',
  })
  expect(theirs.attributes).toEqual({ size: 3 })
})
