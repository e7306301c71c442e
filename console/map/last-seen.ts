import type { Database } from 'bun:sqlite'
import { slotMs, slotOf } from '../store/measures'
import type { Window } from '../ui/window'

/** For how long a program may say nothing: signals come every five seconds. */
export const silentUs = 30_000_000

const newestLogs = 1000

/**
 * When each program last said anything, in microseconds: 0 of those that have not in the window. Spans are counted by slots
 * of ten seconds, of which the end is meant: silence is noticed that much later, and never too early.
 */
export function lastSeen(db: Database, { fromUs, toUs }: Window): Map<string, number> {
  const rows = db
    .query(
      `SELECT service, max(last_us) AS last_us FROM (
         SELECT service, 0 AS last_us FROM resources
         UNION ALL
         SELECT s.service, (m.slot + 1) * ${slotMs * 1000} FROM (
           SELECT subject, max(slot) AS slot FROM measures WHERE slot BETWEEN ?1 AND ?2 GROUP BY subject) m
           JOIN subjects s ON s.id = m.subject
         UNION ALL
         SELECT r.service, max(s.last_us) FROM series s JOIN resources r ON r.id = s.resource GROUP BY r.service
         UNION ALL
         SELECT r.service, max(l.time_us) FROM (SELECT resource, time_us FROM logs ORDER BY id DESC LIMIT ${newestLogs}) l
           JOIN resources r ON r.id = l.resource GROUP BY r.service
       ) WHERE service <> '…' GROUP BY service`,
    )
    .all(slotOf(fromUs), slotOf(toUs)) as { service: string; last_us: number }[]
  return new Map(rows.map(({ service, last_us }) => [service, Math.min(last_us, toUs)]))
}
