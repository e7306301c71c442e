import { openSync } from 'node:fs'
import { createTelemetry, type Pipeline, type TelemetryOptions } from '@vitrine/telemetry'
import { Hono, type MiddlewareHandler } from 'hono'
import { jsonLogEncoder, jsonSpanEncoder } from '../telemetry/encode/otlp-request'
import { createBatcher } from '../telemetry/export/batcher'
import { logRecordProcessor, spanProcessor } from '../telemetry/export/processors'
import { compareCpu, type Variant } from './cpu'
import { markdownTable, print } from './print'
import { startReceiver } from './receiver'

const nowhere = openSync('/dev/null', 'w')
const sink = { enqueue() {}, countDropped() {}, flush: async () => {}, close() {} }
const batches = { delayMs: 1000, maxBatchSize: 512 }
const quiet = { LOG_LEVEL: 'error' }

const nothing: Pipeline = { spanProcessors: [], metricReaders: [], logRecordProcessors: [] }
const spansTo = (compression: 'gzip' | 'none'): Pipeline => ({
  ...nothing,
  spanProcessors: [spanProcessor(createBatcher(jsonSpanEncoder(), batches, compression, sink), sink)],
})
const both = (compression: 'gzip' | 'none'): Pipeline => ({
  ...spansTo(compression),
  logRecordProcessors: [logRecordProcessor(createBatcher(jsonLogEncoder(), batches, compression, sink), sink)],
})

/** The parts of telemetry's cost per request: each variant does one thing more than the one before. */
export async function parts(requests = 20_000, rounds = 15): Promise<void> {
  const receiver = await startReceiver()
  const variants: [name: string, description: string, variant: Variant][] = [
    ['bare', 'Hono, one route with a parameter', { app: appWith(), flush: async () => {} }],
    [
      'noop',
      'an async middleware that does nothing',
      { app: appWith(async (_, next) => next()), flush: async () => {} },
    ],
    [
      'metrics',
      'ids, header, route, duration and active requests; not sampled',
      withPipeline(nothing, { ...quiet, OTEL_TRACES_SAMPLER: 'always_off' }),
    ],
    ['span', 'a span with its attributes', withPipeline({ ...nothing, spanProcessors: [drop] }, quiet)],
    ['span written', 'as OTLP/JSON bytes', withPipeline(spansTo('none'), quiet)],
    ['span compressed', 'gzip level 1, 512 per batch', withPipeline(spansTo('gzip'), quiet)],
    ['line', 'the wide event on standard output', withPipeline(spansTo('gzip'), {})],
    [
      'record written',
      'the same as OTLP/JSON bytes',
      withPipeline({ ...both('none'), spanProcessors: spansTo('gzip').spanProcessors }, {}),
    ],
    ['record compressed', 'gzip level 1, 512 per batch', withPipeline(both('gzip'), {})],
    ['all, sent', 'to a receiver in another process', exporting(receiver.url)],
  ]
  const costs = await compareCpu(
    Object.fromEntries(variants.map(([name, , variant]) => [name, variant])),
    requests,
    rounds,
  )
  await receiver.stop()

  print(`CPU µs per request, ${requests} requests, minimum of ${rounds} rounds`)
  let before = 0
  const rows = variants.map(([name, description]) => {
    const { min = 0, median = 0 } = costs[name] ?? {}
    const row = [name, description, min.toFixed(2), median.toFixed(2), (min - before).toFixed(2)]
    before = min
    return row
  })
  print(markdownTable(['up to', 'adds', 'min', 'median', 'this part'], rows))
}

const drop = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }

function appWith(middleware?: MiddlewareHandler): Hono {
  const app = new Hono()
  if (middleware) app.use(middleware)
  return app.get('/product/:id', (c) => c.json({ id: c.req.param('id'), name: 'Laptop Pro', price_cents: 129999 }))
}

function withPipeline(pipeline: Pipeline, env: Record<string, string>): Variant {
  return variant({ env, pipeline: () => pipeline })
}

function exporting(endpoint: string): Variant {
  return variant({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } })
}

function variant(options: Partial<TelemetryOptions>): Variant {
  const telemetry = createTelemetry({ serviceName: 'bench', write: nowhere, ...options })
  return { app: appWith(telemetry.middleware()), flush: () => telemetry.forceFlush() }
}
