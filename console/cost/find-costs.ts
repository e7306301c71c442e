import type { Database } from 'bun:sqlite'
import { findTotals } from '../store/totals'

/** What was sent. */
export interface Cost {
  spans: number
  spanBytes: number
  logs: number
  logBytes: number
}

export interface RouteCost extends Cost {
  /** Empty: sent outside of any request. */
  route: string
}

export interface ServiceCost extends Cost {
  service: string
  /** Of metrics, that had a point. */
  series: number
  routes: RouteCost[]
}

/** What each service sent in a stretch of time, the one that sent most bytes first. */
export function findCosts(db: Database, fromUs: number, toUs: number): ServiceCost[] {
  const services = new Map<string, ServiceCost>()
  const of = (service: string): ServiceCost => {
    const known = services.get(service) ?? { service, series: 0, routes: [], ...nothing }
    services.set(service, known)
    return known
  }
  for (const what of ['spans', 'logs'] as const) {
    for (const { service, name, count, bytes } of findTotals(db, what, fromUs, toUs)) {
      const one: Cost = { ...nothing, [what]: count, [what === 'spans' ? 'spanBytes' : 'logBytes']: bytes }
      const cost = of(service)
      add(cost, one)
      add(routeOf(cost, name), one)
    }
  }
  for (const [service, series] of seriesByService(db, fromUs)) of(service).series = series
  for (const { routes } of services.values()) routes.sort(byBytes)
  return [...services.values()].sort(byBytes)
}

/** All of them together. */
export function totalCost(costs: ServiceCost[]): Omit<ServiceCost, 'routes' | 'service'> {
  const sum = { ...nothing, series: 0 }
  for (const cost of costs) {
    add(sum, cost)
    sum.series += cost.series
  }
  return sum
}

const nothing: Cost = { spans: 0, spanBytes: 0, logs: 0, logBytes: 0 }

const byBytes = (a: Cost, b: Cost) => totalBytes(b) - totalBytes(a)

export const totalBytes = ({ spanBytes, logBytes }: Cost): number => spanBytes + logBytes

function routeOf({ routes }: ServiceCost, route: string): RouteCost {
  const known = routes.find((one) => one.route === route)
  if (known) return known
  const made = { ...nothing, route }
  routes.push(made)
  return made
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
