import type { Database } from 'bun:sqlite'
import { slotMs } from './rollups'

interface Stretch {
  seconds: number
  fromUs: number
  toUs: number
}

/** For how much of the window there are counts, in seconds: a console that was started a minute ago has seen no hour. */
export function coveredSeconds(db: Database, { seconds, fromUs, toUs }: Stretch): number {
  const { first } = db.query('SELECT min(slot) AS first FROM measures').get() as { first: number | null }
  const sinceUs = Math.max(fromUs, (first ?? 0) * slotMs * 1000)
  return Math.min(seconds, Math.max(slotMs / 1000, (toUs - sinceUs) / 1_000_000))
}
