import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { recordTelemetry } from '../testing'
import type { Counter } from './instruments'

const declared = { name: 'things', unit: '{thing}', description: 'Things', attributes: { of: 'this test' } } as const

function open(preference?: string) {
  const seen = recordTelemetry()
  const env = preference ? { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference } : {}
  return { seen, telemetry: seen.telemetry('shop', { env }) }
}

test('cumulative values count from the start', async () => {
  const { seen, telemetry } = open()
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter

  things.add(2)
  expect(await seen.metric('things')).toBe(2)
  things.add(3)
  expect(await seen.metric('things')).toBe(5)

  expect((await seen.metrics()).find(({ name }) => name === 'things')).toMatchObject({
    type: 'sum',
    isMonotonic: true,
    isDelta: false,
    unit: '{thing}',
    description: 'Things',
  })
})

test('a cumulative series starts at the previous collection, so that its first event is an increase of now', async () => {
  const { seen, telemetry } = open()
  const responses = telemetry.counter({ kind: 'counter', ...declared, attributes: { status: 'any' } }) as Counter
  const pointOf = async (status: number) =>
    (await seen.series('things')).find((one) => one.attributes.status === status)

  responses.add(1, { status: 200 })
  const early = await pointOf(200)
  responses.add(1, { status: 503 })
  const late = await pointOf(503)
  expect(late?.startMs).toBe(early?.timeMs as number)
  expect((await pointOf(503))?.startMs).toBe(late?.startMs as number)
  expect((await pointOf(200))?.startMs).toBe(early?.startMs as number)
})

test('delta values count from the last export, and unchanged series are left out', async () => {
  const { seen, telemetry } = open('delta')
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter
  const sizes = telemetry.histogram({
    kind: 'histogram',
    name: 'sizes',
    unit: 'By',
    description: 'Sizes',
    buckets: [10, 100],
  })

  things.add(2)
  sizes.record(50)
  const first = await seen.metrics()
  things.add(3)
  const second = await seen.metrics()

  const named = (metrics: typeof first, name: string) => metrics.find((metric) => metric.name === name)
  expect(named(first, 'things')).toMatchObject({ isDelta: true, points: [{ value: 2 }] })
  expect(named(first, 'sizes')).toMatchObject({ isDelta: true, points: [{ value: 1, sum: 50, buckets: [0, 1, 0] }] })
  expect(named(second, 'things')).toMatchObject({ points: [{ value: 3 }] })
  expect(named(second, 'sizes')).toBeUndefined()
})

test.each([
  ['cumulative', { things: false, size: false, cpu: false }],
  ['delta', { things: true, size: false, cpu: true }],
  ['lowmemory', { things: true, size: false, cpu: false }],
])('with %s, counters, sizes and observed counters are %j', async (preference, isDelta) => {
  const { seen, telemetry } = open(preference)
  ;(telemetry.counter({ kind: 'counter', ...declared }) as Counter).add(1)
  const app = new Hono().use(telemetry.middleware()).get('/', (c) => c.text('hello'))
  await app.request('/')

  const found = Object.fromEntries((await seen.metrics()).map(({ name, isDelta }) => [name, isDelta]))
  expect({
    things: found.things,
    size: found['http.server.active_requests'],
    cpu: found['process.cpu.time'],
  }).toEqual(isDelta)
})

test('a value on a histogram’s bound belongs to the bucket below', async () => {
  const { seen, telemetry } = open()
  const sizes = telemetry.histogram({
    kind: 'histogram',
    name: 'sizes',
    unit: 'By',
    description: 'Sizes',
    buckets: [10, 100],
  })

  for (const value of [0, 10, 10.5, 100, 1000, -1, Number.NaN]) sizes.record(value)

  expect(await seen.series('sizes')).toMatchObject([
    { value: 5, sum: 1120.5, min: 0, max: 1000, bounds: [10, 100], buckets: [2, 2, 1] },
  ])
})

test('attributes are compared by content, in any order, and later changes to the object have no effect', async () => {
  const { seen, telemetry } = open()
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter
  const labels: Record<string, string> = { colour: 'blue', size: 'small' }

  things.add(1, labels)
  labels.colour = 'red'
  things.add(1, { size: 'small', colour: 'blue' })
  things.add(1, Object.freeze({ size: 'small', colour: 'blue' }))
  things.add(1, labels)

  expect(await seen.metric('things', { colour: 'blue' })).toBe(3)
  expect(await seen.metric('things', { colour: 'red' })).toBe(1)
  expect(await seen.series('things')).toHaveLength(2)
})

test('beyond 2000 series new ones are counted in the overflow series, and no count is lost', async () => {
  const { seen, telemetry } = open()
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter

  for (let n = 0; n < 5000; n++) things.add(1, Object.freeze({ n }))

  expect(await seen.series('things')).toHaveLength(2000)
  expect(await seen.metric('things')).toBe(5000)
  expect(await seen.metric('things', { 'otel.metric.overflow': true })).toBe(3001)
})

test('a value that is not a number is ignored', async () => {
  const { seen, telemetry } = open()
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter
  const level = telemetry.counter({ kind: 'upDownCounter', ...declared, name: 'level' }) as Counter
  const sizes = telemetry.histogram({ kind: 'histogram', ...declared, name: 'sizes', buckets: [10] })
  telemetry.observe({ kind: 'gauge', ...declared, name: 'room' }, () => [[Number.NaN], [3, { of: 'this test' }]])
  const theirs = telemetry.providers.meter.getMeter('a library').createUpDownCounter('theirs')

  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    things.add(odd)
    level.add(odd)
    sizes.record(odd, { of: 'this test' })
    theirs.add(odd)
  }
  things.add(1)
  level.add(-2)
  sizes.record(5, { of: 'this test' })

  const found = await seen.metrics()
  const values = (name: string) => found.find((metric) => metric.name === name)?.points.map(({ value }) => value)
  expect(['things', 'level', 'sizes', 'room', 'theirs'].map(values)).toEqual([[1], [-2], [1], [3], undefined])
})

test('attribute values without a JSON type become strings', async () => {
  const { seen, telemetry } = open()
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter

  things.add(1, { of: 10n as never })
  things.add(1, { of: '10' })

  expect((await seen.series('things')).map(({ attributes, value }) => [attributes.of, value])).toEqual([['10', 2]])
})

test('with delta temporality an unchanged series no longer counts against the limit', async () => {
  const { seen, telemetry } = open('delta')
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter

  for (let n = 0; n < 2500; n++) things.add(1, { of: `first ${n}` })
  await seen.metrics()
  await seen.metrics()
  things.add(1, { of: 'later' })

  expect((await seen.series('things')).map(({ attributes }) => attributes)).toEqual([{ of: 'later' }])
})

test('a callback that never settles does not block others', async () => {
  const { seen, telemetry } = open()
  telemetry.observe({ kind: 'gauge', ...declared, name: 'stuck' }, () => new Promise(() => {}))
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter
  things.add(2)

  expect(await seen.metric('things')).toBe(2)
})

test('a counter does not go down', async () => {
  const { seen, telemetry } = open()
  const things = telemetry.counter({ kind: 'counter', ...declared }) as Counter

  things.add(2)
  things.add(-1)

  expect(await seen.metric('things')).toBe(2)
})

test('100 000 odd requests create few series', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop', { env: { OTEL_TRACES_SAMPLER: 'always_off', LOG_LEVEL: 'error' } })
  const app = new Hono()
    .use(telemetry.middleware({ trustsCaller: () => true }))
    .get('/things/:id', (c) => c.text('thing'))
    .post('/things', (c) => c.json({}, 201))
    .get('/files/*', (c) => c.text('file'))
    .onError((_, c) => c.text('sorry', 500))
  const odd = oddThings(7)

  for (let n = 0; n < 100_000; n++) await app.fetch(odd.request())

  const points = await seen.series('http.server.request.duration')
  expect(points.reduce((sum, { value }) => sum + value, 0)).toBe(100_000)
  // 11 methods × 2 schemes × (3 routes + none), most of them with one status.
  expect(points.length).toBeGreaterThan(20)
  expect(points.length).toBeLessThanOrEqual(11 * 2 * 4)
  expect((await seen.series('http.server.active_requests')).length).toBeLessThanOrEqual(11 * 2)
  expect(await seen.metric('http.server.active_requests')).toBe(0)
}, 180_000)

/** Odd requests, reproducible by their seed. */
function oddThings(seed: number) {
  let state = seed
  const random = (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    const mixed = Math.imul(state ^ (state >>> 15), state | 1)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
  const text = () => String.fromCharCode(...Array.from({ length: 1 + random(12) }, () => 97 + random(26)))
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'QUERY']
  const paths = [() => `/things/${text()}`, () => '/things', () => `/files/${text()}/${text()}`, () => `/${text()}`]
  return {
    request() {
      const method = random(3) === 0 ? text().toUpperCase() : (methods[random(methods.length)] ?? 'GET')
      const host = random(2) === 0 ? 'shop.test' : `${text()}.${text()}:${1 + random(60000)}`
      const path = paths[random(paths.length)]?.() ?? '/'
      const headers = {
        traceparent: random(2) === 0 ? text() : `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-0${random(2)}`,
        tracestate: `${text()}=${text()}`,
        baggage: `${text()}=${text()},loadtest.run=${text()}`,
        'user-agent': text(),
        'x-forwarded-for': text(),
      }
      return new Request(`${random(2) === 0 ? 'http' : 'https'}://${host}${path}?${text()}=${text()}`, {
        method,
        headers,
      })
    },
  }
}
