import { expect, test } from 'bun:test'
import {
  type Attributes,
  createTraceState,
  type Link,
  ROOT_CONTEXT,
  SeverityNumber,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import fc from 'fast-check'
import { LogRecord } from '../logs/log-record'
import { createSharedAttributes } from '../shared-attributes'
import { RecordingSpan } from '../traces/span'
import { encodeAsDouble } from './attributes'
import { LogRecordKind } from './log-record-kind'
import { jsonLogEncoder, jsonSpanEncoder } from './otlp-request'

/**
 * The encoders produce the SDK's bytes: the same span is created by the SDK's tracer and by ours, then serialized by the SDK
 * and by our encoder, and both bodies must be equal. The same holds for log records.
 */

const resource = resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 7, 'host.name': 'hôte "1"' })
const instrumentationScope = { name: '@vitrine/telemetry' }
const unlimited = { attributeCount: 1e6, attributeValueLength: 1e6, eventCount: 1e6, linkCount: 1e6 }
const sdkLimits = { attributeCountLimit: 1e6, eventCountLimit: 1e6, linkCountLimit: 1e6 }

const text = fc.string({ unit: 'binary', maxLength: 20 })
// A plain object can't have `__proto__` as a member.
const member = text.filter((name) => name !== '__proto__')
// Numbers beyond int64, NaN and Infinity differ from the SDK on purpose: see below.
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, min: -1e15, max: 1e15 }), fc.constant(-0))
const bytes = fc.uint8Array({ maxLength: 5 })
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    bytes,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(member, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
// JavaScript objects order integer keys first.
const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((one) => !/^\d+$/.test(one) && one !== '__proto__')
const attributes = fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true }) as fc.Arbitrary<Attributes>
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((id) => !/^0+$/.test(id))
const state = fc.constantFrom(undefined, 'vendor=1', 'a=1,b=2')
const spanContext: fc.Arbitrary<SpanContext> = fc
  .record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.constantFrom(0, 1), isRemote: fc.boolean(), state })
  .map(({ state, ...context }) => ({ ...context, ...(state && { traceState: createTraceState(state) }) }))
const timeMs = fc.double({ min: 1.5e12, max: 2e12, noNaN: true })
const status = fc.oneof(
  fc.constant(undefined),
  fc.record({ code: fc.constantFrom(SpanStatusCode.OK, SpanStatusCode.ERROR) }),
  fc.record({ code: fc.constant(SpanStatusCode.ERROR), message: text }),
)

const spanModel = fc.record({
  name: text,
  kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER),
  spanId: hex(16),
  traceId: hex(32),
  parent: fc.option(spanContext, { nil: undefined }),
  startMs: timeMs,
  lastsMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  shared: attributes,
  own: attributes,
  status,
  events: fc.array(
    fc.record({
      name: text,
      timeMs,
      attributes: fc.dictionary(key, fc.oneof(text, number), { maxKeys: 2, noNullPrototype: true }),
    }),
    { maxLength: 2 },
  ),
  links: fc.array(fc.record({ context: spanContext, attributes: fc.option(attributes, { nil: undefined }) }), {
    maxLength: 2,
  }),
})
type SpanModel = typeof spanModel extends fc.Arbitrary<infer T> ? T : never

const decode = (body: Uint8Array | undefined) => new TextDecoder().decode(body)

test('our encoder writes our spans as the SDK writes its spans', () => {
  fc.assert(
    fc.property(fc.array(spanModel, { minLength: 1, maxLength: 4 }), (models) => {
      const encoding = jsonSpanEncoder()
      for (const model of models) encoding.add(ourSpan(model))
      expect(decode(encoding.take().body)).toBe(decode(JsonTraceSerializer.serializeRequest(models.map(sdkSpan))))
    }),
    { numRuns: 1000 },
  )
})

test('the SDK’s serializers write our spans like the SDK’s, in JSON and in protobuf', () => {
  fc.assert(
    fc.property(spanModel, (model) => {
      const [ours, theirs] = [ourSpan(model), sdkSpan(model)]
      expect(decode(JsonTraceSerializer.serializeRequest([ours]))).toBe(
        decode(JsonTraceSerializer.serializeRequest([theirs])),
      )
      expect(ProtobufTraceSerializer.serializeRequest([ours])).toEqual(
        ProtobufTraceSerializer.serializeRequest([theirs]),
      )
    }),
    { numRuns: 300 },
  )
})

test('our encoder writes the SDK’s spans as the SDK does', () => {
  fc.assert(
    fc.property(spanModel, (model) => {
      const encoding = jsonSpanEncoder()
      encoding.add(sdkSpan(model))
      expect(decode(encoding.take().body)).toBe(decode(JsonTraceSerializer.serializeRequest([sdkSpan(model)])))
    }),
    { numRuns: 300 },
  )
})

test('spans of several scopes and resources are grouped as by the SDK', () => {
  const other = resourceFromAttributes({ 'service.name': 'other' }, { schemaUrl: 'https://schema.test/1' })
  const scopes = [{ name: 'a' }, { name: 'b', version: '1.0' }, { name: 'c', schemaUrl: 'https://schema.test/2' }]
  const made = fc.sample(spanModel, { numRuns: 30, seed: 7 }).map((model, n) => {
    const origin = { resource: n % 2 ? resource : other, instrumentationScope: scopes[n % 3] ?? instrumentationScope }
    return ourSpan(model, origin)
  })
  const encoding = jsonSpanEncoder()

  for (const round of [1, 2]) {
    for (const span of made) encoding.add(span)
    expect([round, decode(encoding.take().body)]).toEqual([round, decode(JsonTraceSerializer.serializeRequest(made))])
  }
})

// Own attributes never repeat a key of the kind's shared attributes.
const logModel = fc
  .record({
    timeMs: fc.integer({ min: 1.5e12, max: 2e12 }),
    severity: fc.constantFrom<[SeverityNumber, string]>(
      [SeverityNumber.INFO, 'INFO'],
      [SeverityNumber.WARN, 'WARN'],
      [SeverityNumber.FATAL, 'FATAL'],
      [SeverityNumber.INFO3, 'sôme'],
    ),
    body: fc.oneof(text, value) as fc.Arbitrary<string>,
    eventName: fc.option(text, { nil: undefined }),
    shared: attributes,
    own: attributes,
    context: fc.option(spanContext, { nil: undefined }),
  })
  .map((model) => ({ ...model, own: without(model.own, model.shared) }))
type LogModel = typeof logModel extends fc.Arbitrary<infer T> ? T : never

test('our encoder and the SDK’s serializers write our log records like the SDK’s, in JSON and in protobuf', () => {
  fc.assert(
    fc.property(fc.array(logModel, { minLength: 1, maxLength: 4 }), (models) => {
      const encoding = jsonLogEncoder()
      const [ours, theirs] = [models.map(ourLog), sdkLogs(models)]
      for (const log of ours) encoding.add(log)
      expect(decode(encoding.take().body)).toBe(decode(JsonLogsSerializer.serializeRequest(theirs)))
      expect(ProtobufLogsSerializer.serializeRequest(ours)).toEqual(ProtobufLogsSerializer.serializeRequest(theirs))
    }),
    { numRuns: 1000 },
  )
})

test('numbers beyond int64 are written as doubles, as in protobuf’s JSON encoding', () => {
  const span = ourSpan({
    ...(fc.sample(spanModel, 1)[0] as SpanModel),
    shared: {},
    own: { huge: 1e300, none: Number.NaN, inf: -1 / 0 },
  })
  const encoding = jsonSpanEncoder()

  encoding.add(span)

  const [only] = JSON.parse(decode(encoding.take().body)).resourceSpans[0].scopeSpans[0].spans
  expect(only.attributes).toEqual([
    { key: 'huge', value: { doubleValue: 1e300 } },
    { key: 'none', value: { doubleValue: 'NaN' } },
    { key: 'inf', value: { doubleValue: '-Infinity' } },
  ])
})

test('the numbers of an attribute that is a double are doubles, also whole ones', () => {
  const model = fc.sample(spanModel, 1)[0] as SpanModel
  const price = { 'price.eur': 1300, 'price.count': 1300, 'price.text': '1300' }
  const attributesOf = () => {
    const encoding = jsonSpanEncoder()
    encoding.add(ourSpan({ ...model, shared: {}, own: price }))
    return JSON.parse(decode(encoding.take().body)).resourceSpans[0].scopeSpans[0].spans[0].attributes
  }
  expect(attributesOf()[0]).toEqual({ key: 'price.eur', value: { intValue: 1300 } })

  encodeAsDouble(['price.eur'])

  expect(attributesOf()).toEqual([
    { key: 'price.eur', value: { doubleValue: 1300 } },
    { key: 'price.count', value: { intValue: 1300 } },
    { key: 'price.text', value: { stringValue: '1300' } },
  ])
})

test('values without an OTLP type are left out, circular references too', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const odd = {
    fn: () => {},
    symbol: Symbol('x'),
    big: 1n,
    gone: undefined,
    good: 'yes',
    circle,
  } as unknown as Attributes
  const encoding = jsonSpanEncoder()

  encoding.add(ourSpan({ ...(fc.sample(spanModel, 1)[0] as SpanModel), shared: {}, own: odd }))

  const [only] = JSON.parse(decode(encoding.take().body)).resourceSpans[0].scopeSpans[0].spans
  expect(only.attributes.map(({ key }: { key: string }) => key)).toEqual(['good', 'circle'])
})

// Shared attributes are encoded once and copied; the span's own value of a key takes precedence.
function ourSpan(model: SpanModel, origin = { resource, instrumentationScope }): RecordingSpan {
  const { name, kind, traceId, spanId, parent, startMs, lastsMs, shared, own, status, events, links } = model
  const context = contextOf(traceId, spanId, parent)
  const processor = { onEnd() {} }
  const span = new RecordingSpan({ ...origin, limits: unlimited, processor }, name, kind, context, parent, startMs)
  span.setSharedAttributes(createSharedAttributes(structuredClone(shared))).setAttributes(own)
  for (const event of events) span.addEvent(event.name, event.attributes, event.timeMs)
  span.addLinks(links as Link[])
  if (status) span.setStatus(status)
  span.end(startMs + lastsMs)
  return span
}

function sdkSpan(model: SpanModel): ReadableSpan {
  const { name, kind, traceId, spanId, parent, startMs, lastsMs, shared, own, status, events, links } = model
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({
    resource,
    spanLimits: sdkLimits,
    idGenerator: { generateTraceId: () => traceId, generateSpanId: () => spanId },
    sampler: { shouldSample: () => ({ decision: 2 }), toString: () => 'all' },
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer(instrumentationScope.name)
  const above = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
  const span = tracer.startSpan(
    name,
    { kind, startTime: startMs, attributes: { ...shared, ...own }, links: links as Link[] },
    above,
  )
  for (const event of events) span.addEvent(event.name, event.attributes, event.timeMs)
  if (status) span.setStatus(status)
  span.end(startMs + lastsMs)
  return exporter.getFinishedSpans()[0] as ReadableSpan
}

const contextOf = (traceId: string, spanId: string, parent: SpanContext | undefined): SpanContext => ({
  traceId: parent?.traceId ?? traceId,
  spanId,
  traceFlags: 1,
  ...(parent?.traceState && { traceState: parent.traceState }),
})

// A processor may have changed the severity of our record.
function ourLog({ timeMs, severity, body, eventName, shared, own, context }: LogModel): LogRecord {
  const [number, text] = severity
  const level = (['info', 'warn', 'fatal'] as const).find((one) => one === text.toLowerCase()) ?? 'info'
  const kind = new LogRecordKind('shop', level, eventName, createSharedAttributes(structuredClone(shared)))
  const log = new LogRecord({ resource, instrumentationScope }, kind, timeMs, body, { ...own }, context)
  return log.setSeverityNumber(number).setSeverityText(text)
}

const without = (attributes: Attributes, others: Attributes) =>
  Object.fromEntries(Object.entries(attributes).filter(([key]) => !(key in others)))

function sdkLogs(models: LogModel[]) {
  const exporter = new InMemoryLogRecordExporter()
  const provider = new LoggerProvider({
    resource,
    logRecordLimits: { attributeCountLimit: 1e6 },
    processors: [new SimpleLogRecordProcessor({ exporter })],
  })
  const logger = provider.getLogger(instrumentationScope.name)
  for (const { timeMs, severity, body, eventName, shared, own, context } of models) {
    logger.emit({
      timestamp: timeMs,
      observedTimestamp: timeMs,
      severityNumber: severity[0],
      severityText: severity[1],
      body,
      attributes: { ...shared, ...own },
      context: context ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT,
      ...(eventName !== undefined && { eventName }),
    })
  }
  return exporter.getFinishedLogRecords()
}
