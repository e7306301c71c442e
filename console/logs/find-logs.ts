import type { Database } from 'bun:sqlite'
import { parseSearch } from '../traces/search'
import { isLevel, type Level, levels } from './severity'

export interface LogFilter {
  service?: string
  /** The lowest level that is shown. */
  minLevel?: Level
  /** Words, and attributes as `key=value`. */
  text?: string
  traceId?: string
  /** Finds only log records with a lower id, which arrived earlier. */
  beforeId?: number
}

/** Reads the filter from the query parameters of a request. Ignores invalid ones. */
export function parseLogFilter(query: Record<string, string>): LogFilter {
  const { service, severity, q, trace, before } = query
  return {
    ...(service && { service }),
    ...(isLevel(severity) && { minLevel: severity }),
    ...(q?.trim() && { text: q.trim().slice(0, 1000) }),
    ...(trace?.trim() && { traceId: trace.trim().toLowerCase() }),
    ...(Number.isSafeInteger(Number(before)) && Number(before) > 0 && { beforeId: Number(before) }),
  }
}

/** A row of `logs`. A very long body or attributes text is truncated. */
export interface LogRow {
  id: number
  time_us: number
  service: string
  severity: number
  event_name: string
  body: string
  attributes: string
  trace_id: string
  span_id: string
}

export interface FoundLogs {
  logs: LogRow[]
  /** The `beforeId` of the next search; `undefined` when there are no more. */
  nextBeforeId: number | undefined
  /** When the search ran out of time: the time of the oldest log record that it read. */
  searchedBackToUs: number | undefined
}

/** The max length of the body and of the attributes text. */
export const maxTextLength = 20_000
const rowsPerQuery = 5000
const maxSearchMs = 60

const columns = `id, time_us, severity, event_name, substr(body, 1, ${maxTextLength}) AS body,
  substr(attributes, 1, ${maxTextLength}) AS attributes, trace_id, span_id,
  (SELECT service FROM resources WHERE resources.id = logs.resource) AS service`

/** The newest log records that match, at most `limit`. The search ends after 60 ms, and the next call continues it. */
export function findLogs(db: Database, filter: LogFilter, limit = 100): FoundLogs {
  const endMs = performance.now() + maxSearchMs
  const { oldest, newest } = idRange(db)
  const { where, parameters } = conditions(filter)
  const page = db.query(`SELECT ${columns} FROM ${tableFor(filter)} WHERE ${where} ORDER BY id DESC LIMIT ?`)
  const logs: LogRow[] = []
  let before = Math.min(filter.beforeId ?? newest + 1, newest + 1)
  // Finds one more than it returns, to know whether there are more.
  while (logs.length <= limit && before > oldest) {
    const first = Math.max(oldest, before - rowsPerQuery)
    logs.push(...(page.all(first, before - 1, ...parameters, limit + 1 - logs.length) as LogRow[]))
    before = first
    const isOutOfTime = performance.now() > endMs && logs.length <= limit && before > oldest
    if (isOutOfTime) return { logs, nextBeforeId: before, searchedBackToUs: timeOf(db, before) }
  }
  const shown = logs.slice(0, limit)
  return { logs: shown, nextBeforeId: logs.length > limit ? shown.at(-1)?.id : undefined, searchedBackToUs: undefined }
}

// Without the hint, SQLite does not use the index of the few records of level warn and above.
function tableFor({ minLevel }: LogFilter): string {
  return isIndexed(minLevel) ? 'logs INDEXED BY logs_by_severity' : 'logs'
}

const isIndexed = (minLevel: Level | undefined): boolean => minLevel !== undefined && levels[minLevel] >= levels.warn

function conditions({ service, minLevel, text = '', traceId }: LogFilter) {
  const terms = parseSearch(text, ['body', 'event_name', 'attributes'])
  const where = ['id BETWEEN ? AND ?', ...terms.map(({ sql }) => sql)]
  const parameters: (string | number)[] = terms.flatMap((term) => term.parameters)
  const add = (sql: string, value: string | number) => {
    where.push(sql)
    parameters.push(value)
  }
  if (service) add('resource IN (SELECT id FROM resources WHERE service = ?)', service)
  if (minLevel) where.push(`severity >= ${levels[minLevel]}`)
  // SQLite uses a partial index only if the query repeats its condition literally.
  if (isIndexed(minLevel)) where.push(`severity >= ${levels.warn}`)
  // Repeats the condition of the partial index, for the same reason.
  if (traceId) add("trace_id <> '' AND trace_id = ?", traceId)
  return { where: where.join(' AND '), parameters }
}

// Two subqueries: SQLite would scan all rows for min and max in one SELECT.
function idRange(db: Database): { oldest: number; newest: number } {
  const { oldest, newest } = db
    .query('SELECT (SELECT min(id) FROM logs) AS oldest, (SELECT max(id) FROM logs) AS newest')
    .get() as { oldest: number | null; newest: number | null }
  return { oldest: oldest ?? 1, newest: newest ?? 0 }
}

function timeOf(db: Database, id: number): number | undefined {
  const row = db.query('SELECT time_us FROM logs WHERE id >= ? ORDER BY id LIMIT 1').get(id)
  return (row as { time_us: number } | null)?.time_us
}
