import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '../testing'

expect.extend(matchers)

function open(env: Record<string, string> = {}) {
  const seen = recordTelemetry()
  return { seen, telemetry: seen.telemetry('shop', { env: { DEPLOYMENT_ENVIRONMENT: 'test', ...env } }) }
}

test('a line has time, level, service and message, and the log record has the same', () => {
  const { seen, telemetry } = open()

  telemetry.log.warn('stock is low', { 'product.slug': 'webcam-hd', left: 2 })

  expect(seen.lines()).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'warn',
      service: 'shop',
      message: 'stock is low',
      'product.slug': 'webcam-hd',
      left: 2,
    },
  ])
  const [log] = seen.logs()
  expect(log).toMatchObject({ body: 'stock is low', severityText: 'WARN', severityNumber: 13 })
  expect(log?.attributes).toEqual({ 'product.slug': 'webcam-hd', left: 2 })
  expect(log?.traceId).toBeUndefined()
})

test('a line inside a span has its ids, and so does the log record', async () => {
  const { seen, telemetry } = open()

  await telemetry.span('work', () => telemetry.log.info('working'))

  const { traceId, spanId } = seen.span('work')
  expect(seen.lines()[0]).toMatchObject({ trace_id: traceId, span_id: spanId, trace_flags: 1 })
  expect(seen.logs()[0]).toMatchObject({ traceId, spanId })
})

test('an event has its name', () => {
  const { seen, telemetry } = open()

  telemetry.log.event('checkout.refused', { reason: 'empty_cart' }, 'warn', 'Nothing to pay')

  expect(seen.logs('checkout.refused')[0]).toMatchObject({ body: 'Nothing to pay', severityText: 'WARN' })
  expect(seen.lines()[0]).toMatchObject({ event: 'checkout.refused', message: 'Nothing to pay', reason: 'empty_cart' })
})

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  [undefined, ['info', 'warn', 'error']],
  ['error', ['error']],
])('with LOG_LEVEL=%p, %p are logged', (level, expected) => {
  const { seen, telemetry } = open(level ? { LOG_LEVEL: level } : {})

  for (const name of ['debug', 'info', 'warn', 'error'] as const) telemetry.log[name](name)

  expect(seen.lines().map((line) => line.level)).toEqual(expected)
  expect(seen.logs().map((log) => log.severityText?.toLowerCase())).toEqual(expected)
})

test('an error is logged once, however often it is reported', async () => {
  const { seen, telemetry } = open()
  const error = new TypeError('x is not a function')

  await telemetry.span('work', () => {
    telemetry.recordException(error)
    telemetry.recordException(error)
    telemetry.log.exception('exception', error)
  })

  expect(seen.logs('exception')).toHaveLength(1)
  expect(seen.logs('exception')[0]).toHaveAttributes({ 'exception.type': 'TypeError', 'error.type': 'TypeError' })
  expect(seen.span('work')).toHaveFailed()
  expect(seen.span('work')).toHaveAttributes({ 'error.type': 'TypeError' })
})

test('an exception can be FATAL, and a thrown non-Error shows its type only', () => {
  const { seen, telemetry } = open()

  telemetry.log.exception('exception', new Error('the end'), 'fatal')
  telemetry.log.exception('exception', 'hunter2')

  const [fatal, text] = seen.logs('exception')
  expect(fatal?.severityText).toBe('FATAL')
  expect(text).toHaveAttributes({ 'exception.type': 'string', 'error.type': 'string' })
  expect(JSON.stringify(seen.lines())).not.toContain('hunter2')
})

test('a database error shows neither parameters nor values', () => {
  const { seen, telemetry } = open()
  const driver = Object.assign(new Error("Duplicate entry 'alice@example.test' for key 'email'"), {
    code: 'ER_DUP_ENTRY',
    errno: 1062,
    sqlState: '23000',
  })
  const drizzle = new Error('Failed query: insert into users\nparams: alice@example.test,hunter2', { cause: driver })

  telemetry.log.exception('exception', drizzle)

  expect(seen.logs('exception')[0]).toHaveAttributes({
    'error.type': 'ER_DUP_ENTRY',
    'exception.message': "Duplicate entry '?' for key '?'",
  })
  const everything = JSON.stringify([seen.lines(), seen.logs().map(({ body, attributes }) => ({ body, attributes }))])
  expect(everything).not.toContain('alice')
  expect(everything).not.toContain('hunter2')
})

test('setAttribute() sets an attribute on the current span, and does nothing without one', async () => {
  const { seen, telemetry } = open()

  telemetry.setAttribute('cart.size', 1)
  await telemetry.span('outer', async () => {
    await telemetry.span('inner', () => telemetry.setAttribute('cart.size', 3))
  })

  expect(seen.span('inner')).toHaveAttributes({ 'cart.size': 3 })
  expect(seen.span('outer').attributes).not.toHaveProperty('cart.size')
})

test('concurrent spans do not affect each other', async () => {
  const { seen, telemetry } = open()
  const work = (name: string) =>
    telemetry.span(name, async () => {
      await Bun.sleep(Math.random() * 5)
      telemetry.setAttribute('name', name)
      await telemetry.span(`below ${name}`, () => Bun.sleep(1))
    })

  await Promise.all(['a', 'b', 'c'].map(work))

  for (const name of ['a', 'b', 'c']) {
    expect(seen.span(name)).toHaveAttributes({ name })
    expect(seen.span(`below ${name}`).parentSpanId).toBe(seen.span(name).spanId)
  }
})

test('a span fails with the error of its work, which is rethrown', async () => {
  const { seen, telemetry } = open()
  const error = new RangeError('too far')

  expect(await telemetry.span('work', () => Promise.reject(error)).catch((thrown) => thrown)).toBe(error)

  expect(seen.span('work')).toHaveFailed()
  expect(seen.span('work')).toHaveAttributes({ 'error.type': 'RangeError' })
})

test('the level can be changed at run time', () => {
  const { seen, telemetry } = open({ LOG_LEVEL: 'warn' })

  telemetry.log.info('one')
  telemetry.log.level = 'debug'
  telemetry.log.debug('two')
  telemetry.log.level = 'error'
  telemetry.log.warn('three')

  expect(seen.lines().map(({ message }) => message)).toEqual(['two'])
  expect(telemetry.log.level).toBe('error')
})

test('a thenable that starts when it is awaited, as a query builder’s, runs inside its span', async () => {
  const { seen, telemetry } = open()
  // biome-ignore lint/suspicious/noThenProperty: a thenable is the point
  const lazily = { then: (resolve: (value: string) => void) => resolve(telemetry.traceId() ?? 'none') }

  const traceId = await telemetry.span('work', () => lazily as unknown as Promise<string>)

  expect(traceId).toBe(seen.span('work').traceId)
})
