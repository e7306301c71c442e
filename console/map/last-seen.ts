import type { Database } from 'bun:sqlite'
import type { TimeWindow } from '../ui/time-window'

/** When each service was last seen, in microseconds; 0 for a time before the window. */
export function lastSeen(db: Database, { fromUs, toUs }: TimeWindow): Map<string, number> {
  const rows = db
    .query("SELECT service, max(last_seen_us) AS us FROM resources WHERE service <> '…' GROUP BY service")
    .all() as { service: string; us: number }[]
  return new Map(rows.map(({ service, us }) => [service, us < fromUs ? 0 : Math.min(us, toUs)]))
}
