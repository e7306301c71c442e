import type { Database } from 'bun:sqlite'

/** The errors of a service with the same type and stack frame. Message, stack and trace are those of the last one. */
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
  /** 1 while the trace is stored. */
  has_trace: number
}

export interface FoundErrorGroups {
  errorGroups: ErrorGroup[]
  /** The number of groups by service, including those beyond the limit. */
  countsByService: Map<string, number>
}

/** The error groups that were seen last, of one service or of all. */
export function findErrorGroups(db: Database, service?: string, limit = 200): FoundErrorGroups {
  const errorGroups = db
    .query(
      `SELECT *, EXISTS (SELECT 1 FROM traces WHERE traces.trace_id = error_groups.trace_id) AS has_trace
       FROM error_groups WHERE ?1 IS NULL OR service = ?1 ORDER BY last_us DESC, id DESC LIMIT ?2`,
    )
    .all(service ?? null, limit) as ErrorGroup[]
  const groups = db
    .query('SELECT service, count(*) AS count FROM error_groups GROUP BY service ORDER BY service')
    .values()
  return { errorGroups, countsByService: new Map(groups as [string, number][]) }
}
