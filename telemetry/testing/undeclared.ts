import type { AttributeDeclaration, Declarations, MetricDeclaration, SpanDeclaration } from '../declaration'
import type { ExportedLogRecord, ExportedMetric, ExportedSpan } from './otlp'

interface Exported {
  spans: ExportedSpan[]
  logs: ExportedLogRecord[]
  metrics: ExportedMetric[]
}

/**
 * What was exported and is not declared, or not so: names of spans, metrics and log events, units, labels, attributes and
 * their types and values. A sentence for each, none twice.
 * @param declared by `service.name`, with those of the layer that every service shares.
 */
export function undeclared({ spans, logs, metrics }: Exported, declared: Record<string, Declarations[]>): string[] {
  const faults = new Set<string>()
  const of = (service: string) => declared[service] ?? []

  for (const span of spans) {
    const all = of(span.service)
    if (!isDeclaredSpan(span, all)) faults.add(`${span.service}: span "${span.name}" (${span.kind}) is not declared`)
    for (const fault of wrongAttributes(span.attributes, all))
      faults.add(`${span.service}: span "${span.name}": ${fault}`)
  }
  for (const { service, eventName, body, attributes } of logs) {
    const all = of(service)
    const name = eventName ?? String(body)
    if (eventName && !all.some(({ events }) => eventName in events))
      faults.add(`${service}: event "${name}" is not declared`)
    for (const fault of wrongAttributes(attributes, all)) faults.add(`${service}: line "${name}": ${fault}`)
  }
  for (const metric of metrics) {
    const found = of(metric.service)
      .flatMap((all) => Object.values(all.metrics))
      .find(({ name }) => name === metric.name)
    for (const fault of wrongMetric(metric, found)) faults.add(`${metric.service}: metric "${metric.name}" ${fault}`)
  }
  return [...faults]
}

function isDeclaredSpan({ name, kind, attributes }: ExportedSpan, all: Declarations[]): boolean {
  return all.some(({ spans }) =>
    Object.entries(spans).some(([pattern, declaration]) => {
      if (declaration.kind !== (kind as SpanDeclaration['kind'])) return false
      // What has no value is not in the name either: a request without a route is called by its method.
      const filled = pattern.replace(/\{([^}]+)\}/g, (_, key) => shown(attributes[key])).trim()
      return filled === name
    }),
  )
}

// Source: semantic conventions 1.44, HTTP span name.
const shown = (value: unknown) => (value === '_OTHER' ? 'HTTP' : String(value ?? ''))

function wrongAttributes(attributes: Record<string, unknown>, all: Declarations[]): string[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    const declaration = all.map((one) => one.attributes[key]).find((found) => found !== undefined)
    if (!declaration) return [`attribute "${key}" is not declared`]
    if (!hasType(value, declaration)) return [`attribute "${key}" is no ${declaration.type}: ${JSON.stringify(value)}`]
    if (declaration.values && !declaration.values.includes(value as string))
      return [`attribute "${key}" may not be ${JSON.stringify(value)}`]
    return []
  })
}

function hasType(value: unknown, { type }: AttributeDeclaration): boolean {
  if (type === 'int') return Number.isInteger(value)
  if (type === 'double') return typeof value === 'number'
  if (type === 'string[]') return Array.isArray(value)
  const typeOf: string = typeof value
  return typeOf === type
}

function wrongMetric(
  { unit, type, isMonotonic, points }: ExportedMetric,
  declared: MetricDeclaration | undefined,
): string[] {
  if (!declared) return ['is not declared']
  const faults: string[] = []
  const kind = type === 'sum' ? (isMonotonic ? 'counter' : 'sum') : type
  if (unit !== declared.unit) faults.push(`has the unit ${unit}, not ${declared.unit}`)
  if (kind !== declared.kind) faults.push(`is a ${kind}, not a ${declared.kind}`)
  for (const [key, value] of points.flatMap(({ attributes }) => Object.entries(attributes))) {
    const values = declared.attributes?.[key]
    if (values === undefined) faults.push(`has the label "${key}", which is not declared`)
    else if (typeof values !== 'string' && !values.includes(value as string))
      faults.push(`has the label "${key}" ${JSON.stringify(value)}`)
  }
  return faults
}
