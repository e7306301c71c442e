/** What happens to an alert when Prometheus has seen such samples. */
export interface AlertCase {
  /** A sentence that begins with the alert's name. */
  name: string
  /** One sample every 5 s, as promtool writes them: `0+2x12` is 0 and goes up by 2, twelve times; `_x3` is nothing, three times. */
  series: Record<string, string>
  /** What fires when; an empty list: nothing. */
  firingAt: Record<string, Firing[]>
  /** With windows that are so many times shorter, where real ones would take days to evaluate. */
  shrink?: number
}

export interface Firing {
  [label: string]: string
  /** As the description says it, typed on a plain keyboard. */
  value: string
}

/** Requests that a service has answered with a status. */
export const requestCountSeries = (service: string, status: number): string =>
  `http_server_request_duration_seconds_count{service_name="${service}",http_response_status_code="${status}"}`

/** A histogram's series: how many took up to `edgeS`, up to 1 s, and in all. Zeros below. */
export function histogramSeries(histogram: string, service: string, edgeS: number, fast: string, total: string) {
  const bucket = (le: string) => `${histogram}_bucket{service_name="${service}",le="${le}"}`
  return {
    [bucket(String(edgeS))]: fast,
    [bucket('1')]: total,
    [bucket('+Inf')]: total,
    [`${histogram}_count{service_name="${service}"}`]: total,
  }
}
