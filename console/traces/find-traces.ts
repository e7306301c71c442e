import type { Database } from 'bun:sqlite'
import type { TraceRow } from '../store/active-traces'
import { findMatchingTraces, parseSearch } from './search'

export interface TraceFilter {
  service?: string
  route?: string
  onlyErrors?: boolean
  minDurationMs?: number
  /** Words and `key=value`s. */
  text?: string
  fromUs?: number
  toUs?: number
  /** Only traces that came before the one of this number. */
  beforeId?: number
}

export interface FoundTraces {
  traces: TraceRow[]
  /** From which number on to go on, where there may be more. */
  nextBeforeId: number | undefined
  /** Whether the time for searching was over before enough were found. */
  isTimedOut: boolean
}

/** From which duration on a trace is slow: what the objective allows to one in twenty. */
export const slowMs = 300

const chunk = 2000
const searchMs = 60

/**
 * The newest traces that match, 50 or `most` of them. A search through attributes takes 60 ms at most; what it didn't get
 * to is for the next call.
 */
export function findTraces(db: Database, filter: TraceFilter, most = 50): FoundTraces {
  const endMs = performance.now() + searchMs
  const conditions = parseSearch(filter.text ?? '')
  // One more than is shown tells whether there is more.
  const wanted = most + 1
  const traces: TraceRow[] = []
  let before = filter.beforeId ?? Number.MAX_SAFE_INTEGER
  while (traces.length < wanted) {
    const rows = candidates(db, filter, before, conditions.length > 0 ? chunk : wanted - traces.length)
    const [newest, oldest] = [rows.at(0), rows.at(-1)]
    if (!newest || !oldest) return { traces: traces.slice(0, most), nextBeforeId: undefined, isTimedOut: false }
    const found = conditions.length > 0 ? findMatchingTraces(db, conditions, oldest.id, newest.id) : undefined
    const matching = found ? rows.filter(({ id }) => found.has(id)) : rows
    const taken = matching.slice(0, wanted - traces.length)
    traces.push(...taken)
    before = taken.length < matching.length ? (taken.at(-1)?.id ?? before) : oldest.id
    if (performance.now() > endMs && traces.length < wanted)
      return { traces, nextBeforeId: before, isTimedOut: traces.length < most }
  }
  const shown = traces.slice(0, most)
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
  // The whole name: `api` is no end of `public-api`.
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

/** The programs of a trace, the one that began it first. */
export function servicesOf({ entries, root_service }: TraceRow): string[] {
  const services = entries.split('\n').map((entry) => entry.split('\t')[0] ?? '')
  return [...new Set([root_service, ...services])].filter(Boolean)
}
