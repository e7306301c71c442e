import { thresholdAlerts } from '../slo'
import { and } from './alert'

const window = `[${thresholdAlerts.windowS}s]`

// `increase` extrapolates a new series to the whole window, so one bad request can count as nearly two. `for: 5s` covers the
// first evaluation, this minimum the later ones.
const minBadRequests = 2

/** The increase of a counter in the last minute, by service. */
export const increaseInLastMinute = (series: string): string => `sum by (service_name) (increase(${series}${window}))`

/** Conditions: enough requests, and enough bad ones among them. */
export const minCountConditions = (total: string, bad: string): string[] => [
  `${total} >= ${thresholdAlerts.minRequests}`,
  `${bad} >= ${minBadRequests}`,
]

/** Condition: the 95th percentile is above `seconds`, a bucket bound of the histogram. The value is the percentile. */
export function p95Above(histogram: string, seconds: number): string {
  const total = increaseInLastMinute(`${histogram}_count`)
  return and(
    `histogram_quantile(0.95, sum by (service_name, le) (increase(${histogram}_bucket${window}))) > ${seconds}`,
    ...minCountConditions(total, `${total} - ${increaseInLastMinute(`${histogram}_bucket{le="${seconds}"}`)}`),
  )
}
