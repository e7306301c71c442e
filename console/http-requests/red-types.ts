/** Requests, errors and durations of a route in a window. */
export interface RedMetrics {
  service: string
  route: string
  source: RedSource
  count: number
  errors: number
  /** How much of the window has data, in seconds. Rates divide by it. */
  seconds: number
  p50Us: number
  p95Us: number
  p99Us: number
}

/** The service's own `http.server.request.duration`, or its server spans, of which sampling may drop some. */
export type RedSource = 'metrics' | 'spans'

/** Requests, errors and durations with one element per step. A duration is null in a step without requests. */
export interface Timeline {
  requests: number[]
  errors: number[]
  p50Us: (number | null)[]
  p95Us: (number | null)[]
  /** Start of the first data: earlier steps are unknown, not 0. */
  firstUs: number
}
