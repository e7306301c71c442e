import type { Database } from 'bun:sqlite'
import { quantile } from '../store/histogram'
import { minShownRepeats } from '../store/spans'
import { findTotals } from '../store/totals'

export type SortKey = 'total' | 'calls' | 'p95'

/** An SQL statement with the totals of its calls. */
export interface Statement {
  service: string
  database: string
  system: string
  summary: string
  text: string
  calls: number
  errors: number
  totalUs: number
  p95Us: number
  repeats: Repeats | undefined
}

/** The trace with the most calls of a statement. */
interface Repeats {
  maxCalls: number
  traceId: string
  hasTrace: boolean
}

/** The statements in a period, sorted by `order`, the largest first. */
export function findStatements(db: Database, fromUs: number, toUs: number, order: SortKey): Statement[] {
  const repeats = findRepeats(db)
  const statements = findTotals(db, 'query', fromUs, toUs).map((total): Statement => {
    const { id, service, name, detail, count, errors, sumUs, histogram } = total
    return {
      service,
      summary: name,
      ...detailOf(detail),
      calls: count,
      errors,
      totalUs: sumUs,
      p95Us: quantile(histogram, 0.95),
      repeats: repeats.get(id),
    }
  })
  return statements.toSorted((a, b) => weights[order](b) - weights[order](a))
}

const weights: Record<SortKey, (statement: Statement) => number> = {
  total: ({ totalUs }) => totalUs,
  calls: ({ calls }) => calls,
  p95: ({ p95Us }) => p95Us,
}

function findRepeats(db: Database): Map<number, Repeats> {
  const rows = db
    .query(
      `SELECT subject, count, trace_id, EXISTS (SELECT 1 FROM traces WHERE traces.trace_id = repeats.trace_id) AS has_trace
       FROM repeats WHERE count >= ?`,
    )
    .all(minShownRepeats) as { subject: number; count: number; trace_id: string; has_trace: number }[]
  return new Map(
    rows.map(({ subject, count, trace_id, has_trace }) => [
      subject,
      { maxCalls: count, traceId: trace_id, hasTrace: has_trace === 1 },
    ]),
  )
}

// Statements beyond the limit of the rollups share one row, which has no detail.
function detailOf(detail: string): Pick<Statement, 'text' | 'system' | 'database'> {
  return { text: '', system: '', database: '', ...(detail && JSON.parse(detail)) }
}
