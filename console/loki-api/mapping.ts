import { addedName, type Labels, labelNameOf, noLabels } from '../logql/labels'
import type { LogRecord, Resource, Scope } from '../receive/telemetry-types'
import type { Attributes, Value } from '../receive/values'

/** How resource attributes are stored. Attributes in neither list become structured metadata. */
export interface Mapping {
  indexLabels: string[]
  /** Attributes that are not stored. */
  dropped: string[]
}

export const defaultMapping: Mapping = {
  indexLabels: ['service.name', 'service.namespace', 'deployment.environment.name'],
  dropped: [],
}

/** The index labels of a resource, and the structured metadata that all its lines have. */
export function resourceLabels(
  resource: Resource,
  { indexLabels, dropped }: Mapping,
): { stream: Labels; metadata: Labels } {
  const stream = noLabels()
  const rest: Attributes = Object.create(null)
  for (const [name, value] of Object.entries(resource.attributes)) {
    if (indexLabels.includes(name) && value !== null && value !== '') stream[labelNameOf(name)] = textOf(value)
    else if (!dropped.includes(name)) rest[name] = value
  }
  if (indexLabels.includes('service.name')) stream.service_name ??= resource.service
  return { stream, metadata: flattened(rest, stream) }
}

/**
 * The structured metadata of a log record, without its resource's: scope, attributes, ids, severity.
 * @see https://grafana.com/docs/loki/latest/send-data/otel/
 */
export function recordMetadata(record: LogRecord, stream: Labels): Labels {
  const ofScope = scopeMetadata(record.scope, stream)
  // The collector copies the event name into an attribute. A program that exports directly does not.
  if (record.eventName !== '') ofScope.event_name = record.eventName
  const metadata = flattened(record.attributes, stream, ofScope)
  const fields: string[] = []
  pushFields(fields, record)
  for (let at = 0; at < fields.length; at += 2) metadata[fields[at] ?? ''] = fields[at + 1] ?? ''
  return metadata
}

type Fields = Pick<LogRecord, 'severity' | 'severityText' | 'traceId' | 'spanId' | 'observedNs' | 'flags'>

/** Appends the fields of a record that are not attributes to a list of names and values in turn. */
export function pushFields(metadata: string[], fields: Fields): void {
  const { severity, severityText, traceId, spanId, observedNs, flags } = fields
  if (severity !== 0) metadata.push('severity_number', String(severity))
  if (severityText !== '') metadata.push('severity_text', severityText)
  if (traceId !== '') metadata.push('trace_id', traceId)
  if (spanId !== '') metadata.push('span_id', spanId)
  if (observedNs !== 0n) metadata.push('observed_timestamp', String(observedNs))
  if (flags !== 0) metadata.push('flags', String(flags))
  metadata.push('detected_level', levelOf(severity, severityText))
}

/** Labels as a list of names and values in turn. */
export const pairsOf = (labels: Labels): string[] => Object.entries(labels).flat()

/** The structured metadata that all lines of a scope have. */
export function scopeMetadata(scope: Scope, stream: Labels): Labels {
  const metadata = flattened(scope.attributes, stream)
  if (scope.name !== '') metadata.scope_name = scope.name
  if (scope.version !== '') metadata.scope_version = scope.version
  return metadata
}

/** The line of a record: a string as it is, any other body as JSON, `''` without a body. */
export const lineOf = (body: Value): string =>
  body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)

const levels = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** Loki's name for a severity. */
function levelOf(severity: number, text: string): string {
  // Each level has four severity numbers: 1–4 trace … 21–24 fatal.
  if (severity > 0 && severity <= 24) return levels[Math.ceil(severity / 4)] ?? 'unknown'
  const name = text.toLowerCase()
  if (name === 'warning') return 'warn'
  return levels.includes(name) ? name : 'unknown'
}

/** Attributes as labels. */
function flattened(attributes: Attributes, stream: Labels, base = noLabels()): Labels {
  const labels = Object.assign(noLabels(), base)
  for (const name in attributes) {
    for (const [label, text] of labelsOfValue(name, attributes[name] ?? null, stream)) labels[label] = text
  }
  return labels
}

/** The labels of one attribute: one for each member of a map, with `_` between the names; none without a value. */
export function labelsOfValue(name: string, value: Value, stream: Labels): [label: string, text: string][] {
  if (value === null || value === '') return []
  if (typeof value !== 'object' || Array.isArray(value)) return [[labelFor(name, stream), textOf(value)]]
  return Object.entries(value).flatMap(([inner, member]) => labelsOfValue(`${name}_${inner}`, member, stream))
}

/** The label of an attribute. An attribute of a record does not replace an index label, such as the service name. */
export function labelFor(name: string, stream: Labels): string {
  const label = cachedLabelName(name)
  return addedName(label, Object.hasOwn(stream, label))
}

const maxCachedNames = 5000
const names = new Map<string, string>()

// The names of attributes repeat from record to record.
function cachedLabelName(name: string): string {
  const cached = names.get(name)
  if (cached !== undefined) return cached
  if (names.size >= maxCachedNames) names.clear()
  const label = labelNameOf(name)
  names.set(name, label)
  return label
}

const textOf = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
