import type { Database } from 'bun:sqlite'
import { stepsOf } from '../metrics/steps'
import type { TimeWindow } from '../ui/time-window'
import { durationSeries, requestsFromMetrics } from './from-metrics'
import { requestsFromSpans } from './from-spans'

/** The number of requests per step, by service. Metrics take precedence over spans. */
export function requestsByService(db: Database, window: TimeWindow): Map<string, number[]> {
  const steps = stepsOf(window)
  const fromMetrics = sumByService(requestsFromMetrics(db, durationSeries(db, window), steps))
  return new Map([...sumByService(requestsFromSpans(db, steps)), ...fromMetrics])
}

function sumByService(byRoute: Map<string, number[]>): Map<string, number[]> {
  const sums = new Map<string, number[]>()
  for (const [key, requests] of byRoute) {
    const service = key.split('\n')[0] ?? ''
    const sum = sums.get(service)
    sums.set(service, sum ? sum.map((count, at) => count + (requests[at] ?? 0)) : requests)
  }
  return sums
}
