import { describe, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics'
import { nestedBody, openTestReceiver, span, spanId, traceId, tracesBody } from './testing'

describe('the same telemetry is stored as the same rows from JSON and protobuf, compressed or not', () => {
  const resource = resourceFromAttributes({ 'service.name': 'shop' })
  const instrumentationScope = { name: 'here' }
  const attributes = { text: 'é', whole: 3, half: 1.5, yes: true, list: ['a', 'b'], map: { deep: [1, 'x'] } }
  const sdkSpan = {
    name: 'GET /',
    kind: 1,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    startTime: [1_700_000_000, 123_456_000],
    endTime: [1_700_000_000, 165_456_000],
    status: { code: 2, message: 'broken' },
    attributes,
    links: [{ context: { traceId, spanId: 'aaaaaaaaaaaaaaaa', traceFlags: 1 }, attributes: { of: 'link' } }],
    events: [{ name: 'exception', time: [1_700_000_000, 130_000_000], attributes: { 'exception.type': 'Odd' } }],
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
  const sdkLog = {
    hrTime: [1_700_000_000, 0],
    hrTimeObserved: [1_700_000_000, 0],
    spanContext: { traceId, spanId, traceFlags: 1 },
    severityNumber: 13,
    severityText: 'WARN',
    body: { text: 'this' },
    eventName: 'an.event',
    attributes,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
  }
  const times = { startTime: [1_700_000_000, 0], endTime: [1_700_000_005, 0], attributes: { route: '/' } }
  const described = (name: string) => ({
    descriptor: { name, description: 'D', unit: 's', valueType: 1 },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  })
  const explicit = { buckets: { boundaries: [1, 2], counts: [1, 2, 3] }, sum: 9.5, count: 6, min: 0.5, max: 4 }
  const exponential = {
    ...{ sum: 6, count: 3, scale: 0, zeroCount: 1, min: 0, max: 4 },
    positive: { offset: 0, bucketCounts: [1, 1] },
    negative: { offset: 0, bucketCounts: [] },
  }
  const metrics = [
    { ...described('sum'), dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: [{ ...times, value: 7 }] },
    { ...described('gauge'), dataPointType: DataPointType.GAUGE, dataPoints: [{ ...times, value: -1.5 }] },
    { ...described('explicit'), dataPointType: DataPointType.HISTOGRAM, dataPoints: [{ ...times, value: explicit }] },
    {
      ...described('exponential'),
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      dataPoints: [{ ...times, value: exponential }],
    },
  ]
  const sdkMetrics = { resource, scopeMetrics: [{ scope: instrumentationScope, metrics }] }

  type Case = [path: string, json: Uint8Array | undefined, protobuf: Uint8Array | undefined, tables: string[]]
  test.each<Case>([
    [
      '/v1/traces',
      JsonTraceSerializer.serializeRequest([sdkSpan] as never),
      ProtobufTraceSerializer.serializeRequest([sdkSpan] as never),
      ['spans', 'resources'],
    ],
    [
      '/v1/logs',
      JsonLogsSerializer.serializeRequest([sdkLog] as never),
      ProtobufLogsSerializer.serializeRequest([sdkLog] as never),
      ['logs', 'resources'],
    ],
    [
      '/v1/metrics',
      JsonMetricsSerializer.serializeRequest(sdkMetrics as never),
      ProtobufMetricsSerializer.serializeRequest(sdkMetrics as never),
      ['series', 'points', 'resources'],
    ],
  ])('%s', async (path, json = new Uint8Array(), protobuf = new Uint8Array(), tables) => {
    const found: unknown[] = []
    for (const [type, body, encoding] of [
      ['application/json', json, ''],
      ['application/x-protobuf', protobuf, ''],
      ['application/json; charset=utf-8', gzipSync(json), 'gzip'],
      ['application/x-protobuf', gzipSync(protobuf), 'gzip'],
    ] as const) {
      const { post, rows } = openTestReceiver()
      const response = await post(path, new Uint8Array(body), { 'Content-Type': type, 'Content-Encoding': encoding })
      expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([200, type.split(';')[0]])
      found.push(tables.map(rows))
    }

    expect((found[0] as unknown[][])[0]?.length).toBeGreaterThan(0)
    for (const one of found) expect(one).toEqual(found[0])
    expect(JSON.stringify(found[0])).not.toContain('null')
  })

  test('a histogram is stored with its buckets, explicit or exponential', async () => {
    const { post, rows } = openTestReceiver()
    await post('/v1/metrics', new Uint8Array(JsonMetricsSerializer.serializeRequest(sdkMetrics as never) ?? []))

    const stored = rows('series').map(({ name, kind, bounds }, at) => [name, kind, bounds, rows('points')[at]?.counts])
    const [, , , [, , grid, counts] = []] = stored.map((one) => one as string[])
    // The zero bucket; the buckets up to 2 and up to 4.
    const filled = JSON.parse(counts ?? '').flatMap((count: number, at: number) =>
      count > 0 ? [[JSON.parse(grid ?? '')[at], count]] : [],
    )
    expect(filled).toEqual([
      [2 ** -20, 1],
      [2, 1],
      [4, 1],
    ])
    expect(stored.slice(0, 3)).toEqual([
      ['sum', 'counter', '', ''],
      ['gauge', 'gauge', '', ''],
      ['explicit', 'histogram', '[1,2]', '[1,2,3]'],
    ])
  })
})

describe('the response to a rejected request names what to change', () => {
  test.each<[string, Bun.BodyInit, Record<string, string>, number, RegExp]>([
    [
      'text',
      'hello',
      { 'Content-Type': 'text/plain' },
      415,
      /application\/json or application\/x-protobuf.*text\/plain/,
    ],
    ['brotli', '{}', { 'Content-Encoding': 'br' }, 415, /gzip or none, and is br/],
    ['no gzip', '{}', { 'Content-Encoding': 'gzip' }, 400, /not gzip/],
    ['no JSON', '{', {}, 400, /not JSON/],
    ['a list', '[]', {}, 400, /must be a JSON object/],
    ['no protobuf', 'hello', { 'Content-Type': 'application/x-protobuf' }, 400, /protobuf/],
    ['an object in place of a list', '{"resourceSpans":{}}', {}, 400, /resourceSpans must be a list/],
    [
      'a malformed id',
      tracesBody({ ...span, traceId: 'xyz' }),
      {},
      400,
      /spans\[0\]\.traceId must be 16 bytes in hexadecimal/,
    ],
    [
      'a malformed time',
      tracesBody(span, { ...span, startTimeUnixNano: 'soon' }),
      {},
      400,
      /spans\[1\]\.startTimeUnixNano must be a number/,
    ],
    [
      'a malformed attribute value',
      tracesBody({ ...span, attributes: [{ key: 'a', value: { intValue: 'x' } }] }),
      {},
      400,
      /attributes\[0\]\.value\.intValue/,
    ],
    [
      'a time out of range',
      tracesBody({ ...span, endTimeUnixNano: 1e300 }),
      {},
      400,
      /endTimeUnixNano must be nanoseconds since 1970/,
    ],
    [
      'an infinite time',
      tracesBody({ ...span, startTimeUnixNano: 'Infinity' }),
      {},
      400,
      /startTimeUnixNano must be a whole number/,
    ],
    ['a malformed kind', tracesBody({ ...span, kind: 'NaN' }), {}, 400, /kind must be a whole number/],
    ['too deep', nestedBody(5000), {}, 400, /nested less than 100 deep/],
    ['too large', tracesBody({ ...span, name: 'x'.repeat(3000) }), {}, 413, /smaller batches/],
    [
      'too large when uncompressed',
      new Uint8Array(gzipSync('x'.repeat(1e6))),
      { 'Content-Encoding': 'gzip' },
      413,
      /smaller batches/,
    ],
  ])('%s', async (name, body, headers, status, message) => {
    const { post, store, rows } = openTestReceiver({
      maxBytes: name === 'too deep' ? 1e6 : 2000,
      maxInFlightBytes: 1e6,
    })

    const response = await post('/v1/traces', body, headers)

    const isProtobuf = headers['Content-Type'] === 'application/x-protobuf'
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([
      status,
      isProtobuf ? 'application/x-protobuf' : 'application/json',
    ])
    expect(await response.text()).toMatch(message)
    expect(store.lastErrors.traces?.message).toMatch(message)
    expect(rows('spans')).toEqual([])
    expect(store.dropped()).toEqual([{ what: 'traces', why: 'refused', count: 1 }])
  })

  test('reading stops when a chunked body exceeds the limit', async () => {
    const { post } = openTestReceiver({ maxBytes: 2000, maxInFlightBytes: 1e6 })
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1000)) })

    expect((await post('/v1/traces', endless)).status).toBe(413)
  })

  test('a request beyond the limit of bytes in flight is 429 with Retry-After', async () => {
    const { post } = openTestReceiver({ maxBytes: 2000, maxInFlightBytes: 500 })
    const slowly = new ReadableStream({
      async start(stream) {
        await Bun.sleep(20)
        stream.enqueue(new TextEncoder().encode('{}'))
        stream.close()
      },
    })

    const first = post('/v1/traces', slowly, { 'Content-Length': '400' })
    const second = await post('/v1/traces', '{}', { 'Content-Length': '400' })

    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await first).status).toBe(200)
    expect((await post('/v1/traces', '{}')).status).toBe(200)
  })

  test('malformed spans are rejected and counted, and the others are stored', async () => {
    const { post, rows, store } = openTestReceiver()
    const zero = { ...span, traceId: '0'.repeat(32) }
    const backwards = { ...span, spanId: 'bbbbbbbbbbbbbbbb', endTimeUnixNano: '1' }

    const response = await post('/v1/traces', tracesBody(span, zero, backwards))

    expect([response.status, await response.json()]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedSpans: '2',
          errorMessage: 'a span needs a traceId and a spanId that are not all zeros',
        },
      },
    ])
    expect(rows('spans')).toHaveLength(1)
    expect(store.dropped()).toEqual([{ what: 'traces', why: 'refused', count: 2 }])
  })

  test('another method, or another path under /v1, is 405', async () => {
    const { app } = openTestReceiver()
    const send = (path: string, method: string) =>
      app.request(`http://localhost:4318${path}`, { method, headers: { Host: 'localhost:4318' } })

    const response = await send('/v1/traces', 'GET')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await send('/v1/profiles', 'POST')).status).toBe(405)
  })
})

test('pages can’t be framed by other sites, and load nothing from other sites', async () => {
  const { app } = openTestReceiver()
  const { headers } = await app.request('http://localhost:4318/traces', { headers: { Host: 'localhost:4318' } })

  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(headers.get('x-frame-options')).toBe('DENY')
})

test('many small bodies that uncompress to much are decoded a few at a time', async () => {
  const { post, rows } = openTestReceiver()
  const compressed = gzipSync(
    tracesBody({ ...span, attributes: [{ key: 'a', value: { stringValue: 'x'.repeat(8e6) } }] }),
  )
  Bun.gc(true)
  const before = process.memoryUsage.rss()

  const sent = Array.from({ length: 120 }, () =>
    post('/v1/traces', new Uint8Array(compressed), {
      'Content-Encoding': 'gzip',
      'Content-Length': String(compressed.length),
    }),
  )
  expect(new Set((await Promise.all(sent)).map(({ status }) => status))).toEqual(new Set([200]))

  expect(rows('spans')).toHaveLength(1)
  // Decoded all at a time they take 1.3 GB, two at a time 0.4 GB.
  expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(1000)
})

test('a data point with the flag NoRecordedValue is not stored', async () => {
  const { post, rows } = openTestReceiver()
  const times = { startTimeUnixNano: '1', timeUnixNano: '2000' }
  const points = [
    { ...times, asInt: '1' },
    { ...times, timeUnixNano: '3000', flags: 1 },
  ]
  await post(
    '/v1/metrics',
    JSON.stringify({
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'n', gauge: { dataPoints: points } }] }] }],
    }),
  )

  expect(rows('points')).toHaveLength(1)
})

test('attribute keys such as __proto__ are stored like any other', async () => {
  const { post, rows } = openTestReceiver()
  const attributes = [
    { key: '__proto__', value: { stringValue: 'a' } },
    { key: 'constructor', value: { intValue: '1' } },
  ]
  await post('/v1/traces', tracesBody({ ...span, attributes }))

  expect(rows('spans')[0]?.attributes).toBe('{"__proto__":"a","constructor":1}')
})

test.each([
  ['a page of another site', { Host: 'localhost:4318', Origin: 'https://evil.test' }],
  ['a foreign host name', { Host: 'evil.test:4318' }],
  ['an empty host', { Host: '' }],
])('a request with %s is 403', async (_, headers) => {
  const { app, rows } = openTestReceiver()
  const type = { 'Content-Type': 'application/json' }

  for (const path of ['/', '/traces', '/events', '/assets/style.css']) {
    expect((await app.request(`http://localhost:4318${path}`, { headers })).status).toBe(403)
  }
  const sent = { method: 'POST', body: tracesBody(span), headers: { ...headers, ...type } }
  expect((await app.request('http://localhost:4318/v1/traces', sent)).status).toBe(403)
  expect(rows('spans')).toEqual([])
})
