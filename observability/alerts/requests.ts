import { serviceNames } from '../../services/names'
import { thresholdAlerts } from '../slo'
import { type Alert, and, or } from './alert'
import { increaseInLastMinute, minCountConditions, p95Above } from './last-minute'
import { service, value } from './placeholders'

const requests = increaseInLastMinute('http_server_request_duration_seconds_count')
const errors = increaseInLastMinute('http_server_request_duration_seconds_count{http_response_status_code=~"5.."}')

// A metric that each service exports every 5 s, with or without requests.
const hasReported = (window: string) =>
  `group by (service_name) (present_over_time(process_memory_usage_bytes{service_name=~"${serviceNames.join('|')}"}[${window}]))`

const rateYesterday = 'avg_over_time(sli:requests:rate1m[1h] offset 1d)'

export const requestAlerts: Alert[] = [
  {
    name: 'HighErrorRate',
    severity: 'critical',
    perService: true,
    expr: and(`${errors} / ${requests} > ${thresholdAlerts.errorShare}`, ...minCountConditions(requests, errors)),
    for: '5s',
    summary: `${service}: more than ${thresholdAlerts.errorShare * 100}% of requests fail`,
    description: `${value.percent} of the requests in the last minute got a 5xx response.`,
  },
  {
    name: 'HighLatency',
    severity: 'warning',
    perService: true,
    expr: p95Above('http_server_request_duration_seconds', thresholdAlerts.p95Ms / 1000),
    for: '5s',
    summary: `${service}: one request in twenty takes more than ${thresholdAlerts.p95Ms} ms`,
    description: `The 95th percentile of the last minute is ${value.duration}.`,
  },
  {
    name: 'ServiceDown',
    severity: 'critical',
    perService: true,
    // A Prometheus that has just started has missed the exports itself. `for` covers the time until its first scrape of itself.
    expr: [
      hasReported('1d'),
      `unless ${hasReported(`${thresholdAlerts.silentS}s`)}`,
      'unless on () (time() - process_start_time_seconds{job="prometheus"} < 60)',
    ].join('\n'),
    for: '10s',
    summary: `${service}: no telemetry`,
    description: `Nothing received for ${thresholdAlerts.silentS} s from this service, which has reported in the last 24 hours.`,
  },
  {
    name: 'RequestRateAnomaly',
    severity: 'info',
    perService: true,
    // Three standard deviations are tiny for steady traffic, so half of the mean is required too, and six hours of data.
    // With quiet nights they exceed the mean, so missing traffic is compared with the same hour of yesterday.
    expr: or(
      and(
        'sli:requests:rate1m',
        'abs(sli:requests:rate1m - sli:requests:mean1d) > 3 * sli:requests:deviation1d',
        'abs(sli:requests:rate1m - sli:requests:mean1d) > clamp_min(0.5 * sli:requests:mean1d, 1)',
        'sli:requests:rate1m offset 6h',
      ),
      and(`sli:requests:rate1m < 0.1 * ${rateYesterday}`, `${rateYesterday} > 0.2`),
    ),
    for: '5m',
    summary: `${service}: unusual traffic`,
    description: `${value.decimal} requests per second, far from the mean of the day or from the same hour yesterday.`,
  },
]
