import type { Context } from 'hono'
import type { Value } from '../receive/values'
import type { Store } from '../store'
import { formats } from '../ui/format'
import { loadTrace, type Trace } from './load-trace'
import type { TraceSpan } from './span-tree'

/** A trace as Markdown, for a chat or an issue. */
export function traceAsMarkdown(store: Store) {
  return (c: Context): Response | Promise<Response> => {
    const trace = loadTrace(store.db, (c.req.param('file') ?? '').slice(0, 32))
    return trace ? c.text(markdown(trace)) : c.notFound()
  }
}

/** A trace as an ExportTraceServiceRequest in OTLP/JSON. Times have a precision of 1 µs. */
export function traceAsOtlp(store: Store) {
  return (c: Context): Response | Promise<Response> => {
    const trace = loadTrace(store.db, (c.req.param('file') ?? '').slice(0, 32))
    return trace ? c.json(toOtlp(trace)) : c.notFound()
  }
}

function markdown({ row, spans, logs }: Trace): string {
  const { duration } = formats.en
  const head = `**${row.root_name}** ${duration(row.duration_us)}, ${row.spans} spans, trace \`${row.trace_id}\``
  const rows = spans.map((span) => {
    const failure = span.isError ? ` **${span.attributes['error.type'] ?? 'error'}**` : ''
    const self = span.descendantCount > 0 ? ` (self ${duration(Math.max(0, span.selfUs))})` : ''
    return `${'  '.repeat(span.depth)}- ${span.service} \`${span.name}\` ${duration(span.durationUs)}${self}${failure}`
  })
  const lines = logs.map(
    (log) => `+${duration(Math.max(0, log.timeUs - row.start_us))} ${log.service} ${log.eventName || log.body}`,
  )
  return [head, '', ...rows, ...(lines.length > 0 ? ['', '```', ...lines, '```'] : []), ''].join('\n')
}

export function toOtlp({ row, spans }: Trace): object {
  const groups = Map.groupBy(spans, ({ resource, scope }) => `${resource}\n${scope}`)
  return {
    resourceSpans: [...groups.values()].map((group) => ({
      resource: { attributes: keyValues(JSON.parse(group[0]?.resource ?? '{}')) },
      scopeSpans: [{ scope: { name: group[0]?.scope ?? '' }, spans: group.map((span) => spanOf(row.trace_id, span)) }],
    })),
  }
}

function spanOf(traceId: string, span: TraceSpan): object {
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentId && { parentSpanId: span.parentId }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: `${span.startUs}000`,
    endTimeUnixNano: `${span.startUs + span.durationUs}000`,
    attributes: keyValues(span.attributes),
    events: span.events.map(({ timeUs, name, attributes }) => ({
      timeUnixNano: `${timeUs}000`,
      name,
      attributes: keyValues(attributes),
    })),
    links: span.links.map(({ attributes, ...ids }) => ({ ...ids, attributes: keyValues(attributes) })),
    status: { ...(span.isError && { code: 2 }), ...(span.statusMessage && { message: span.statusMessage }) },
  }
}

const keyValues = (attributes: Record<string, Value>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: Value): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (value === null) return {}
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value) } }
}
