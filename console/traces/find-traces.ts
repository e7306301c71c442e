import type { Database } from 'bun:sqlite'
import type { TraceRow } from '../store/active-traces'
import { findMatchingTraces, parseSearch } from './search'

export interface TraceFilter {
  service?: string
  route?: string
  onlyErrors?: boolean
  minDurationMs?: number
  /** Words and `key=value` terms. */
  text?: string
  fromUs?: number
  toUs?: number
  /** Only traces that arrived before the one with this id. */
  beforeId?: number
}

export interface FoundTraces {
  traces: TraceRow[]
  /** The `beforeId` of the next page, if there can be one. */
  nextBeforeId: number | undefined
  /** Whether the search timed out before it found enough traces. */
  isTimedOut: boolean
}

/** The min duration of a slow trace. The objective allows it for one request in twenty. */
export const slowMs = 300

const chunkSize = 2000
const maxSearchMs = 60

/**
 * The newest traces that match, at most `limit`. A search in attributes stops after 60 ms, and the next call continues from
 * `nextBeforeId`.
 */
export function findTraces(db: Database, filter: TraceFilter, limit = 50): FoundTraces {
  const endMs = performance.now() + maxSearchMs
  const conditions = parseSearch(filter.text ?? '')
  // One more trace than the limit shows whether there is a next page.
  const wanted = limit + 1
  const traces: TraceRow[] = []
  let before = filter.beforeId ?? Number.MAX_SAFE_INTEGER
  while (traces.length < wanted) {
    const rows = candidates(db, filter, before, conditions.length > 0 ? chunkSize : wanted - traces.length)
    const [newest, oldest] = [rows.at(0), rows.at(-1)]
    if (!newest || !oldest) return { traces: traces.slice(0, limit), nextBeforeId: undefined, isTimedOut: false }
    const found = conditions.length > 0 ? findMatchingTraces(db, conditions, oldest.id, newest.id) : undefined
    const matching = found ? rows.filter(({ id }) => found.has(id)) : rows
    const taken = matching.slice(0, wanted - traces.length)
    traces.push(...taken)
    before = taken.length < matching.length ? (taken.at(-1)?.id ?? before) : oldest.id
    if (performance.now() > endMs && traces.length < wanted)
      return { traces, nextBeforeId: before, isTimedOut: traces.length < limit }
  }
  const shown = traces.slice(0, limit)
  return { traces: shown, nextBeforeId: shown.at(-1)?.id, isTimedOut: false }
}

function candidates(db: Database, filter: TraceFilter, before: number, limit: number): TraceRow[] {
  const { service, route, onlyErrors, minDurationMs, fromUs, toUs } = filter
  const where = ['id < ?']
  const parameters: (string | number)[] = [before]
  const add = (sql: string, ...values: (string | number)[]) => {
    where.push(sql)
    parameters.push(...values)
  }
  // The separators ensure that `api` does not match `public-api`.
  if (service) add('instr(char(10) || entries, ?)', `\n${service}\t${route ?? ''}\n`)
  else if (route) add('instr(entries, ?)', `\t${route}\n`)
  if (onlyErrors) add('errors > 0')
  if (minDurationMs) add('duration_us >= ?', minDurationMs * 1000)
  if (fromUs) add('start_us + duration_us >= ?', fromUs)
  if (toUs) add('start_us < ?', toUs)
  return db
    .query(`SELECT * FROM traces WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ${limit}`)
    .all(...parameters) as TraceRow[]
}

/** The services of a trace, starting with the service of the root span. */
export function servicesOf({ entries, root_service }: TraceRow): string[] {
  const services = entries.split('\n').map((entry) => entry.split('\t')[0] ?? '')
  return [...new Set([root_service, ...services])].filter(Boolean)
}
