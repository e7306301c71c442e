import type { Database } from 'bun:sqlite'
import { fromText, type Histogram, merge } from './histogram'
import { type Subject, slotMs, slotOf } from './measures'

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
  slot: number
}

const columns = 's.id, s.service, s.name, s.detail, m.slot, m.count, m.errors, m.sum_us, m.bytes, m.histogram'

/** The totals of all subjects of a kind, from `fromUs` (its slot of ten seconds included) to `toUs`. */
export function totals(db: Database, what: Subject['what'], fromUs: number, toUs: number): Total[] {
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

/** The same by slot: `slot` → total over all subjects that `isMeant`. Slots without anything are missing. */
export function bySlot(
  db: Database,
  what: Subject['what'],
  fromUs: number,
  toUs: number,
  isMeant: (row: { service: string; name: string }) => boolean = () => true,
): Map<number, Total> {
  const slots = new Map<number, Total>()
  for (const row of rowsOf(db, what, fromUs, toUs)) {
    if (!isMeant(row)) continue
    const known = slots.get(row.slot)
    if (known) addTo(known, row)
    else slots.set(row.slot, totalOf(row))
  }
  return slots
}

/** The slots of a stretch of time, in order, and when each begins. */
export function slotsBetween(fromUs: number, toUs: number): { slot: number; startUs: number }[] {
  const first = slotOf(fromUs)
  const length = Math.max(0, slotOf(toUs) - first + 1)
  return Array.from({ length }, (_, index) => ({ slot: first + index, startUs: (first + index) * slotMs * 1000 }))
}

function rowsOf(db: Database, what: string, fromUs: number, toUs: number): Row[] {
  return db
    .query(
      `SELECT ${columns} FROM measures m JOIN subjects s ON s.id = m.subject
       WHERE m.slot BETWEEN ? AND ? AND s.what = ? ORDER BY m.slot`,
    )
    .all(slotOf(fromUs), slotOf(toUs), what) as Row[]
}

function totalOf({ id, service, name, detail, count, errors, sum_us, bytes, histogram }: Row): Total {
  return { id, service, name, detail, count, errors, sumUs: sum_us, bytes, histogram: fromText(histogram) }
}

function addTo(total: Total, row: Row): void {
  total.count += row.count
  total.errors += row.errors
  total.sumUs += row.sum_us
  total.bytes += row.bytes
  merge(total.histogram, fromText(row.histogram))
}
