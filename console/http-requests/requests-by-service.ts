import type { Database } from 'bun:sqlite'
import { stepsOf } from '../metrics/steps'
import type { TimeWindow } from '../ui/time-window'
import { durationSeries, requestsFromMetrics } from './from-metrics'
import { requestsFromSpans } from './from-spans'

/** How many requests each program had, step by step: from metrics where it sends them. */
export function requestsByService(db: Database, window: TimeWindow): Map<string, number[]> {
  const steps = stepsOf(window)
  const measured = sumByService(requestsFromMetrics(db, durationSeries(db, window), steps))
  return new Map([...sumByService(requestsFromSpans(db, steps)), ...measured])
}

function sumByService(byRoute: Map<string, number[]>): Map<string, number[]> {
  const sums = new Map<string, number[]>()
  for (const [key, requests] of byRoute) {
    const service = key.split('\n')[0] ?? ''
    const known = sums.get(service)
    sums.set(service, known ? known.map((count, at) => count + (requests[at] ?? 0)) : requests)
  }
  return sums
}
