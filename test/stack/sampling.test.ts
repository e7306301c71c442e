import { describe, expect, test } from 'bun:test'
import { createTelemetry } from '@vitrine/telemetry'
import { Hono } from 'hono'
import { lastMetricValue, type ReceivedTelemetry } from '../otlp-receiver'
import { isMissing } from '../requirements'
import { startCollector } from './collector'

const requests = 10_000
const errors = 200

describe.skipIf(isMissing('stack'))('all traces sent, 1 % kept by the collector', () => {
  test('200 errors among 10 000 requests leave all their traces and some of the others; metrics and logs are whole', async () => {
    const collector = await startCollector('tail-sampling.yaml')
    const telemetry = createTelemetry({
      serviceName: 'sampled',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRIC_EXPORT_INTERVAL: '500' },
      write: () => {},
      repeatLimit: { maxPerWindow: 0, windowMs: 1 },
    })
    const app = new Hono()
      .use(telemetry.middleware())
      .get('/fine', async (c) => c.text(await telemetry.span('inside', () => 'fine')))
      .get('/broken', async (c) => {
        // The error is in a child span: only the collector, which has the whole trace, can sample by it.
        await telemetry.span('inside', () => Promise.reject(new Error('broken'))).catch(() => {})
        return c.text('sorry')
      })

    for (let n = 0; n < requests; n++) {
      await app.request(n % (requests / errors) === 0 ? '/broken' : '/fine')
      if (n % 100 === 0) await Bun.sleep(1)
    }
    await telemetry.forceFlush()
    await telemetry.shutdown()
    const rootsOf = ({ traces }: ReceivedTelemetry, route: string) =>
      new Set(traces.filter(({ name }) => name === route).map(({ traceId }) => traceId))
    await collector.waitUntil((received) => rootsOf(received, 'GET /broken').size >= errors)
    // The collector decides about the last traces after its decision_wait of 2 s.
    await Bun.sleep(4000)
    const received = await collector.stop()

    const stored = (route: string) => rootsOf(received, route)
    expect(stored('GET /broken').size).toBe(errors)
    expect(stored('GET /fine').size).toBeWithin(60, 141)
    // Each stored root span has its child.
    const children = received.traces.filter(({ name }) => name === 'inside')
    expect(children).toHaveLength(stored('GET /broken').size + stored('GET /fine').size)
    expect(lastMetricValue(received, 'sampled', 'http.server.request.duration')).toBe(requests)
    expect(received.logs.filter(({ eventName }) => eventName === 'http.server.request')).toHaveLength(requests)
  }, 180_000)
})
