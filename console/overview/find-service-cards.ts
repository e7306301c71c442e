import type { Database } from 'bun:sqlite'
import { requestsByService } from '../http-requests/requests-by-service'
import { lastSeen } from '../map/last-seen'
import type { TimeWindow } from '../ui/time-window'
import { type ServiceStats, statsByService } from './service-stats'

export interface ServiceCard {
  service: string
  /** `undefined` for a service without requests. */
  stats: ServiceStats | undefined
  /** 0 if the service was last seen more than an hour ago. */
  lastSeenUs: number
  /** The number of requests per step. */
  requests: number[]
  lastError: { type: string; message: string; traceId: string; spanId: string; atUs: number } | undefined
}

/** All services that were ever seen, in descending order of requests. */
export function findServiceCards(db: Database, window: TimeWindow): ServiceCard[] {
  const statsOf = statsByService(db, window)
  const requests = requestsByService(db, window)
  const hour = { ...window, seconds: 3600, fromUs: window.toUs - 3_600_000_000 }
  const cards = [...lastSeen(db, hour)].map(([service, lastSeenUs]) => ({
    service,
    lastSeenUs,
    stats: statsOf.get(service),
    requests: requests.get(service) ?? [],
    lastError: lastErrorOf(db, service),
  }))
  return cards.toSorted((a, b) => (b.stats?.count ?? 0) - (a.stats?.count ?? 0) || (a.service < b.service ? -1 : 1))
}

function lastErrorOf(db: Database, service: string): ServiceCard['lastError'] {
  const row = db
    .query('SELECT * FROM error_groups WHERE service = ? ORDER BY last_us DESC LIMIT 1')
    .get(service) as Record<string, never> | null
  if (!row) return undefined
  const { type, message, trace_id, span_id, last_us } = row as unknown as Record<string, string>
  return {
    type: type ?? '',
    message: message ?? '',
    traceId: trace_id ?? '',
    spanId: span_id ?? '',
    atUs: Number(last_us),
  }
}
