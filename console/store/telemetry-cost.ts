import type { Rollups } from './rollups'

/** The telemetry that a service sent for one trace. */
export interface Cost {
  route: string
  spans: number
  spanBytes: number
  logs: number
  logBytes: number
}

export type CostByService = Map<string, Cost>

/** The cost of a service; adds an empty one if there is none. */
export function costOf(costs: CostByService, service: string): Cost {
  const existing = costs.get(service)
  if (existing) return existing
  const cost = { route: '', spans: 0, spanBytes: 0, logs: 0, logBytes: 0 }
  costs.set(service, cost)
  return cost
}

/** Adds a cost to the rollups of its route. */
export function countCost(rollups: Rollups, atUs: number, service: string, cost: Cost): void {
  const { route: name, spans, spanBytes, logs, logBytes } = cost
  if (spans > 0) rollups.addBytes(rollups.subjectId({ what: 'spans', service, name }), atUs, spans, spanBytes)
  if (logs > 0) rollups.addBytes(rollups.subjectId({ what: 'logs', service, name }), atUs, logs, logBytes)
}
