import { beforeAll, describe, expect, test } from 'bun:test'
import { undeclared } from '@vitrine/telemetry/testing'
import { declarationsByService } from '../../services/declarations'
import { createShopper } from '../../stack/clients/shopper'
import { lastMetricValue, type ReceivedTelemetry } from '../otlp-receiver'
import { isMissing } from '../requirements'
import { startServices } from '../service-processes'
import { productId } from '../shop'
import { startCollector } from './collector'

const services = ['frontend', 'user-service', 'product-service', 'order-service']

describe.skipIf(isMissing('stack'))('one order, read back from the real collector', () => {
  let received: ReceivedTelemetry = { traces: [], logs: [], metrics: [] }
  let traceId = ''
  let orderId: unknown

  beforeAll(async () => {
    const collector = await startCollector('collector.yaml')
    const shop = await startServices({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRIC_EXPORT_INTERVAL: '500' })
    const alice = createShopper(shop.frontend.url)
    await alice.register('alice')
    await alice.order([
      [productId(1), 2],
      [productId(9), 1],
    ])
    expect(await shop.stop()).toEqual([0, 0, 0, 0])
    received = await collector.stop()
    const checkout = received.traces.find((span) => span.name === 'checkout_process')
    traceId = checkout?.traceId ?? ''
    orderId = checkout?.attributes['order.id']
  }, 180_000)

  test('is one trace with the spans of all four services and their SQL', () => {
    const trace = received.traces.filter((span) => span.traceId === traceId)
    expect([...new Set(trace.map((span) => span.service))].sort()).toEqual(services.toSorted())
    const sql = trace.filter((span) => span.attributes['db.query.text'])
    expect([...new Set(sql.map((span) => span.service))].sort()).toEqual(services.slice(1).toSorted())
    const ids = new Set(trace.map((span) => span.spanId))
    const roots = trace.filter((span) => !ids.has(span.parentSpanId ?? ''))
    expect(roots.map((span) => span.name)).toEqual(['POST /checkout/process'])
    expect(trace.filter((span) => span.status.code === 2)).toEqual([])
  })

  test('its business span says what was bought', () => {
    const span = received.traces.find((one) => one.name === 'checkout_process')
    expect(span?.attributes).toMatchObject({
      'process.status': 'success',
      'order.items_count': 3,
      'order.total_cents': 264997,
    })
    expect(span?.attributes['user.id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(orderId).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each(services)('%s wrote log lines with its trace id', (service) => {
    const lines = received.logs.filter((log) => log.service === service && log.traceId === traceId)
    expect(lines.length).toBeGreaterThanOrEqual(1)
    expect(lines.some((log) => log.eventName === 'http.server.request')).toBe(true)
  })

  test.each([
    ['order-service', 'orders.created', {}, 1],
    ['order-service', 'cart.items.added', { 'product.slug': 'laptop-pro' }, 2],
    ['order-service', 'cart.items.added', { 'product.slug': 'souris-gaming' }, 1],
    ['order-service', 'orders.checkout.completed', {}, 1],
    ['order-service', 'orders.checkout.refused', {}, 0],
    ['order-service', 'orders.checkout.failed', {}, 0],
    ['order-service', 'orders.basket.value', {}, 1],
    ['user-service', 'users.logins', { result: 'success' }, 1],
    ['user-service', 'users.logins', { result: 'bad_credentials' }, 0],
    ['product-service', 'product.stock', { 'product.slug': 'laptop-pro' }, 23],
    ['product-service', 'product.stock', { 'product.slug': 'souris-gaming' }, 24],
    ['frontend', 'http.server.request.duration', { 'http.route': '/checkout/process' }, 1],
    ['order-service', 'http.server.request.duration', { 'http.route': '/api/order/checkout' }, 1],
  ])('%s counts %s %j = %d', (service, name, labels, value) => {
    expect(lastMetricValue(received, service, name, labels)).toBe(value)
  })

  test('all that arrived is declared', () => {
    const { traces: spans, logs, metrics } = received
    expect(undeclared({ spans, logs, metrics }, declarationsByService)).toEqual([])
  })

  test('no signal holds a name, an e-mail address, a password, a token or a user agent', () => {
    const everything = JSON.stringify(received)
    expect(everything).toContain('checkout_process')
    for (const secret of [
      'alice',
      'Alice',
      'Martin',
      'example.test',
      'correct horse',
      'Bearer',
      'Bun/',
      'test-service-key',
    ]) {
      expect(everything).not.toContain(secret)
    }
  })
})
