import { t } from '../../src/typography'
import { serviceNames, thresholdAlerts } from '../slo'
import { type Alert, and, or } from './alert'
import { increaseInLastMinute, minCountConditions, p95Above } from './last-minute'
import { service, value } from './placeholders'

const requests = increaseInLastMinute('http_server_request_duration_seconds_count')
const errors = increaseInLastMinute('http_server_request_duration_seconds_count{http_response_status_code=~"5.."}')

// Any metric that each service sends every 5 s, asked or not.
const signOfLife = (window: string) =>
  `group by (service_name) (present_over_time(process_memory_usage_bytes{service_name=~"${serviceNames.join('|')}"}[${window}]))`

const yesterday = 'avg_over_time(sli:requests:rate1m[1h] offset 1d)'

export const requestAlerts: Alert[] = [
  {
    name: 'HighErrorRate',
    severity: 'critical',
    perService: true,
    expr: and(`${errors} / ${requests} > ${thresholdAlerts.errorShare}`, ...minCountConditions(requests, errors)),
    for: '5s',
    summary: t`${service} : plus de ${thresholdAlerts.errorShare * 100} % des requêtes échouent`,
    description: t`${value.percent} des requêtes de la dernière minute ont reçu une réponse 5xx.`,
  },
  {
    name: 'HighLatency',
    severity: 'warning',
    perService: true,
    expr: p95Above('http_server_request_duration_seconds', thresholdAlerts.p95Ms / 1000),
    for: '5s',
    summary: t`${service} : une requête sur vingt dure plus de ${thresholdAlerts.p95Ms}\u00a0ms`,
    description: t`Le 95e centile de la dernière minute est de ${value.duration}.`,
  },
  {
    name: 'ServiceDown',
    severity: 'critical',
    perService: true,
    // A Prometheus that was just started was silent itself: what it missed is no silence of theirs. Until it has scraped
    // itself it does not know that it is new, hence `for`.
    expr: [
      signOfLife('1d'),
      `unless ${signOfLife(`${thresholdAlerts.silentS}s`)}`,
      'unless on () (time() - process_start_time_seconds{job="prometheus"} < 60)',
    ].join('\n'),
    for: '10s',
    summary: t`${service} : plus aucun signe de vie`,
    description: t`Rien reçu depuis ${thresholdAlerts.silentS}\u00a0s de ce service, qui a donné signe de vie au cours des dernières 24 heures.`,
  },
  {
    name: 'RequestRateAnomaly',
    severity: 'info',
    perService: true,
    // Far from usual in deviations, and also in itself: a steady service or a quiet night has deviations of nearly nothing.
    // Without a quarter of a day behind it nothing is usual yet.
    // Where nights are quiet, three deviations are more than the mean: that nobody comes shows beside the same hour yesterday.
    expr: or(
      and(
        'sli:requests:rate1m',
        'abs(sli:requests:rate1m - sli:requests:mean1d) > 3 * sli:requests:deviation1d',
        'abs(sli:requests:rate1m - sli:requests:mean1d) > clamp_min(0.5 * sli:requests:mean1d, 1)',
        'sli:requests:rate1m offset 6h',
      ),
      and(`sli:requests:rate1m < 0.1 * ${yesterday}`, `${yesterday} > 0.2`),
    ),
    for: '5m',
    summary: t`${service} : trafic inhabituel`,
    description: t`${value.decimal} requêtes par seconde, loin de la moyenne du jour ou de ce qui venait hier à la même heure.`,
  },
]
