import { gaugeWindow } from '../slo'

/** Requests to a service; its labels are those of `http.server.request.duration`. */
export const requestDurationMetric = 'http_server_request_duration_seconds'
export const statementDurationMetric = 'db_client_operation_duration_seconds'

/** Services that a page's `$service` chooses. */
export const selectedServices = 'service_name=~"$service"'

/** How often per second, by `labels`. */
export const rate = (metric: string, matchers: string, by = ''): string =>
  `sum${grouped(by)}(rate(${metric}{${matchers}}[$__rate_interval]))`

/** A gauge of a service, as it said it just now: of one that is gone, nothing. */
export const currentGauge = (metric: string, matchers = ''): string =>
  `last_over_time(${metric}${matchers && `{${matchers}}`}[${gaugeWindow}])`

/** How often over the page's time range. */
export const totalInRange = (metric: string, matchers = '', by = ''): string =>
  `sum${grouped(by)}(increase(${metric}{${matchers}}[$__range]))`

/** A quantile of a histogram, by `labels`. */
export const quantile = (q: number, metric: string, matchers: string, by = ''): string =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, matchers, by ? `le, ${by}` : 'le')})`

/** A share, 0 where there is nothing of it and where there is nothing at all: nobody reads « No data » as « all is well ». */
export const ratio = (part: string, whole: string): string =>
  `(${part} or 0 * ${whole}) / (${whole} > 0) or 0 * ${whole}`

export const orZero = (expr: string): string => `${expr} or vector(0)`

const grouped = (by: string): string => (by === '' ? ' ' : ` by (${by}) `)
