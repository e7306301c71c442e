/**
 * What the shop promises, in numbers. Prometheus' rules, the SLO dashboard, the thresholds of load tests and the console's
 * alerts are made from this.
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
export const fastWithinS = 0.3

export const objectives: Record<Sli, Objective> = {
  availability: { sli: 'availability', target: 0.999, scope: 'storefront' },
  latency: { sli: 'latency', target: 0.95, scope: 'service' },
  errors: { sli: 'errors', target: 0.99, scope: 'service' },
}

/** Windows over which each indicator is recorded. */
export const recordedWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '7d', '30d'] as const
export type RecordedWindow = (typeof recordedWindows)[number]

/** Name of the recorded series: the share of bad requests of an indicator over a window, by `service_name`. */
export const recorded = (sli: Sli, window: RecordedWindow): string => `sli:${sli}:bad_ratio_rate${window}`
