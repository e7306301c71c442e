import type { Database } from 'bun:sqlite'
import { keyOf, type Labels, noLabels } from '../logql/labels'
import {
  type LogEntry,
  type LogSource,
  matchesAll,
  requiredValue,
  type Selection,
  type StreamSelection,
  type StreamSize,
  type TimeRange,
  withEventLoopPauses,
} from '../logql/source'
import { defaultMapping, recordMetadata, resourceLabels } from '../loki-api/mapping'
import type { LogRecord, Resource } from '../receive/telemetry-types'

interface LogRow {
  id: number
  time_us: number
  nanos: number
  resource: number
  severity: number
  event_name: string
  body: string
  attributes: string
  trace_id: string
  span_id: string
  rest: string
}

type ResourceLabels = ReturnType<typeof resourceLabels>

const pageRows = 1000
const columns = 'id, time_us, nanos, resource, severity, event_name, body, attributes, trace_id, span_id, rest'

/** The log records of the console's store as a source for LogQL, with the labels of the log server's default mapping. */
export function logSource(db: Database): LogSource {
  const readResource = db.prepare('SELECT service, attributes FROM resources WHERE id = ?')
  const readSizes = db.prepare(
    'SELECT resource, count(*) AS entries, sum(octet_length(body)) AS bytes FROM logs WHERE time_us BETWEEN ? AND ? GROUP BY resource',
  )
  const byResource = new Map<number, ResourceLabels>()
  return { entries, sizes }

  function entries(selection: Selection): AsyncIterable<LogEntry[]> {
    return withEventLoopPauses(batches(selection))
  }

  // Reads in pages, because no SQLite cursor may stay open while other requests run.
  function* batches(selection: Selection): Iterable<LogEntry[]> {
    const { matchers, startNs, endNs } = selection
    const readPage = pageReader(selection)
    const wanted = new Map<number, boolean>()
    let rows = readPage(undefined)
    while (rows.length > 0) {
      const batch: LogEntry[] = []
      for (const row of rows) {
        const labels = labelsOf(row.resource)
        const isWanted = wanted.get(row.resource) ?? matchesAll(matchers, labels.stream)
        wanted.set(row.resource, isWanted)
        const entry = isWanted ? entryOf(row, labels) : undefined
        if (entry && entry.timeNs >= startNs && entry.timeNs < endNs) batch.push(entry)
      }
      yield batch
      rows = rows.length === pageRows ? readPage(rows.at(-1)) : []
    }
  }

  function pageReader({ startNs, endNs, direction, conditions }: Selection) {
    const where = ['time_us BETWEEN ? AND ?']
    const parameters: (string | number)[] = microseconds({ startNs, endNs })
    const traceId = requiredValue(conditions, 'trace_id')
    if (traceId !== undefined) {
      // Without the plus, SQLite prefers the index by time.
      where[0] = '+time_us BETWEEN ? AND ?'
      where.push("trace_id <> '' AND trace_id = ?")
      parameters.push(traceId)
    }
    for (const condition of conditions) {
      if (condition.kind === 'line' && condition.operator === '|=' && condition.texts.length === 1) {
        where.push('instr(body, ?) > 0')
        parameters.push(condition.texts[0] ?? '')
      }
    }
    const isBackward = direction === 'backward'
    where.push(`(time_us, nanos, id) ${isBackward ? '<' : '>'} (?, ?, ?)`)
    const order = isBackward ? 'time_us DESC, nanos DESC, id DESC' : 'time_us, nanos, id'
    const sql = `SELECT ${columns} FROM logs WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ${pageRows}`
    const start = isBackward ? [Number.MAX_SAFE_INTEGER, 0, 0] : [-1, 0, 0]
    return (last: LogRow | undefined): LogRow[] =>
      db.query(sql).all(...parameters, ...(last ? [last.time_us, last.nanos, last.id] : start)) as LogRow[]
  }

  function sizes({ matchers, ...range }: StreamSelection): StreamSize[] {
    const found = new Map<string, StreamSize>()
    type Size = Record<'resource' | 'entries' | 'bytes', number>
    for (const row of readSizes.all(...microseconds(range)) as Size[]) {
      const labels = labelsOf(row.resource).stream
      if (!matchesAll(matchers, labels)) continue
      const key = keyOf(labels)
      const size = found.get(key) ?? { labels, chunks: 1, entries: 0, bytes: 0 }
      size.entries += row.entries
      size.bytes += row.bytes
      found.set(key, size)
    }
    return [...found.values()]
  }

  function labelsOf(id: number): ResourceLabels {
    const cached = byResource.get(id)
    if (cached) return cached
    const { service, attributes } = readResource.get(id) as { service: string; attributes: string }
    const resource: Resource = { service, attributes: JSON.parse(attributes) }
    const labels = resourceLabels(resource, defaultMapping)
    byResource.set(id, labels)
    return labels
  }
}

const microseconds = ({ startNs, endNs }: TimeRange): [number, number] => [
  Number(startNs / 1000n),
  Number(endNs / 1000n),
]

function entryOf(row: LogRow, { stream, metadata: ofResource }: ResourceLabels): LogEntry {
  let cached: Labels | undefined
  const ofRecord = () => {
    cached ??= recordMetadata(recordOf(row), stream)
    return cached
  }
  return {
    timeNs: BigInt(row.time_us) * 1000n + BigInt(row.nanos),
    line: row.body,
    get lineBytes() {
      return Buffer.byteLength(row.body)
    },
    streamLabels: stream,
    metadata: (name) => ofRecord()[name] ?? ofResource[name],
    allMetadata: () => Object.assign(noLabels(), ofResource, ofRecord()),
  }
}

function recordOf(row: LogRow): LogRecord {
  const { severityText, observedNs, flags, scope } = JSON.parse(row.rest)
  return {
    ...{ timeNs: 0n, timeUs: row.time_us, observedNs: BigInt(observedNs), severity: row.severity, severityText, flags },
    ...{ eventName: row.event_name, body: row.body, attributes: JSON.parse(row.attributes), scope },
    ...{ traceId: row.trace_id, spanId: row.span_id },
  }
}
