import { Root, type Type } from 'protobufjs/light'

type Fields = Record<string, [id: number, type: string]>

/**
 * The messages of OTLP with the fields that the console reads. `[]` is a repeated field.
 * @see https://github.com/open-telemetry/opentelemetry-proto/tree/v1.9.0
 */
const messages: Record<string, Fields> = {
  ExportTraceServiceRequest: { resourceSpans: [1, 'ResourceSpans[]'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans[]'] },
  ScopeSpans: { scope: [1, 'InstrumentationScope'], spans: [2, 'Span[]'] },
  Span: {
    traceId: [1, 'bytes'],
    spanId: [2, 'bytes'],
    traceState: [3, 'string'],
    parentSpanId: [4, 'bytes'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'KeyValue[]'],
    events: [11, 'Event[]'],
    links: [13, 'Link[]'],
    status: [15, 'Status'],
  },
  Event: { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, 'KeyValue[]'] },
  Link: { traceId: [1, 'bytes'], spanId: [2, 'bytes'], attributes: [4, 'KeyValue[]'] },
  Status: { message: [2, 'string'], code: [3, 'int32'] },

  ExportLogsServiceRequest: { resourceLogs: [1, 'ResourceLogs[]'] },
  ResourceLogs: { resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs[]'] },
  ScopeLogs: { scope: [1, 'InstrumentationScope'], logRecords: [2, 'LogRecord[]'] },
  LogRecord: {
    timeUnixNano: [1, 'fixed64'],
    observedTimeUnixNano: [11, 'fixed64'],
    severityNumber: [2, 'int32'],
    severityText: [3, 'string'],
    body: [5, 'AnyValue'],
    attributes: [6, 'KeyValue[]'],
    flags: [8, 'fixed32'],
    traceId: [9, 'bytes'],
    spanId: [10, 'bytes'],
    eventName: [12, 'string'],
  },

  ExportMetricsServiceRequest: { resourceMetrics: [1, 'ResourceMetrics[]'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics[]'] },
  ScopeMetrics: { scope: [1, 'InstrumentationScope'], metrics: [2, 'Metric[]'] },
  Metric: {
    name: [1, 'string'],
    description: [2, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'Gauge'],
    sum: [7, 'Sum'],
    histogram: [9, 'Histogram'],
    exponentialHistogram: [10, 'ExponentialHistogram'],
    summary: [11, 'Summary'],
  },
  Gauge: { dataPoints: [1, 'NumberDataPoint[]'] },
  Sum: { dataPoints: [1, 'NumberDataPoint[]'], aggregationTemporality: [2, 'int32'], isMonotonic: [3, 'bool'] },
  Histogram: { dataPoints: [1, 'HistogramDataPoint[]'], aggregationTemporality: [2, 'int32'] },
  ExponentialHistogram: { dataPoints: [1, 'ExponentialHistogramDataPoint[]'], aggregationTemporality: [2, 'int32'] },
  Summary: { dataPoints: [1, 'SummaryDataPoint[]'] },
  NumberDataPoint: {
    attributes: [7, 'KeyValue[]'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    asDouble: [4, 'double'],
    asInt: [6, 'sfixed64'],
    flags: [8, 'uint32'],
  },
  HistogramDataPoint: {
    attributes: [9, 'KeyValue[]'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    bucketCounts: [6, 'fixed64[]'],
    explicitBounds: [7, 'double[]'],
    flags: [10, 'uint32'],
    min: [11, 'double'],
    max: [12, 'double'],
  },
  ExponentialHistogramDataPoint: {
    attributes: [1, 'KeyValue[]'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, 'Buckets'],
    negative: [9, 'Buckets'],
    flags: [10, 'uint32'],
    min: [12, 'double'],
    max: [13, 'double'],
  },
  Buckets: { offset: [1, 'sint32'], bucketCounts: [2, 'uint64[]'] },
  SummaryDataPoint: {
    attributes: [7, 'KeyValue[]'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    quantileValues: [6, 'ValueAtQuantile[]'],
    flags: [8, 'uint32'],
  },
  ValueAtQuantile: { quantile: [1, 'double'], value: [2, 'double'] },

  ExportResponse: { partialSuccess: [1, 'PartialSuccess'] },
  PartialSuccess: { rejected: [1, 'int64'], errorMessage: [2, 'string'] },
  RpcStatus: { code: [1, 'int32'], message: [2, 'string'] },

  Resource: { attributes: [1, 'KeyValue[]'] },
  InstrumentationScope: { name: [1, 'string'], version: [2, 'string'], attributes: [3, 'KeyValue[]'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
    kvlistValue: [6, 'KeyValueList'],
    bytesValue: [7, 'bytes'],
  },
  ArrayValue: { values: [1, 'AnyValue[]'] },
  KeyValueList: { values: [1, 'KeyValue[]'] },
}

// With a oneof, protobufjs decodes a value of 0 or false too.
const oneofs: Record<string, object> = { AnyValue: { value: { oneof: Object.keys(messages.AnyValue ?? {}) } } }

const types = Object.entries(messages).map(([name, fields]) => [name, { ...typeOf(fields), oneofs: oneofs[name] }])
const root = Root.fromJSON({ nested: Object.fromEntries(types) })

/** The type of an OTLP message. It decodes to objects in the shape of OTLP/JSON, with bytes and Longs in them. */
export const otlpType = (name: string): Type => root.lookupType(name)

function typeOf(fields: Fields) {
  const entries = Object.entries(fields).map(([name, [id, type]]) => {
    const rule = type.endsWith('[]') ? { rule: 'repeated' } : {}
    return [name, { id, type: type.replace('[]', ''), ...rule }]
  })
  return { fields: Object.fromEntries(entries) }
}
