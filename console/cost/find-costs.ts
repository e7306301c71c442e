import type { Database } from 'bun:sqlite'
import { findTotals } from '../store/totals'

/** An amount of telemetry: numbers of spans and log records, and their bytes. */
export interface Cost {
  spans: number
  spanBytes: number
  logs: number
  logBytes: number
}

export interface RouteCost extends Cost {
  /** Empty for telemetry outside of requests. */
  route: string
}

export interface ServiceCost extends Cost {
  service: string
  /** Number of metric series with a data point in the period. */
  series: number
  routes: RouteCost[]
}

/** The telemetry of each service in a period, sorted by bytes. */
export function findCosts(db: Database, fromUs: number, toUs: number): ServiceCost[] {
  const services = new Map<string, ServiceCost>()
  const costOf = (service: string): ServiceCost => {
    const cost = services.get(service) ?? { service, series: 0, routes: [], ...zeroCost }
    services.set(service, cost)
    return cost
  }
  for (const what of ['spans', 'logs'] as const) {
    for (const { service, name, count, bytes } of findTotals(db, what, fromUs, toUs)) {
      const added: Cost = { ...zeroCost, [what]: count, [what === 'spans' ? 'spanBytes' : 'logBytes']: bytes }
      const cost = costOf(service)
      add(cost, added)
      add(routeOf(cost, name), added)
    }
  }
  for (const [service, series] of seriesByService(db, fromUs)) costOf(service).series = series
  for (const { routes } of services.values()) routes.sort(byBytes)
  return [...services.values()].sort(byBytes)
}

export function totalCost(costs: ServiceCost[]): Omit<ServiceCost, 'routes' | 'service'> {
  const sum = { ...zeroCost, series: 0 }
  for (const cost of costs) {
    add(sum, cost)
    sum.series += cost.series
  }
  return sum
}

const zeroCost: Cost = { spans: 0, spanBytes: 0, logs: 0, logBytes: 0 }

const byBytes = (a: Cost, b: Cost) => totalBytes(b) - totalBytes(a)

export const totalBytes = ({ spanBytes, logBytes }: Cost): number => spanBytes + logBytes

function routeOf({ routes }: ServiceCost, route: string): RouteCost {
  const existing = routes.find((cost) => cost.route === route)
  if (existing) return existing
  const cost = { ...zeroCost, route }
  routes.push(cost)
  return cost
}

function add(to: Cost, { spans, spanBytes, logs, logBytes }: Cost): void {
  to.spans += spans
  to.spanBytes += spanBytes
  to.logs += logs
  to.logBytes += logBytes
}

function seriesByService(db: Database, fromUs: number): [string, number][] {
  return db
    .query(
      `SELECT r.service, count(*) FROM series s JOIN resources r ON r.id = s.resource
       WHERE s.last_us >= ? GROUP BY r.service`,
    )
    .values(fromUs) as [string, number][]
}
