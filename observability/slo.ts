/**
 * The shop's service level objectives and alert thresholds: the source of Prometheus' rules, the SLO dashboard, the thresholds
 * of load tests and the console's alerts. This file imports nothing, because k6 loads it too.
 */

/** `service.name` of the service that shoppers use. */
export const storefront = 'frontend'

/** An objective over 30 days. */
export interface Objective {
  sli: Sli
  /** The promised share of good requests, 0…1. */
  target: number
  /** Applies to the storefront’s requests, or to those of each service. */
  scope: 'storefront' | 'service'
}

export type Sli = 'availability' | 'latency' | 'errors'

/** A fast request takes at most this long. A bucket bound of the histogram. */
export const latencyThresholdS = 0.3

export const objectives: Record<Sli, Objective> = {
  availability: { sli: 'availability', target: 0.999, scope: 'storefront' },
  latency: { sli: 'latency', target: 0.95, scope: 'service' },
  errors: { sli: 'errors', target: 0.99, scope: 'service' },
}

/** The share of requests that may be bad: 0.001 when 99.9 % are promised. */
export const errorBudget = (sli: Sli): number => Number((1 - objectives[sli].target).toFixed(6))

/** Windows over which each indicator is recorded. */
export const recordedWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '7d', '30d'] as const
export type RecordedWindow = (typeof recordedWindows)[number]

/** Name of the recorded series: the share of bad requests of an indicator over a window, by `service_name`. */
export const badRatioMetric = (sli: Sli, window: RecordedWindow): string => `sli:${sli}:bad_ratio_rate${window}`

/** Name of the recorded series: the requests in a window, by `service_name`. */
export const requestCountMetric = (window: RecordedWindow): string => `sli:requests:increase${window}`

/** The window in which a gauge of a service is read; older samples are from stopped instances. Exports come every 5 to 10 s. */
export const gaugeWindow = '15s'

/** Name of the recorded series: the remaining stock, by `service_name` and `product_slug`. */
export const minStockMetric = 'shop:stock:min'

/** Thresholds that fire at once, without regard to the budget. */
export const thresholdAlerts = {
  windowS: 60,
  /** With fewer requests in the window no alert fires. */
  minRequests: 20,
  errorShare: 0.05,
  p95Ms: 500,
  /** Seconds without telemetry. Metrics are exported every 5 s. */
  silentS: 30,
} as const

/** The objectives as thresholds of a k6 script. */
export const thresholds: Record<string, string[]> = {
  http_req_failed: [`rate<${errorBudget('errors')}`],
  http_req_duration: [`p(${objectives.latency.target * 100})<${latencyThresholdS * 1000}`],
}
