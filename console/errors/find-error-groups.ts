import type { Database } from 'bun:sqlite'

/** A group of errors: those of one type at one place. */
export interface ErrorGroup {
  id: number
  service: string
  type: string
  frame: string
  message: string
  stack: string
  first_us: number
  last_us: number
  count: number
  trace_id: string
  span_id: string
  /** Whether the example's trace is still here. */
  has_trace: number
}

export interface FoundErrorGroups {
  errorGroups: ErrorGroup[]
  /** How many there are by service, shown or not. */
  countsByService: Map<string, number>
}

/** The groups of errors that were seen last, 200 or `most` of them, of all services or one. */
export function findErrorGroups(db: Database, service?: string, most = 200): FoundErrorGroups {
  const errorGroups = db
    .query(
      `SELECT *, EXISTS (SELECT 1 FROM traces WHERE traces.trace_id = error_groups.trace_id) AS has_trace
       FROM error_groups WHERE ?1 IS NULL OR service = ?1 ORDER BY last_us DESC, id DESC LIMIT ?2`,
    )
    .all(service ?? null, most) as ErrorGroup[]
  const groups = db
    .query('SELECT service, count(*) AS count FROM error_groups GROUP BY service ORDER BY service')
    .values()
  return { errorGroups, countsByService: new Map(groups as [string, number][]) }
}
