import type { Database } from 'bun:sqlite'
import { type Histogram, parseHistogram } from './histogram'
import { type Subject, slotOf } from './rollups'

/** What was counted of a subject in a stretch of time. */
export interface Total {
  id: number
  service: string
  name: string
  detail: string
  count: number
  errors: number
  sumUs: number
  bytes: number
  histogram: Histogram
}

interface Row extends Omit<Total, 'histogram' | 'sumUs'> {
  sum_us: number
  histogram: string
}

/** The totals of all subjects of a kind, from `fromUs` (its slot of ten seconds included) to `toUs`. */
export function findTotals(db: Database, what: Subject['what'], fromUs: number, toUs: number): Total[] {
  // Summed where the rows lie, and histograms read once a subject: an hour has tens of thousands of rows.
  const rows = db
    .query(
      `SELECT s.id, s.service, s.name, s.detail, m.* FROM (
         SELECT subject, sum(count) AS count, sum(errors) AS errors, sum(sum_us) AS sum_us, sum(bytes) AS bytes,
           '[' || ifnull(group_concat(nullif(trim(histogram, '[]'), '')), '') || ']' AS histogram
         FROM measures WHERE slot BETWEEN ?1 AND ?2 AND subject IN (SELECT id FROM subjects WHERE what = ?3)
         GROUP BY subject
       ) m JOIN subjects s ON s.id = m.subject`,
    )
    .all(slotOf(fromUs), slotOf(toUs), what) as Row[]
  return rows.map(totalOf)
}

function totalOf({ id, service, name, detail, count, errors, sum_us, bytes, histogram }: Row): Total {
  return { id, service, name, detail, count, errors, sumUs: sum_us, bytes, histogram: parseHistogram(histogram) }
}
