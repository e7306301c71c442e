import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { builtInDeclarations } from '../built-in-declarations'
import type { Declarations } from '../declaration'
import { recordTelemetry, undeclared } from '.'

const own = {
  metrics: {
    things: {
      kind: 'counter',
      name: 'things',
      unit: '{thing}',
      description: 'Things',
      attributes: { size: ['small', 'large'] },
    },
  },
  spans: { 'make a thing': { kind: 'internal', description: 'Makes a thing' } },
  events: { 'thing.made': 'A thing was made' },
  attributes: {
    'thing.size': { type: 'string', description: 'Size', values: ['small', 'large'] },
    'thing.count': { type: 'int', unit: '{thing}', description: 'How many' },
  },
} as const satisfies Declarations

async function findingsOf(run: (telemetry: ReturnType<ReturnType<typeof recordTelemetry>['telemetry']>) => unknown) {
  const seen = recordTelemetry()
  await run(seen.telemetry('shop'))
  return undeclared(
    { spans: seen.spans(), logs: seen.logs(), metrics: await seen.metrics() },
    { shop: [builtInDeclarations, own] },
  )
}

test('declared telemetry, built-in and of the program, has no findings', async () => {
  const faults = await findingsOf(async (telemetry) => {
    telemetry.counter(own.metrics.things).add(1, { size: 'small' })
    const app = new Hono().use(telemetry.middleware()).get('/:id', async (c) => {
      await telemetry.client({ fetch: () => new Response() })('http://far.test/')
      await telemetry.span('make a thing', () =>
        telemetry.log.event('thing.made', { 'thing.size': 'small', 'thing.count': 2 }),
      )
      return c.text('made')
    })
    await app.request('/7', { headers: { 'x-a': 'b' } })
    await app.request('/7/8', { method: 'PURGE' })
  })

  expect(faults).toEqual([])
})

test.each<[string, Parameters<typeof findingsOf>[0], string]>([
  ['a span', (t) => t.span('play', () => {}), 'shop: span "play" (internal) is not declared'],
  [
    'an attribute',
    (t) => t.span('make a thing', () => t.setAttribute('colour', 1)),
    'span "make a thing": attribute "colour" is not declared',
  ],
  [
    'a type',
    (t) => t.span('make a thing', () => t.setAttribute('thing.count', 'two')),
    'attribute "thing.count" is not of type int: "two"',
  ],
  [
    'a value',
    (t) => t.log.info('x', { 'thing.size': 'huge' }),
    'log record "x": attribute "thing.size" may not be "huge"',
  ],
  ['an event', (t) => t.log.event('thing.broken'), 'event "thing.broken" is not declared'],
  ['a metric', (t) => t.counter({ ...own.metrics.things, name: 'others' }), 'metric "others" is not declared'],
  ['a unit', (t) => t.counter({ ...own.metrics.things, unit: 's' }), 'metric "things" has the unit s, not {thing}'],
  [
    'a kind',
    (t) => t.histogram({ ...own.metrics.things, kind: 'histogram', buckets: [1] }).record(1, { size: 'small' }),
    'metric "things" is a histogram, not a counter',
  ],
  [
    'a label',
    (t) => t.counter({ ...own.metrics.things, attributes: { hue: ['red'] } }),
    'metric "things" has the attribute "hue"',
  ],
  [
    'an attribute’s value',
    (t) => t.counter({ ...own.metrics.things, attributes: { size: ['huge'] } }),
    'has the attribute "size" "huge"',
  ],
])('%s that is not declared is reported', async (_, run, finding) => {
  expect((await findingsOf(run)).join('\n')).toContain(finding)
})
