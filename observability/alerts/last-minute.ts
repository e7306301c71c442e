import { thresholdAlerts } from '../slo'
import { and } from './alert'

const window = `[${thresholdAlerts.windowS}s]`

/**
 * Among few requests, one is a large share. And one alone may look like nearly two: `increase` extrapolates a series that has
 * just begun to the whole window. `for: 5s` outlasts the first such moment, two bad ones the others.
 */
const leastBad = 2

/** How much a counter went up in the last minute, by program. */
export const increaseInLastMinute = (series: string): string => `sum by (service_name) (increase(${series}${window}))`

/** That enough was counted, and enough of it was bad. */
export const minCountConditions = (counted: string, bad: string): string[] => [
  `${counted} >= ${thresholdAlerts.minRequests}`,
  `${bad} >= ${leastBad}`,
]

/** That one in twenty took longer than `seconds`, a bound of the histogram's buckets. The value is the 95th percentile. */
export function p95Above(histogram: string, seconds: number): string {
  const counted = increaseInLastMinute(`${histogram}_count`)
  return and(
    `histogram_quantile(0.95, sum by (service_name, le) (increase(${histogram}_bucket${window}))) > ${seconds}`,
    ...minCountConditions(counted, `${counted} - ${increaseInLastMinute(`${histogram}_bucket{le="${seconds}"}`)}`),
  )
}
