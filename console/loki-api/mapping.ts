import { type Labels, labelNameOf, noLabels } from '../logql/labels'
import type { LogRecord, Resource, Scope } from '../receive/signals'
import type { Attributes, Value } from '../receive/values'

/** Which resource attributes become index labels; all else becomes structured metadata. */
export interface Mapping {
  indexLabels: string[]
  /** Resource attributes that are left out. */
  dropped: string[]
}

export const defaultMapping: Mapping = {
  indexLabels: ['service.name', 'service.namespace', 'deployment.environment.name'],
  dropped: [],
}

/** A program's index labels, and what of its resource stands beside each line. */
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
 * What stands beside a line, beyond its resource's: scope, attributes, ids, severity.
 * @see https://grafana.com/docs/loki/latest/send-data/otel/
 */
export function recordMetadata(record: LogRecord, stream: Labels): Labels {
  const { severity, severityText, eventName, traceId, spanId, observedNs, flags } = record
  const metadata = flattened(record.attributes, stream, scopeMetadata(record.scope, stream))
  if (severity !== 0) metadata.severity_number = String(severity)
  if (severityText !== '') metadata.severity_text = severityText
  if (traceId !== '') metadata.trace_id = traceId
  if (spanId !== '') metadata.span_id = spanId
  if (observedNs !== 0n) metadata.observed_timestamp = String(observedNs)
  if (flags !== 0) metadata.flags = String(flags)
  // The collector makes an attribute of it; programs that send here themselves do not.
  if (eventName !== '') metadata.event_name ??= eventName
  metadata.detected_level = levelOf(severity, severityText)
  return metadata
}

/** What stands beside each line of a scope. */
export function scopeMetadata(scope: Scope, stream: Labels): Labels {
  const metadata = flattened(scope.attributes, stream)
  if (scope.name !== '') metadata.scope_name = scope.name
  if (scope.version !== '') metadata.scope_version = scope.version
  return metadata
}

/** The line of a record: a text as it is, anything else as JSON. An event need not have one. */
export const lineOf = (body: Value): string =>
  body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)

const levels = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** Loki's name for a severity. */
export function levelOf(severity: number, text: string): string {
  // OTLP has four numbers a level: 1 – 4 trace … 21 – 24 fatal.
  if (severity > 0 && severity <= 24) return levels[Math.ceil(severity / 4)] ?? 'unknown'
  const name = text.toLowerCase()
  if (name === 'warning') return 'warn'
  return levels.includes(name) ? name : 'unknown'
}

/** Attributes as labels: members of maps with `_` between the names, everything as text. */
function flattened(attributes: Attributes, stream: Labels, base = noLabels()): Labels {
  const labels = Object.assign(noLabels(), base)
  for (const name in attributes) {
    for (const [label, text] of labelsOfValue(name, attributes[name] ?? null, stream)) labels[label] = text
  }
  return labels
}

/** An attribute's label and its text; several for a map, none for no value. */
export function labelsOfValue(name: string, value: Value, stream: Labels): [label: string, text: string][] {
  // A label without a value is none.
  if (value === null || value === '') return []
  if (typeof value !== 'object' || Array.isArray(value)) return [[labelFor(name, stream), textOf(value)]]
  return Object.entries(value).flatMap(([inner, member]) => labelsOfValue(`${name}_${inner}`, member, stream))
}

/** An attribute's label. An index label is not overwritten: the program's name is what its resource says. */
export function labelFor(name: string, stream: Labels): string {
  const label = cachedLabelName(name)
  return Object.hasOwn(stream, label) ? `${label}_extracted` : label
}

const maxNames = 5000
const names = new Map<string, string>()

// The same names come with every record.
function cachedLabelName(name: string): string {
  const before = names.get(name)
  if (before !== undefined) return before
  if (names.size >= maxNames) names.clear()
  const label = labelNameOf(name)
  names.set(name, label)
  return label
}

const textOf = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
