/** A test of an alert: samples, and when the alert fires. */
export interface AlertCase {
  /** A sentence that begins with the alert's name. */
  name: string
  /** Samples every 5 s in promtool’s notation: `0+2x12` is 0 and then twelve increments of 2; `_x3` is three missing samples. */
  series: Record<string, string>
  /** The firing alerts by time; an empty list when none fires. */
  firingAt: Record<string, Firing[]>
  /** Divides the windows, because real ones would take days to evaluate. */
  shrink?: number
}

export interface Firing {
  [label: string]: string
  /** The value as the description shows it. */
  value: string
}

/** The request counter of a service for a response status. */
export const requestCountSeries = (service: string, status: number): string =>
  `http_server_request_duration_seconds_count{service_name="${service}",http_response_status_code="${status}"}`

/** A histogram with the buckets `edgeS`, 1 s and +Inf; `fast` are the samples of the first, `total` of the others. */
export function histogramSeries(histogram: string, service: string, edgeS: number, fast: string, total: string) {
  const bucket = (le: string) => `${histogram}_bucket{service_name="${service}",le="${le}"}`
  return {
    [bucket(String(edgeS))]: fast,
    [bucket('1')]: total,
    [bucket('+Inf')]: total,
    [`${histogram}_count{service_name="${service}"}`]: total,
  }
}
