import { expect, test } from 'bun:test'
import { createTelemetry } from '@vitrine/telemetry'
import { type ExportedSpan, matchers, recordTelemetry, spansIn } from '@vitrine/telemetry/testing'
import { createNotesApp } from './database'
import { createHandler } from './lambda'
import { createPriceApp, createShopApp } from './two-services'

expect.extend(matchers)

test('database: each statement is a span without its values, and a metric', async () => {
  const recording = recordTelemetry()
  const app = createNotesApp(recording.telemetry('notes'))

  expect((await app.request('/notes', { method: 'POST', body: 'private' })).status).toBe(201)
  expect(await (await app.request('/notes')).json()).toEqual([{ id: 1, text: 'private' }])

  const insert = recording.spans().find(({ attributes }) => String(attributes['db.query.text']).startsWith('INSERT'))
  expect(insert).toMatchObject({ kind: 'client', traceId: recording.span('POST /notes').traceId })
  expect(JSON.stringify(recording.spans())).not.toContain('private')
  expect(await recording.metric('db.client.operation.duration')).toBe(2)
})

test('two services: one trace, and an unknown caller starts a new one', async () => {
  const recording = recordTelemetry()
  const [prices, shop] = [recording.telemetry('prices'), recording.telemetry('shop')]
  const priceApp = createPriceApp(prices, 'key')
  const fetchPrices = shop.client({ peer: 'prices', fetch: (request) => priceApp.request(request) })

  const response = await createShopApp(shop, fetchPrices, 'http://prices.test', 'key').request('/product/lamp')
  expect(await response.text()).toBe('lamp: 1999 cents')

  const { traceId } = recording.span('GET /product/:product')
  expect(recording.tree(traceId)).toBe('shop GET /product/:product\n  shop → GET\n    prices GET /price/:product')

  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }
  await priceApp.request('/price/lamp', { headers })
  expect(recording.span('GET /price/:product').traceId).not.toBe(traceId)
})

test('lambda: the span has been exported when the invocation ends', async () => {
  const exported: ExportedSpan[] = []
  const telemetry = createTelemetry({
    serviceName: 'hello-lambda',
    env: { AWS_LAMBDA_FUNCTION_NAME: 'hello', OTEL_EXPORTER_OTLP_COMPRESSION: 'none' },
    write: () => {},
    async send(url, { body }) {
      if (url.endsWith('/v1/traces')) exported.push(...spansIn(await new Response(body).json()))
      return Response.json({})
    },
  })
  const event = {
    version: '2.0',
    rawPath: '/hello',
    rawQueryString: '',
    headers: { host: 'hello.test' },
    requestContext: { http: { method: 'GET', path: '/hello' } },
    body: null,
    isBase64Encoded: false,
  }

  const result = await createHandler(telemetry)(event as never)

  expect(result).toMatchObject({ statusCode: 200, body: 'Hello' })
  expect(exported.map(({ name, service }) => `${service} ${name}`)).toEqual(['hello-lambda GET /hello'])
  await telemetry.shutdown()
})
