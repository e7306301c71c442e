import type { Attributes, Value } from './values'

/** The program that sent telemetry. */
export interface Resource {
  service: string
  attributes: Attributes
}

export interface Scope {
  name: string
  version: string
  attributes: Attributes
}

export interface Span {
  traceId: string
  spanId: string
  parentId: string
  name: string
  /** OTLP's SpanKind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  startUs: number
  durationUs: number
  /** OTLP's StatusCode: 0 unset, 1 ok, 2 error. */
  status: number
  statusMessage: string
  attributes: Attributes
  events: { timeUs: number; name: string; attributes: Attributes }[]
  links: { traceId: string; spanId: string; attributes: Attributes }[]
  scope: Scope
}

export interface LogRecord {
  /** Nanoseconds since 1970: the record's time, else the observed time, else the time of receipt. */
  timeNs: bigint
  timeUs: number
  /** Nanoseconds since 1970; 0 when the record has no observed time. */
  observedNs: bigint
  /** OTLP's SeverityNumber: 1 to 24; 0 for unspecified. */
  severity: number
  severityText: string
  /** W3C trace flags. */
  flags: number
  eventName: string
  body: Value
  attributes: Attributes
  traceId: string
  spanId: string
  scope: Scope
}

export type Temporality = 'delta' | 'cumulative' | 'none'

export interface Metric {
  name: string
  description: string
  unit: string
  kind: 'gauge' | 'counter' | 'updowncounter' | 'histogram' | 'summary'
  temporality: Temporality
  points: DataPoint[]
}

export interface DataPoint {
  attributes: Attributes
  startUs: number
  timeUs: number
  /** The value; of a histogram or summary, the sum. */
  value: number
  /** Only of histograms and summaries. */
  count?: number
  /** Upper bounds of the buckets. `counts` has one more: the values above the last bound. */
  bounds?: number[]
  counts?: number[]
}

/** The spans, log records or metrics of one resource. */
export interface ResourceGroup<T> {
  resource: Resource
  items: T[]
}

/** The content of an export request. */
export interface DecodedRequest<T> {
  groups: ResourceGroup<T>[]
  /** The number of rejected items. */
  rejected: number
  /** Why the first of them was rejected. */
  errorMessage: string
}
