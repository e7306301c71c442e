import { gaugeWindow } from '../slo'

/** `http.server.request.duration` in Prometheus. */
export const requestDurationMetric = 'http_server_request_duration_seconds'
export const statementDurationMetric = 'db_client_operation_duration_seconds'

/** The services selected by the variable `$service`. */
export const selectedServices = 'service_name=~"$service"'

/** The rate per second, grouped by the labels `by`. */
export const rate = (metric: string, matchers: string, by = ''): string =>
  `sum${grouped(by)}(rate(${metric}{${matchers}}[$__rate_interval]))`

/** The current value of a service’s gauge; nothing for stopped instances. */
export const currentGauge = (metric: string, matchers = ''): string =>
  `last_over_time(${metric}${matchers && `{${matchers}}`}[${gaugeWindow}])`

/** The increase over the dashboard’s time range. */
export const totalInRange = (metric: string, matchers = '', by = ''): string =>
  `sum${grouped(by)}(increase(${metric}{${matchers}}[$__range]))`

/** A quantile of a histogram, grouped by the labels `by`. */
export const quantile = (q: number, metric: string, matchers: string, by = ''): string =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, matchers, by ? `le, ${by}` : 'le')})`

/** A ratio; 0 without a part or without a whole, because "No data" would look like a failure. */
export const ratio = (part: string, whole: string): string =>
  `(${part} or 0 * ${whole}) / (${whole} > 0) or 0 * ${whole}`

export const orZero = (expr: string): string => `${expr} or vector(0)`

const grouped = (by: string): string => (by === '' ? ' ' : ` by (${by}) `)
