/** An exported span. */
export interface ExportedSpan {
  service: string
  resource: { attributes: Attributes }
  scope: string
  name: string
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  traceId: string
  spanId: string
  parentSpanId?: string
  traceState?: string
  flags: number
  /** Milliseconds since the epoch. */
  startMs: number
  durationMs: number
  /** 0 unset, 1 ok, 2 error */
  status: { code: number; message?: string }
  attributes: Attributes
  links: { traceId: string; spanId: string; flags: number; attributes: Attributes }[]
  events: { name: string; attributes: Attributes }[]
}

/** An exported log record. */
export interface ExportedLogRecord {
  service: string
  resource: { attributes: Attributes }
  body: unknown
  eventName?: string
  severityNumber: number
  severityText: string
  attributes: Attributes
  traceId?: string
  spanId?: string
  flags?: number
}

/** An exported metric. */
export interface ExportedMetric {
  service: string
  resource: { attributes: Attributes }
  name: string
  description: string
  unit: string
  type: 'sum' | 'gauge' | 'histogram'
  isMonotonic?: boolean
  isDelta?: boolean
  points: ExportedDataPoint[]
}

export interface ExportedDataPoint {
  /** Start and end of the aggregation, in milliseconds since the epoch. */
  startMs: number
  timeMs: number
  attributes: Attributes
  /** The count for a histogram. */
  value: number
  sum?: number
  min?: number
  max?: number
  bounds?: number[]
  buckets?: number[]
}

type Attributes = Record<string, unknown>

// biome-ignore-start lint/suspicious/noExplicitAny: parsed OTLP JSON

/** The spans of an `ExportTraceServiceRequest` in JSON. */
export const spansIn = (request: any): ExportedSpan[] =>
  recordsIn(request.resourceSpans, 'scopeSpans', 'spans').map(({ record, origin, scope }) => ({
    ...origin,
    ...record,
    scope,
    kind: kinds[record.kind] ?? 'internal',
    startMs: Number(record.startTimeUnixNano) / 1e6,
    durationMs: Number(BigInt(record.endTimeUnixNano) - BigInt(record.startTimeUnixNano)) / 1e6,
    // Protobuf's JSON encoding, used by the Collector, omits zero and empty values.
    status: { code: 0, ...record.status },
    attributes: plain(record.attributes),
    links: (record.links ?? []).map((link: any) => ({ ...link, attributes: plain(link.attributes) })),
    events: (record.events ?? []).map((event: any) => ({ name: event.name, attributes: plain(event.attributes) })),
  }))

/** The log records of an `ExportLogsServiceRequest` in JSON. */
export const logRecordsIn = (request: any): ExportedLogRecord[] =>
  recordsIn(request.resourceLogs, 'scopeLogs', 'logRecords').map(({ record, origin }) => ({
    ...origin,
    ...record,
    body: plainValue(record.body ?? {}),
    attributes: plain(record.attributes),
  }))

/** The metrics of an `ExportMetricsServiceRequest` in JSON. */
export const metricsIn = (request: any): ExportedMetric[] =>
  recordsIn(request.resourceMetrics, 'scopeMetrics', 'metrics').map(({ record, origin }) => {
    const { name, description = '', unit = '', sum, gauge, histogram } = record
    const data = sum ?? gauge ?? histogram
    return {
      ...origin,
      name,
      description,
      unit,
      type: sum ? 'sum' : gauge ? 'gauge' : 'histogram',
      ...(sum && { isMonotonic: sum.isMonotonic === true }),
      ...(data.aggregationTemporality && { isDelta: data.aggregationTemporality === 1 }),
      points: (data.dataPoints ?? []).map(pointOf),
    }
  })

function pointOf(point: any): ExportedDataPoint {
  const { asInt, asDouble, count, sum, min, max, explicitBounds, bucketCounts } = point
  return {
    attributes: plain(point.attributes),
    value: Number(asInt ?? asDouble ?? count ?? 0),
    startMs: Number(point.startTimeUnixNano ?? 0) / 1e6,
    timeMs: Number(point.timeUnixNano) / 1e6,
    ...(explicitBounds && { sum, min, max, bounds: explicitBounds, buckets: bucketCounts.map(Number) }),
  }
}

function recordsIn(resources: any[] = [], scopesKey: string, recordsKey: string) {
  return resources.flatMap((resource) => {
    const attributes = plain(resource.resource?.attributes)
    const origin = { service: String(attributes['service.name']), resource: { attributes } }
    return (resource[scopesKey] ?? []).flatMap((scope: any) =>
      (scope[recordsKey] ?? []).map((record: any) => ({ record, origin, scope: scope.scope?.name ?? '' })),
    )
  })
}

const kinds = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'] as const

const plain = (attributes: any[] = []): Attributes =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]))

function plainValue(value: any): unknown {
  if (value.intValue !== undefined) return Number(value.intValue)
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plainValue)
  if (value.kvlistValue) return plain(value.kvlistValue.values)
  return value.stringValue ?? value.doubleValue ?? value.boolValue ?? value.bytesValue ?? null
}
// biome-ignore-end lint/suspicious/noExplicitAny: parsed OTLP JSON
