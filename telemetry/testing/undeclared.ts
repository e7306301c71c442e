import type { AttributeDeclaration, Declarations, MetricDeclaration, SpanDeclaration } from '../declaration'
import type { ExportedLogRecord, ExportedMetric, ExportedSpan } from './otlp'

interface Exported {
  spans: ExportedSpan[]
  logs: ExportedLogRecord[]
  metrics: ExportedMetric[]
}

/**
 * Compares exported signals with their declarations: names of spans, metrics and log events, units, attributes, their types
 * and values.
 * @param declared by `service.name`; include `builtInDeclarations`.
 * @returns one sentence for each difference.
 */
export function undeclared({ spans, logs, metrics }: Exported, declared: Record<string, Declarations[]>): string[] {
  const findings = new Set<string>()
  const declarationsOf = (service: string) => declared[service] ?? []

  for (const span of spans) {
    const declarations = declarationsOf(span.service)
    if (!isDeclaredSpan(span, declarations))
      findings.add(`${span.service}: span "${span.name}" (${span.kind}) is not declared`)
    for (const finding of wrongAttributes(span.attributes, declarations))
      findings.add(`${span.service}: span "${span.name}": ${finding}`)
  }
  for (const { service, eventName, body, attributes } of logs) {
    const declarations = declarationsOf(service)
    const name = eventName ?? String(body)
    if (eventName && !declarations.some(({ events }) => eventName in events))
      findings.add(`${service}: event "${name}" is not declared`)
    for (const finding of wrongAttributes(attributes, declarations))
      findings.add(`${service}: log record "${name}": ${finding}`)
  }
  for (const metric of metrics) {
    const found = declarationsOf(metric.service)
      .flatMap((declarations) => Object.values(declarations.metrics))
      .find(({ name }) => name === metric.name)
    for (const finding of wrongMetric(metric, found))
      findings.add(`${metric.service}: metric "${metric.name}" ${finding}`)
  }
  return [...findings]
}

function isDeclaredSpan({ name, kind, attributes }: ExportedSpan, declarations: Declarations[]): boolean {
  return declarations.some(({ spans }) =>
    Object.entries(spans).some(([pattern, declaration]) => {
      if (declaration.kind !== (kind as SpanDeclaration['kind'])) return false
      // An absent attribute is left out of the name: a request without a route is named by its method.
      const filled = pattern.replace(/\{([^}]+)\}/g, (_, key) => nameOf(attributes[key])).trim()
      return filled === name
    }),
  )
}

// Source: semantic conventions 1.44, HTTP span name.
const nameOf = (value: unknown) => (value === '_OTHER' ? 'HTTP' : String(value ?? ''))

function wrongAttributes(attributes: Record<string, unknown>, declarations: Declarations[]): string[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    const declaration = declarations.map((each) => each.attributes[key]).find((found) => found !== undefined)
    if (!declaration) return [`attribute "${key}" is not declared`]
    if (!hasType(value, declaration))
      return [`attribute "${key}" is not of type ${declaration.type}: ${JSON.stringify(value)}`]
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
  const findings: string[] = []
  const kind = type === 'sum' ? (isMonotonic ? 'counter' : 'upDownCounter') : type
  if (unit !== declared.unit) findings.push(`has the unit ${unit}, not ${declared.unit}`)
  if (kind !== declared.kind) findings.push(`is a ${kind}, not a ${declared.kind}`)
  for (const [key, value] of points.flatMap(({ attributes }) => Object.entries(attributes))) {
    const values = declared.attributes?.[key]
    if (values === undefined) findings.push(`has the attribute "${key}", which is not declared`)
    else if (typeof values !== 'string' && !values.includes(value as string))
      findings.push(`has the attribute "${key}" ${JSON.stringify(value)}`)
  }
  return findings
}
