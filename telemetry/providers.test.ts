import { expect, test } from 'bun:test'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { Hono } from 'hono'
import { createTelemetry, type Telemetry } from './telemetry'

class Reader extends MetricReader {
  protected async onForceFlush() {}
  protected async onShutdown() {}
  async names() {
    const { resourceMetrics } = await this.collect()
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name))
  }
}

async function use(telemetry: Telemetry): Promise<string> {
  const app = new Hono().use(telemetry.middleware()).get('/things/:id', async (c) => {
    telemetry.setAttribute('thing.id', c.req.param('id'))
    await telemetry.span('work', () => telemetry.log.info('working'))
    return c.text('thing')
  })
  const response = await app.request('/things/7')
  expect([response.status, await response.text()]).toEqual([200, 'thing'])
  return response.headers.get('x-trace-id') ?? ''
}

test('all three signals can use other providers of the OpenTelemetry API', async () => {
  const resource = resourceFromAttributes({ 'service.name': 'mine' })
  const spans = new InMemorySpanExporter()
  const logs = new InMemoryLogRecordExporter()
  const reader = new Reader()
  const telemetry = createTelemetry({
    serviceName: 'shop',
    env: {},
    write: () => {},
    pipeline: () => ({ spanProcessors: [], metricReaders: [], logRecordProcessors: [] }),
    providers: {
      tracer: new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
      meter: new MeterProvider({ resource, readers: [reader] }),
      logger: new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter: logs })] }),
    },
  })

  const traceId = await use(telemetry)

  const [work, request] = spans.getFinishedSpans()
  expect([work?.name, request?.name]).toEqual(['work', 'GET /things/:id'])
  expect(request?.spanContext().traceId).toBe(traceId)
  expect(work?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId as string)
  expect(request?.attributes).toMatchObject({ 'thing.id': '7', 'http.route': '/things/:id', 'url.path': '/things/7' })
  expect(request?.resource.attributes['service.name']).toBe('mine')
  expect(logs.getFinishedLogRecords().map(({ body }) => body)).toEqual(['working', 'GET /things/:id 200'])
  expect(logs.getFinishedLogRecords()[1]).toMatchObject({ eventName: 'http.server.request', spanContext: { traceId } })
  expect(logs.getFinishedLogRecords()[1]?.attributes).toMatchObject({ 'http.route': '/things/:id', 'thing.id': '7' })
  const names = await reader.names()
  expect(names).toContain('http.server.request.duration')
  expect(names).toContain('process.memory.usage')
})

test('the SDK’s processors and readers accept our signals', async () => {
  const spans = new InMemorySpanExporter()
  const logs = new InMemoryLogRecordExporter()
  let reader: Reader | undefined
  const telemetry = createTelemetry({
    serviceName: 'shop',
    env: {},
    write: () => {},
    pipeline(producer) {
      reader = new Reader({ metricProducers: [producer] })
      return {
        spanProcessors: [new BatchSpanProcessor({ exporter: spans })],
        metricReaders: [reader],
        logRecordProcessors: [new SimpleLogRecordProcessor({ exporter: logs })],
      }
    },
  })

  const traceId = await use(telemetry)
  await telemetry.forceFlush()

  const request = spans.getFinishedSpans().find(({ name }) => name === 'GET /things/:id')
  expect(request?.spanContext().traceId).toBe(traceId)
  expect(request?.attributes).toMatchObject({ 'http.route': '/things/:id', 'url.path': '/things/7', 'thing.id': '7' })
  expect(request?.duration[1]).toBeGreaterThan(0)
  expect(logs.getFinishedLogRecords()[1]?.attributes).toMatchObject({ 'http.route': '/things/:id' })
  expect(await reader?.names()).toContain('http.server.request.duration')
})

test('processors and writers that throw do not fail a request', async () => {
  const broken = () => {
    throw new Error('broken')
  }
  const life = { forceFlush: async () => {}, shutdown: async () => {} }
  const telemetry = createTelemetry({
    serviceName: 'shop',
    env: {},
    write: broken,
    pipeline: () => ({
      spanProcessors: [{ onStart: (_span, _context) => broken(), onEnd: broken, ...life }],
      metricReaders: [],
      logRecordProcessors: [{ onEmit: broken, ...life }],
    }),
  })

  expect(await use(telemetry)).toMatch(/^[0-9a-f]{32}$/)
})
