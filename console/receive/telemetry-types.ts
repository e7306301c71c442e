import type { Attributes, Value } from './values'

/** Who sent it. */
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
  /** OTLP's: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  startUs: number
  durationUs: number
  /** OTLP's: 0 unset, 1 ok, 2 error. */
  status: number
  statusMessage: string
  attributes: Attributes
  events: { timeUs: number; name: string; attributes: Attributes }[]
  links: { traceId: string; spanId: string; attributes: Attributes }[]
  scope: Scope
}

export interface LogRecord {
  /** Nanoseconds since 1970: its own time, or else when it was observed, or else when it came. */
  timeNs: bigint
  timeUs: number
  /** When it was observed; 0 where that is not said. */
  observedNs: bigint
  /** OTLP's: 1 – 24; 0 unknown. */
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
  /** A number's value; a distribution's sum. */
  value: number
  /** Of distributions only. */
  count?: number
  /** Upper bounds and how many in each; the last count is beyond the last bound. */
  bounds?: number[]
  counts?: number[]
}

/** What came from one resource. */
export interface ResourceGroup<T> {
  resource: Resource
  items: T[]
}

/** A request's content, and what of it was refused. */
export interface DecodedRequest<T> {
  groups: ResourceGroup<T>[]
  rejected: number
  /** About the first that was refused. */
  errorMessage: string
}
