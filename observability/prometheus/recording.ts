import {
  badRatioMetric,
  gaugeWindow,
  latencyThresholdS,
  minStockMetric,
  objectives,
  type RecordedWindow,
  recordedWindows,
  requestCountMetric,
  type Sli,
  storefront,
} from '../slo'

export interface Rule {
  record?: string
  alert?: string
  expr: string
  for?: string
  keep_firing_for?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

export interface RuleGroup {
  name: string
  /** The evaluation interval. Default: that of Prometheus, 5 s. */
  interval?: string
  rules: Rule[]
}

const requests = 'http_server_request_duration_seconds_count'
const fast = `http_server_request_duration_seconds_bucket{le="${latencyThresholdS}"}`
const failures = (more = '') => `${requests}{http_response_status_code=~"5.."${more}}`
const storefrontMatcher = `service_name="${storefront}"`

const slis = Object.keys(objectives) as Sli[]
const rate = (series: string, window: string) => `sum by (service_name) (rate(${series}[${window}]))`
// A service without failures has no such series; its share is 0.
const orZero = (bad: string, total: string) => `(${bad} or 0 * ${total})`

const total = (sli: Sli, window: string) =>
  rate(sli === 'availability' ? `${requests}{${storefrontMatcher}}` : requests, window)

const bad: Record<Sli, (window: string) => string> = {
  availability: (window) => orZero(rate(failures(`,${storefrontMatcher}`), window), total('availability', window)),
  latency: (window) => `(${total('latency', window)} - ${rate(fast, window)})`,
  errors: (window) => orZero(rate(failures(), window), total('errors', window)),
}

// Windows up to an hour read the raw series at every evaluation. A month would be 50 million samples, above Prometheus' limit
// per query, so longer windows sum recorded rates. Data that arrives after an outage is not in those rates:
// docs/runbooks/CollectorExportFailing.md explains how to add it.
const direct: RecordedWindow[] = ['5m', '30m', '1h']
const stepS = 30

/** The recording rules of the objectives. A window without requests has no series, neither 0 nor NaN. */
export const recordingGroups: RuleGroup[] = [
  {
    name: 'slo',
    rules: direct.flatMap((window) => [requestsRule(window), ...slis.map((sli) => directRule(sli, window))]),
  },
  {
    name: 'slo-long',
    interval: `${stepS}s`,
    rules: [
      { record: 'sli:requests:rate1m', expr: rate(requests, '1m') },
      ...slis.map((sli) => ({ record: `sli:${sli}:bad_rate1m`, expr: bad[sli]('1m') })),
      ...recordedWindows
        .filter((window) => !direct.includes(window))
        .flatMap((window) => [longRequestsRule(window), ...slis.map((sli) => longRule(sli, window))]),
      // For RequestRateAnomaly.
      { record: 'sli:requests:mean1d', expr: 'avg_over_time(sli:requests:rate1m[1d])' },
      { record: 'sli:requests:deviation1d', expr: 'stddev_over_time(sli:requests:rate1m[1d])' },
    ],
  },
  {
    name: 'shop',
    // Recent samples of any instance: samples of a stopped instance stay visible for five minutes, and a new instance has no
    // history.
    rules: [
      {
        record: minStockMetric,
        expr: `min by (service_name, product_slug) (last_over_time(product_stock[${gaugeWindow}]))`,
      },
    ],
  },
]

function requestsRule(window: RecordedWindow): Rule {
  return { record: requestCountMetric(window), expr: `sum by (service_name) (increase(${requests}[${window}]))` }
}

function directRule(sli: Sli, window: RecordedWindow): Rule {
  return share(sli, window, bad[sli](window), total(sli, window))
}

function longRequestsRule(window: RecordedWindow): Rule {
  return { record: requestCountMetric(window), expr: `sum_over_time(sli:requests:rate1m[${window}]) * ${stepS}` }
}

// Sums, not a mean of shares, so that each request has the same weight.
function longRule(sli: Sli, window: RecordedWindow): Rule {
  const sum = (series: string) => `sum_over_time(${series}[${window}])`
  return share(sli, window, sum(`sli:${sli}:bad_rate1m`), sum('sli:requests:rate1m'))
}

function share(sli: Sli, window: RecordedWindow, bad: string, total: string): Rule {
  return { record: badRatioMetric(sli, window), labels: { slo: sli }, expr: `${bad}\n/\n(${total} > 0)` }
}
