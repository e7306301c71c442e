import type { Database } from 'bun:sqlite'
import { parseSearch } from '../traces/search'
import { type Level, levels } from './severity'

export interface LogFilter {
  service?: string
  /** The mildest that is shown. */
  minLevel?: Level
  /** Words and `key=value`s. */
  text?: string
  traceId?: string
  /** Only lines that came before the one of this number. */
  beforeId?: number
}

/** A line, with the texts of monstrous ones cut. */
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
  /** From which number on to go on, where there may be more. */
  nextBeforeId: number | undefined
  /** If the time for searching was over before enough were found: the time of the oldest line that was looked at. */
  searchedBackToUs: number | undefined
}

/** How many characters of a line's body and of its attributes are read. */
export const maxTextLength = 20_000
const chunk = 5000
const searchMs = 60

const columns = `id, time_us, severity, event_name, substr(body, 1, ${maxTextLength}) AS body,
  substr(attributes, 1, ${maxTextLength}) AS attributes, trace_id, span_id,
  (SELECT service FROM resources WHERE resources.id = logs.resource) AS service`

/** The newest lines that match, 100 or `most` of them, found in 60 ms at most: what they didn't suffice for is for the next call. */
export function findLogs(db: Database, filter: LogFilter, most = 100): FoundLogs {
  const endMs = performance.now() + searchMs
  const { oldest, newest } = ends(db)
  const { where, parameters } = conditions(filter)
  const page = db.query(`SELECT ${columns} FROM ${tableFor(filter)} WHERE ${where} ORDER BY id DESC LIMIT ?`)
  const logs: LogRow[] = []
  let before = Math.min(filter.beforeId ?? newest + 1, newest + 1)
  // One more than is shown tells whether there is more.
  while (logs.length <= most && before > oldest) {
    const first = Math.max(oldest, before - chunk)
    logs.push(...(page.all(first, before - 1, ...parameters, most + 1 - logs.length) as LogRow[]))
    before = first
    const isCut = performance.now() > endMs && logs.length <= most && before > oldest
    if (isCut) return { logs, nextBeforeId: before, searchedBackToUs: timeOf(db, before) }
  }
  const shown = logs.slice(0, most)
  return { logs: shown, nextBeforeId: logs.length > most ? shown.at(-1)?.id : undefined, searchedBackToUs: undefined }
}

// Lines that warn are few, and have an index; left alone, SQLite would read all the others too.
function tableFor({ minLevel }: LogFilter): string {
  return warns(minLevel) ? 'logs INDEXED BY logs_that_warn' : 'logs'
}

const warns = (least: Level | undefined): boolean => least !== undefined && levels[least] >= levels.warn

function conditions({ service, minLevel, text = '', traceId }: LogFilter) {
  const words = parseSearch(text, ['body', 'event_name', 'attributes'])
  const where = ['id BETWEEN ? AND ?', ...words.map(({ sql }) => sql)]
  const parameters: (string | number)[] = words.flatMap((word) => word.parameters)
  const add = (sql: string, value: string | number) => {
    where.push(sql)
    parameters.push(value)
  }
  if (service) add('resource IN (SELECT id FROM resources WHERE service = ?)', service)
  if (minLevel) where.push(`severity >= ${levels[minLevel]}`)
  // The index's own words: SQLite draws no conclusions.
  if (warns(minLevel)) where.push(`severity >= ${levels.warn}`)
  // The index holds only those with a trace.
  if (traceId) add("trace_id <> '' AND trace_id = ?", traceId)
  return { where: where.join(' AND '), parameters }
}

// Each a question of its own: asked for together, both would be looked for in all rows.
function ends(db: Database): { oldest: number; newest: number } {
  const { oldest, newest } = db
    .query('SELECT (SELECT min(id) FROM logs) AS oldest, (SELECT max(id) FROM logs) AS newest')
    .get() as { oldest: number | null; newest: number | null }
  return { oldest: oldest ?? 1, newest: newest ?? 0 }
}

function timeOf(db: Database, id: number): number | undefined {
  const row = db.query('SELECT time_us FROM logs WHERE id >= ? ORDER BY id LIMIT 1').get(id)
  return (row as { time_us: number } | null)?.time_us
}
