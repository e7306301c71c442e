import type { Database } from 'bun:sqlite'
import { type Histogram, parseHistogram } from './histogram'
import { type Subject, slotMs, slotOf } from './rollups'

/** The sum of a subject's rollups in a time window. */
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

/** The totals of all subjects of a kind, from the slot of `fromUs` to the slot of `toUs`. */
export function findTotals(db: Database, what: Subject['what'], fromUs: number, toUs: number): Total[] {
  // SQLite sums the rows, because an hour has tens of thousands; histograms are concatenated and parsed once per subject.
  const rows = db
    .query(
      `SELECT s.id, s.service, s.name, s.detail, m.* FROM (
         SELECT subject, sum(count) AS count, sum(errors) AS errors, sum(sum_us) AS sum_us, sum(bytes) AS bytes,
           '[' || ifnull(group_concat(nullif(trim(histogram, '[]'), '')), '') || ']' AS histogram
         FROM rollups WHERE slot BETWEEN ?1 AND ?2 AND subject IN (SELECT id FROM subjects WHERE what = ?3)
         GROUP BY subject
       ) m JOIN subjects s ON s.id = m.subject`,
    )
    .all(slotOf(fromUs), slotOf(toUs), what) as Row[]
  return rows.map(totalOf)
}

function totalOf({ id, service, name, detail, count, errors, sum_us, bytes, histogram }: Row): Total {
  return { id, service, name, detail, count, errors, sumUs: sum_us, bytes, histogram: parseHistogram(histogram) }
}

interface TimeWindow {
  seconds: number
  fromUs: number
  toUs: number
}

/** The part of a window for which there are rollups, in seconds: less than the window after a recent start. */
export function coveredSeconds(db: Database, { seconds, fromUs, toUs }: TimeWindow): number {
  const { first } = db.query('SELECT min(slot) AS first FROM rollups').get() as { first: number | null }
  const sinceUs = Math.max(fromUs, (first ?? 0) * slotMs * 1000)
  return Math.min(seconds, Math.max(slotMs / 1000, (toUs - sinceUs) / 1_000_000))
}
