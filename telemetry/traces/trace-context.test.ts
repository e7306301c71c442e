import { expect, test } from 'bun:test'
import { readTraceContext, writeTraceContext } from './trace-context'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const read = (traceparent: string, tracestate?: string) =>
  readTraceContext(new Headers({ traceparent, ...(tracestate !== undefined && { tracestate }) }))

test('a traceparent is read', () => {
  expect(read(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, traceFlags: 1, isRemote: true })
  expect(read(`00-${traceId}-${spanId}-00`)?.traceFlags).toBe(0)
})

test('only the sampled flag is read', () => {
  expect(read(`00-${traceId}-${spanId}-ff`)?.traceFlags).toBe(1)
  expect(read(`00-${traceId}-${spanId}-02`)?.traceFlags).toBe(0)
})

test('a later version is read up to the known fields', () => {
  expect(read(`cc-${traceId}-${spanId}-01`)).toMatchObject({ traceId })
  expect(read(`cc-${traceId}-${spanId}-01-what-the-future-brings`)).toMatchObject({ traceId })
})

test.each([
  'garbage',
  '',
  `00-${traceId}-${spanId}`,
  `00-${traceId}-${spanId}-01-more`,
  `ff-${traceId}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${traceId.slice(1)}-${spanId}-01`,
  `00-${traceId}-${spanId}-1`,
  `cc-${traceId}-${spanId}-01.more`,
  `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
])('the malformed traceparent %p is ignored', (traceparent) => {
  expect(read(traceparent)).toBeUndefined()
})

test('without a traceparent there is no context, whatever the tracestate', () => {
  expect(readTraceContext(new Headers({ tracestate: 'a=1' }))).toBeUndefined()
})

test('a tracestate is read, unless it is too long', () => {
  const traceparent = `00-${traceId}-${spanId}-01`

  expect(read(traceparent, 'a=1,b=2')?.traceState?.serialize()).toBe('a=1,b=2')
  expect(read(traceparent, `a=${'x'.repeat(600)}`)).toEqual({ traceId, spanId, traceFlags: 1, isRemote: true })
})

test('written headers can be read back', () => {
  const headers = new Headers()
  const context = read(`00-${traceId}-${spanId}-01`, 'a=1')
  if (!context) throw new Error('not read')

  writeTraceContext(headers, context)

  expect(headers.get('traceparent')).toBe(`00-${traceId}-${spanId}-01`)
  expect(headers.get('tracestate')).toBe('a=1')
  writeTraceContext(headers, { traceId, spanId, traceFlags: 0 })
  expect(headers.get('traceparent')).toBe(`00-${traceId}-${spanId}-00`)
})
