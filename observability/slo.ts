/**
 * What the shop promises, in numbers. Prometheus' rules, the SLO dashboard, the thresholds of load tests and the console's
 * alerts are made from this. It imports nothing: k6 reads it too.
 */

/** The program that shoppers talk to. */
export const storefront = 'frontend'
export const serviceNames = ['frontend', 'user-service', 'product-service', 'order-service'] as const

/** An objective: the share of requests that may be bad over 30 days, and what bad means. */
export interface Objective {
  sli: Sli
  /** Share of good requests that is promised, 0…1. */
  target: number
  /** Whose requests: the storefront's, or those of each service. */
  scope: 'storefront' | 'service'
}

export type Sli = 'availability' | 'latency' | 'errors'

/** Seconds that a request may take to be fast; a bound of the histogram's buckets. */
export const latencyThresholdS = 0.3

export const objectives: Record<Sli, Objective> = {
  availability: { sli: 'availability', target: 0.999, scope: 'storefront' },
  latency: { sli: 'latency', target: 0.95, scope: 'service' },
  errors: { sli: 'errors', target: 0.99, scope: 'service' },
}

/** Share of requests that may be bad: 0.001 where 99.9 % are promised. */
export const errorBudget = (sli: Sli): number => Number((1 - objectives[sli].target).toFixed(6))

/** Windows over which each indicator is recorded. */
export const recordedWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '7d', '30d'] as const
export type RecordedWindow = (typeof recordedWindows)[number]

/** Name of the recorded series: the share of bad requests of an indicator over a window, by `service_name`. */
export const badRatioMetric = (sli: Sli, window: RecordedWindow): string => `sli:${sli}:bad_ratio_rate${window}`

/** Name of the recorded series: how many requests a window has seen, by `service_name`. */
export const requestCountMetric = (window: RecordedWindow): string => `sli:requests:increase${window}`

/** How far back a service's gauge is read: what is older was said by somebody who is gone. Metrics come every 5 s, 10 s at most. */
export const gaugeWindow = '15s'

/** Name of the recorded series: pieces left, by `service_name` and `product_slug`. */
export const minStockMetric = 'shop:stock:min'

/** When somebody is told at once, whatever is left of the budget. */
export const thresholdAlerts = {
  windowS: 60,
  /** Fewer requests than that in the window say nothing. */
  minRequests: 20,
  errorShare: 0.05,
  p95Ms: 500,
  /** Without a sign of life. Metrics come every 5 s. */
  silentS: 30,
} as const

/** For the options of a k6 script: the objectives, asked of one run. */
export const thresholds: Record<string, string[]> = {
  http_req_failed: [`rate<${errorBudget('errors')}`],
  http_req_duration: [`p(${objectives.latency.target * 100})<${latencyThresholdS * 1000}`],
}
