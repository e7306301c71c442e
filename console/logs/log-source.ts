import type { Database } from 'bun:sqlite'
import {
  inTurns,
  type LogEntry,
  type LogSource,
  matchesAll,
  noLabels,
  type Selection,
  type StreamSize,
} from '../logql/source'
import { defaultMapping, recordMetadata, resourceLabels } from '../loki-api/mapping'
import type { LogRecord, Resource } from '../receive/signals'

interface Row {
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

type Program = ReturnType<typeof resourceLabels>

const pageRows = 1000
const columns = 'id, time_us, nanos, resource, severity, event_name, body, attributes, trace_id, span_id, rest'

/** The console's logs as LogQL reads them, with the labels that a log server would give them. */
export function logSource(db: Database): LogSource {
  const readResource = db.prepare('SELECT service, attributes FROM resources WHERE id = ?')
  const readSizes = db.prepare(
    'SELECT resource, count(*) AS entries, sum(octet_length(body)) AS bytes FROM logs WHERE time_us BETWEEN ? AND ? GROUP BY resource',
  )
  const programs = new Map<number, Program>()
  return { entries, sizes }

  function entries(selection: Selection): AsyncIterable<LogEntry[]> {
    return inTurns(batches(selection))
  }

  // By pages, as an open cursor must not outlive a pause.
  function* batches(selection: Selection): Iterable<LogEntry[]> {
    const { matchers, startNs, endNs } = selection
    const readPage = pageReader(selection)
    const wanted = new Map<number, boolean>()
    let rows = readPage(undefined)
    while (rows.length > 0) {
      const batch: LogEntry[] = []
      for (const row of rows) {
        const program = programOf(row.resource)
        const isWanted = wanted.get(row.resource) ?? matchesAll(matchers, program.stream)
        wanted.set(row.resource, isWanted)
        const entry = isWanted ? entryOf(row, program) : undefined
        if (entry && entry.timeNs >= startNs && entry.timeNs < endNs) batch.push(entry)
      }
      yield batch
      rows = rows.length === pageRows ? readPage(rows.at(-1)) : []
    }
  }

  function pageReader({ startNs, endNs, direction, conditions }: Selection) {
    const where = ['time_us BETWEEN ? AND ?']
    const parameters: (string | number)[] = microseconds({ startNs, endNs })
    for (const condition of conditions) {
      if (condition.kind === 'label' && condition.name === 'trace_id' && condition.equals) {
        // Without the plus SQLite would prefer the index by time.
        where[0] = '+time_us BETWEEN ? AND ?'
        where.push("trace_id <> '' AND trace_id = ?")
        parameters.push(condition.equals)
      }
      if (condition.kind === 'line' && condition.operator === '|=' && condition.texts.length === 1) {
        where.push('instr(body, ?) > 0')
        parameters.push(condition.texts[0] ?? '')
      }
    }
    const isBackward = direction === 'backward'
    where.push(`(time_us, nanos, id) ${isBackward ? '<' : '>'} (?, ?, ?)`)
    const order = isBackward ? 'time_us DESC, nanos DESC, id DESC' : 'time_us, nanos, id'
    const sql = `SELECT ${columns} FROM logs WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ${pageRows}`
    const beginning = isBackward ? [Number.MAX_SAFE_INTEGER, 0, 0] : [-1, 0, 0]
    return (last: Row | undefined): Row[] =>
      db.query(sql).all(...parameters, ...(last ? [last.time_us, last.nanos, last.id] : beginning)) as Row[]
  }

  function sizes({ matchers, ...window }: Pick<Selection, 'matchers' | 'startNs' | 'endNs'>): StreamSize[] {
    const found = new Map<string, StreamSize>()
    for (const row of readSizes.all(...microseconds(window)) as {
      resource: number
      entries: number
      bytes: number
    }[]) {
      const labels = programOf(row.resource).stream
      if (!matchesAll(matchers, labels)) continue
      const key = JSON.stringify(labels)
      const size = found.get(key) ?? { labels, chunks: 1, entries: 0, bytes: 0 }
      size.entries += row.entries
      size.bytes += row.bytes
      found.set(key, size)
    }
    return [...found.values()]
  }

  function programOf(id: number): Program {
    const before = programs.get(id)
    if (before) return before
    const { service, attributes } = readResource.get(id) as { service: string; attributes: string }
    const resource: Resource = { service, attributes: JSON.parse(attributes) }
    const program = resourceLabels(resource, defaultMapping)
    programs.set(id, program)
    return program
  }
}

const microseconds = ({ startNs, endNs }: { startNs: bigint; endNs: bigint }): [number, number] => [
  Number(startNs / 1000n),
  Number(endNs / 1000n),
]

function entryOf(row: Row, { stream, metadata: ofProgram }: Program): LogEntry {
  let ofRecord: Record<string, string> | undefined
  const own = () => {
    ofRecord ??= recordMetadata(recordOf(row), stream)
    return ofRecord
  }
  return {
    timeNs: BigInt(row.time_us) * 1000n + BigInt(row.nanos),
    line: row.body,
    get lineBytes() {
      return Buffer.byteLength(row.body)
    },
    streamLabels: stream,
    metadata: (name) => own()[name] ?? ofProgram[name],
    allMetadata: () => Object.assign(noLabels(), ofProgram, own()),
  }
}

function recordOf(row: Row): LogRecord {
  const { severityText, observedNs, flags, scope } = JSON.parse(row.rest)
  return {
    ...{ timeNs: 0n, timeUs: row.time_us, observedNs: BigInt(observedNs), severity: row.severity, severityText, flags },
    ...{ eventName: row.event_name, body: row.body, attributes: JSON.parse(row.attributes), scope },
    ...{ traceId: row.trace_id, spanId: row.span_id },
  }
}
