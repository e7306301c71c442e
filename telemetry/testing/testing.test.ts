import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from './index'

expect.extend(matchers)

test('the matchers fail when they should', async () => {
  const seen = recordTelemetry()
  await seen.telemetry('shop').span('work', () => {}, { colour: 'blue' })
  const span = seen.span('work')

  expect(span).toHaveAttributes({ colour: 'blue' })
  expect(() => expect(span).toHaveAttributes({ colour: 'red' })).toThrow('colour: "blue", not "red"')
  expect(() => expect(span).toHaveAttributes({ size: 1 })).toThrow('size')
  expect(() => expect(span).toHaveFailed()).toThrow('span "work" is not an error span')
})

test('a trace is shown as a tree over all services', async () => {
  const seen = recordTelemetry()
  const [near, far] = [seen.telemetry('near'), seen.telemetry('far')]
  let traceId = ''

  await near.span('outer', async () => {
    traceId = near.traceId() ?? ''
    await near.span('first', () => {})
    await near.client({ fetch: () => far.span('there', () => new Response()) })('http://far.test/')
  })

  expect(seen.tree(traceId)).toBe('near outer\n  near first\n  near → GET\n    far there')
  expect(seen.tree('0'.repeat(32))).toBe('')
})

test('a missing span is named in the error, with the existing ones', async () => {
  const seen = recordTelemetry()
  await seen.telemetry('shop').span('work', () => {})

  expect(() => seen.span('play')).toThrow('no span "play"; there are: work')
  seen.reset()
  expect(() => seen.span('work')).toThrow('there are: none')
})

test('a metric is summed over the series with the attributes', async () => {
  const seen = recordTelemetry()
  const labels = { result: ['ok'], by: ['name', 'mail'] } as const
  const declared = { kind: 'counter', name: 'logins', unit: '{login}', description: 'Logins', labels } as const
  const counter = seen.telemetry('shop').counter(declared)
  expect(await seen.metric('logins')).toBe(0)

  counter.add(2, { result: 'ok', by: 'name' })
  counter.add(3, { result: 'ok', by: 'mail' })

  expect(await seen.metric('logins', { result: 'ok' })).toBe(5)
  expect(await seen.metric('logins', { by: 'mail' })).toBe(3)
  expect(await seen.metric('logins', { result: 'bad' })).toBeUndefined()
  expect(await seen.metric('unknown')).toBeUndefined()
})
