import fc from 'fast-check'
import type { Entry, Labels } from './naive'

/** A random log record. `otlpOf` and `entryOf` convert it to OTLP, and to the entry that is documented for it. */
export interface Log {
  atNs: bigint
  body: string
  service: string | undefined
  namespace: string | undefined
  environment: string | undefined
  scope: string | undefined
  severity: number | undefined
  traceId: string | undefined
  observedNs: bigint | undefined
  attributes: Record<string, Attribute>
}

type Attribute = string | number | boolean | { [key: string]: Attribute }

/** The middle of the logs' time. Whole seconds, so that windows begin and end on lines. */
export const baseS = 1_796_000_000

export const services = ['cart', 'order', 'order-2', 'zahlung "é" \\ 漢字'] as const
export const words = [
  'refused',
  'Refused',
  'order 42',
  'a "quoted" word',
  'back\\slash',
  'two\nlines',
  'é漢字😀',
  '100%',
  '[x]',
] as const
const users = ['ann', 'bob', 'Ann "Q" \\ é', 'o.c'] as const
const durations = ['10ms', '250ms', '0.10ms', '1s', '1.5s', '1m30s', '2h45m'] as const
const texts = ['abc', '12ms or so', '1.2.3', '-'] as const
const levels: Record<number, string> = { 1: 'TRACE', 5: 'DEBUG', 9: 'INFO', 13: 'WARN', 17: 'ERROR', 21: 'FATAL' }

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

/** Few seconds and few fractions: equal times, neighbours of one nanosecond, and edges of windows are common. */
export const timeNs: fc.Arbitrary<bigint> = fc
  .tuple(fc.integer({ min: 0, max: 20 }), oneOf([0n, 0n, 1n, 2n, 999_999_999n, 123_456_789n]))
  .map(([step, fraction]) => BigInt(baseS + 15 * step) * 1_000_000_000n + fraction)

const number = fc.oneof(fc.integer({ min: -3, max: 12 }), oneOf([4.25, 0.5, 250]))

const attributes = fc.record<Record<string, Attribute>>(
  {
    user: oneOf(users),
    // An empty value is the same as a missing one.
    note: oneOf(['', 'x', 'X y']),
    n: number,
    // Numbers, and texts that are not numbers.
    m: fc.oneof(number, oneOf(texts)),
    wait: oneOf(durations),
    // "250" is not a duration, because it has no unit.
    took: fc.oneof(oneOf(durations), oneOf([...texts, '250'])),
    'http.route': oneOf(['/cart', '/cart/{id}', '']),
    'user-agent': oneOf(['curl/8', 'é']),
    gift: fc.boolean(),
    order: fc.record({ id: fc.integer({ min: 1, max: 3 }), 'total.sum': number }),
  },
  { requiredKeys: [] },
)

const json = fc
  .record(
    {
      status: oneOf([200, 404, 500]),
      took: oneOf(['250ms', '2s', 'soon']),
      user: oneOf(users),
      service_name: oneOf(services),
      trace_id: fc.constant('of the line'),
      request: fc.record({ method: oneOf(['GET', 'POST']), 'user-agent': fc.constant('curl/8') }),
      ok: fc.boolean(),
      empty: fc.constant(''),
      none: fc.constant(null),
      list: fc.constant([1, { a: 2 }]),
      text: oneOf(words),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value))

const body = fc.oneof(
  fc.array(oneOf(words), { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join(' ')),
  json,
  json.map((text) => text.slice(0, -1)),
  fc.constant(''),
)

const log: fc.Arbitrary<Log> = fc.record({
  atNs: timeNs,
  body,
  service: fc.oneof({ weight: 9, arbitrary: oneOf(services) }, { weight: 1, arbitrary: fc.constant(undefined) }),
  namespace: maybe(oneOf(['shop', 'shop.eu'])),
  environment: maybe(oneOf(['development', 'production'])),
  scope: maybe(oneOf(['http', 'sql'])),
  severity: maybe(oneOf([1, 5, 9, 13, 17, 21])),
  traceId: maybe(oneOf(['0af7651916cd43dd8448eb211c80319c', '4bf92f3577b34da6a3ce929d0e0e4736'])),
  observedNs: maybe(timeNs),
  attributes,
})

/** Logs in order of arrival. No line occurs twice in a stream at the same time, because Loki may drop it as a duplicate. */
export const logs: fc.Arbitrary<Log[]> = fc.uniqueArray(log, {
  minLength: 1,
  maxLength: 220,
  size: 'max',
  selector: ({ atNs, body: line, service, namespace, environment }) =>
    JSON.stringify([String(atNs), line, service, namespace, environment]),
})

/** The entry that the documentation describes for a record. */
export function entryOf(log: Log): Entry {
  const metadata: Labels = {}
  addFlat(metadata, '', log.attributes)
  if (log.scope !== undefined) metadata.scope_name = log.scope
  if (log.traceId !== undefined) metadata.trace_id = log.traceId
  if (log.observedNs !== undefined) metadata.observed_timestamp = String(log.observedNs)
  const severity = log.severity === undefined ? undefined : levels[log.severity]
  if (severity) Object.assign(metadata, { severity_text: severity, severity_number: String(log.severity) })
  metadata.detected_level = severity?.toLowerCase() ?? 'unknown'
  const labels: Labels = { service_name: log.service ?? 'unknown_service' }
  if (log.namespace !== undefined) labels.service_namespace = log.namespace
  if (log.environment !== undefined) labels.deployment_environment_name = log.environment
  return { timeNs: log.atNs, line: log.body, labels, metadata, parsed: {} }
}

function addFlat(target: Labels, prefix: string, values: Record<string, Attribute>): void {
  for (const [key, value] of Object.entries(values)) {
    const name = `${prefix}${key}`.replaceAll(/[^a-zA-Z0-9_]/g, '_')
    if (typeof value === 'object') addFlat(target, `${name}_`, value)
    if (typeof value !== 'object') target[name] = String(value)
  }
}

/** One OTLP/JSON request with a resource for each record. */
export function otlpOf(all: Log[]): object {
  return {
    resourceLogs: all.map((log) => ({
      resource: {
        attributes: keyValues({
          ...(log.service !== undefined && { 'service.name': log.service }),
          ...(log.namespace !== undefined && { 'service.namespace': log.namespace }),
          ...(log.environment !== undefined && { 'deployment.environment.name': log.environment }),
        }),
      },
      scopeLogs: [{ ...(log.scope !== undefined && { scope: { name: log.scope } }), logRecords: [recordOf(log)] }],
    })),
  }
}

function recordOf(log: Log): object {
  return {
    timeUnixNano: String(log.atNs),
    body: { stringValue: log.body },
    attributes: keyValues(log.attributes),
    ...(log.observedNs !== undefined && { observedTimeUnixNano: String(log.observedNs) }),
    ...(log.traceId !== undefined && { traceId: log.traceId }),
    ...(log.severity !== undefined && { severityNumber: log.severity, severityText: levels[log.severity] }),
  }
}

const keyValues = (values: Record<string, Attribute>): object[] =>
  Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: Attribute): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'object') return { kvlistValue: { values: keyValues(value) } }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
