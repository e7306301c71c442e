import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import type { Telemetry } from '../telemetry'
import { matchers, recordTelemetry } from '../testing'
import type { MiddlewareOptions } from './server'

expect.extend(matchers)

function open(options?: MiddlewareOptions) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  return { seen, telemetry, app: new Hono().use(telemetry.middleware(options)) }
}

const foreign = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
const traceparent = `00-${foreign.traceId}-${foreign.spanId}-01`

test.each([
  ['traceparent', 'x'.repeat(10_000)],
  ['traceparent', `${traceparent},${traceparent}`],
  ['traceparent', `00-${foreign.traceId}-${foreign.spanId}-zz`],
  ['traceparent', `00-${'0'.repeat(32)}-${foreign.spanId}-01`],
])('a malformed %s (%.20s) changes nothing', async (name, value) => {
  const { seen, app } = open({ trustsCaller: () => true })
  app.get('/', (c) => c.text('hello'))

  expect((await app.request('/', { headers: { [name]: value } })).status).toBe(200)

  const span = seen.span('GET /')
  expect(span.parentSpanId).toBeUndefined()
  expect(span.links).toEqual([])
  expect(span.traceState).toBeUndefined()
})

/** A client whose calls all succeed, and the headers it sent. */
function caller(telemetry: Telemetry) {
  const sent: Request[] = []
  const respond = (request: Request) => {
    sent.push(request)
    return new Response()
  }
  return { sent, call: telemetry.client({ fetch: respond }) }
}

test.each([
  ['tracestate', '='.repeat(5000)],
  ['tracestate', `${'a'.repeat(300)}=1,=,,b=\u00e9`],
  ['baggage', `${'a=b,'.repeat(5000)}`],
  ['baggage', '%%%=%%%;=;,,,='],
  ['baggage', `tenant=${':'.repeat(8000)}`],
])('a malformed %s (%.20s) of a trusted caller is ignored', async (name, value) => {
  const { seen, app, telemetry } = open({ trustsCaller: () => true })
  const { sent, call } = caller(telemetry)
  app.get('/', async (c) => c.text(String((await call('http://other/')).status)))

  expect((await app.request('/', { headers: { traceparent, [name]: value } })).status).toBe(200)

  expect(seen.span('GET /')).toMatchObject({ traceId: foreign.traceId, parentSpanId: foreign.spanId })
  expect((sent[0]?.headers.get('baggage') ?? '').length).toBeLessThanOrEqual(8192)
})

test('baggage of a trusted caller is accepted without a trace, in whole entries', async () => {
  const { app, telemetry } = open({ trustsCaller: () => true })
  const { sent, call } = caller(telemetry)
  app.get('/', async (c) => c.text(String((await call('http://other/')).status)))
  const filling = 'f'.repeat(8180)

  await app.request('/', { headers: { baggage: `a=${filling},tenant=blue` } })

  expect(sent[0]?.headers.get('baggage')).toBe(`a=${filling}`)
})

test('a malformed tracestate does not break the trace of a trusted caller', async () => {
  const { seen, app } = open({ trustsCaller: () => true })
  app.get('/', (c) => c.text('hello'))

  await app.request('/', { headers: { traceparent, tracestate: '\u00ff,,=,a=1' } })

  expect(seen.span('GET /')).toMatchObject({ traceId: foreign.traceId, parentSpanId: foreign.spanId })
})

test('baggage of a trusted caller is passed on, and the configured keys are recorded', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop', { baggageAttributes: ['loadtest.run'] })
  const sent: (string | null)[] = []
  const call = telemetry.client({
    fetch: (request) => {
      sent.push(request.headers.get('baggage'))
      return new Response()
    },
  })
  const app = new Hono().use(telemetry.middleware({ trustsCaller: () => true })).get('/', async (c) => {
    await telemetry.span('inside', () => call('http://far.test/'))
    return c.text('hello')
  })

  await app.request('/', { headers: { traceparent, baggage: 'loadtest.run=spike%207;p=1, tenant=blue' } })

  expect(sent).toEqual(['loadtest.run=spike%207,tenant=blue'])
  expect(seen.span('GET /')).toHaveAttributes({ 'loadtest.run': 'spike 7' })
  expect(seen.lines().at(-1)).toMatchObject({ 'loadtest.run': 'spike 7' })
  expect(JSON.stringify(seen.spans())).not.toContain('blue')
})

test('of an untrusted caller’s baggage only the accepted keys are read', async () => {
  const baggage = 'loadtest.run=r1,tenant=blue'
  const through = async (options: MiddlewareOptions) => {
    const { telemetry, app } = open(options)
    const sent: (string | null)[] = []
    const call = telemetry.client({
      fetch: (request) => {
        sent.push(request.headers.get('baggage'))
        return new Response()
      },
    })
    app.get('/', async (c) => c.text(String((await call('http://far.test/')).status)))
    await app.request('/', { headers: { baggage, traceparent } })
    return sent
  }

  expect(await through({})).toEqual([null])
  expect(await through({ acceptedBaggageKeys: () => ['loadtest.run'] })).toEqual(['loadtest.run=r1'])
})

test('the address of a trusted caller is not recorded', async () => {
  const { seen, app } = open({ trustsCaller: () => true, clientAddress: () => '203.0.113.77' })
  app.get('/ours', (c) => c.text('hello')).get('/stranger', (c) => c.text('hello'))

  await app.request('/ours', { headers: { traceparent } })
  await app.request('/stranger')

  expect(seen.span('GET /ours').attributes).not.toHaveProperty('client.address')
  expect(seen.span('GET /stranger')).toHaveAttributes({ 'client.address': '203.0.113.0' })
})
