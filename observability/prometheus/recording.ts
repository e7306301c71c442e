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
import type { Rule, RuleGroup } from './rule-files'

const requests = 'http_server_request_duration_seconds_count'
const fast = `http_server_request_duration_seconds_bucket{le="${latencyThresholdS}"}`
const failures = (more = '') => `${requests}{http_response_status_code=~"5.."${more}}`
const ofStorefront = `service_name="${storefront}"`

const slis = Object.keys(objectives) as Sli[]
const rate = (series: string, window: string) => `sum by (service_name) (rate(${series}[${window}]))`
// A service that never failed has no series of failures, but it has a share of them: 0.
const orNone = (bad: string, total: string) => `(${bad} or 0 * ${total})`

const total = (sli: Sli, window: string) =>
  rate(sli === 'availability' ? `${requests}{${ofStorefront}}` : requests, window)

const bad: Record<Sli, (window: string) => string> = {
  availability: (window) => orNone(rate(failures(`,${ofStorefront}`), window), total('availability', window)),
  latency: (window) => `(${total('latency', window)} - ${rate(fast, window)})`,
  errors: (window) => orNone(rate(failures(), window), total('errors', window)),
}

// Up to an hour, all that was measured is read at every evaluation. Of a month that would be 50 million samples, more than
// Prometheus reads for one query: longer windows add up rates that were recorded. What comes late, after an outage, was not
// there when they were: docs/runbooks/CollectorExportFailing.md says how it gets in.
const direct: RecordedWindow[] = ['5m', '30m', '1h']
const stepS = 30

/** The recorded series of the objectives. A window without requests has no share: not 0, and not NaN. */
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
      // What is usual: for RequestRateAnomaly.
      { record: 'sli:requests:mean1d', expr: 'avg_over_time(sli:requests:rate1m[1d])' },
      { record: 'sli:requests:deviation1d', expr: 'stddev_over_time(sli:requests:rate1m[1d])' },
    ],
  },
  {
    name: 'shop',
    // As said just now, whichever instance says it: what a dead one last said stays visible for five minutes, and a new one
    // has no past of its own.
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

// Sums, not a mean of shares: a request at night weighs as much as one at noon.
function longRule(sli: Sli, window: RecordedWindow): Rule {
  const sum = (series: string) => `sum_over_time(${series}[${window}])`
  return share(sli, window, sum(`sli:${sli}:bad_rate1m`), sum('sli:requests:rate1m'))
}

function share(sli: Sli, window: RecordedWindow, bad: string, total: string): Rule {
  return { record: badRatioMetric(sli, window), labels: { slo: sli }, expr: `${bad}\n/\n(${total} > 0)` }
}
