/** A span as it was exported. */
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

/** A log record as it was exported. */
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

/** A metric as it was exported. */
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
  /** Since when it counts, and until when, in milliseconds since 1970. */
  startMs: number
  timeMs: number
  attributes: Attributes
  /** A histogram's is its count. */
  value: number
  sum?: number
  min?: number
  max?: number
  bounds?: number[]
  buckets?: number[]
}

type Attributes = Record<string, unknown>

// biome-ignore-start lint/suspicious/noExplicitAny: OTLP JSON as it comes

/** The spans of an `ExportTraceServiceRequest` in JSON. */
export const spansIn = (request: any): ExportedSpan[] =>
  itemsIn(request.resourceSpans, 'scopeSpans', 'spans').map(({ item, origin, scope }) => ({
    ...origin,
    ...item,
    scope,
    kind: kinds[item.kind] ?? 'internal',
    startMs: Number(item.startTimeUnixNano) / 1e6,
    durationMs: Number(BigInt(item.endTimeUnixNano) - BigInt(item.startTimeUnixNano)) / 1e6,
    // Protobuf's JSON, as a collector writes it, leaves out what is 0 or empty.
    status: { code: 0, ...item.status },
    attributes: plain(item.attributes),
    links: (item.links ?? []).map((link: any) => ({ ...link, attributes: plain(link.attributes) })),
    events: (item.events ?? []).map((event: any) => ({ name: event.name, attributes: plain(event.attributes) })),
  }))

/** The log records of an `ExportLogsServiceRequest` in JSON. */
export const logRecordsIn = (request: any): ExportedLogRecord[] =>
  itemsIn(request.resourceLogs, 'scopeLogs', 'logRecords').map(({ item, origin }) => ({
    ...origin,
    ...item,
    body: plainValue(item.body ?? {}),
    attributes: plain(item.attributes),
  }))

/** The metrics of an `ExportMetricsServiceRequest` in JSON. */
export const metricsIn = (request: any): ExportedMetric[] =>
  itemsIn(request.resourceMetrics, 'scopeMetrics', 'metrics').map(({ item, origin }) => {
    const { name, description = '', unit = '', sum, gauge, histogram } = item
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

function itemsIn(resources: any[] = [], scopes: string, items: string) {
  return resources.flatMap((resource) => {
    const attributes = plain(resource.resource?.attributes)
    const origin = { service: String(attributes['service.name']), resource: { attributes } }
    return (resource[scopes] ?? []).flatMap((scope: any) =>
      (scope[items] ?? []).map((item: any) => ({ item, origin, scope: scope.scope?.name ?? '' })),
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
// biome-ignore-end lint/suspicious/noExplicitAny: OTLP JSON as it comes
