import { badRatioMetric, errorBudget, type RecordedWindow, requestCountMetric, type Sli } from '../slo'
import { type Alert, and, or } from './alert'
import { service, value } from './placeholders'

/** A burn-rate condition. With factor 1 a budget lasts exactly 30 days. The short window ends the alert soon after recovery. */
interface Burn {
  factor: number
  long: RecordedWindow
  short: RecordedWindow
  /** The minimum age of the recorded data: a new stack has no data for long windows. */
  since?: RecordedWindow
}

// From the SRE workbook: 2 % of the budget in an hour, 5 % in six hours.
const fast: Burn[] = [
  { factor: 14.4, long: '1h', short: '5m' },
  { factor: 6, long: '6h', short: '30m' },
]
// 10 % of the budget in one day or in three days.
const slow: Burn[] = [
  { factor: 3, long: '1d', short: '2h', since: '6h' },
  { factor: 1, long: '3d', short: '6h', since: '6h' },
]
// With a budget of 5 %, factor 14.4 needs 72 % slow requests; factor 6 notifies at 30 %. That is early for the budget, so the
// severity is warning.
const latency: Burn[] = [{ factor: 6, long: '1h', short: '5m' }, ...slow]

// With little traffic, one bad request can be a percent of an hour.
const minBadRequests = 5

const objective = '{{ if eq $labels.slo "availability" }}availability{{ else }}error{{ end }}'

export const budgetAlerts: Alert[] = [
  {
    name: 'SLOErrorBudgetFastBurn',
    severity: 'critical',
    perService: true,
    expr: burning(['availability', 'errors'], fast),
    summary: `${service}: the ${objective} budget burns fast`,
    description: `It burns ${value.decimal} times too fast: a budget for 30 days will be exhausted within days.`,
  },
  {
    name: 'SLOErrorBudgetSlowBurn',
    severity: 'warning',
    perService: true,
    expr: burning(['availability', 'errors'], slow),
    summary: `${service}: the ${objective} budget will not last 30 days`,
    description: `It burns ${value.decimal} times too fast, measured over up to three days.`,
  },
  {
    name: 'SLOLatencyBurn',
    severity: 'warning',
    perService: true,
    expr: burning(['latency'], latency),
    summary: `${service}: too many slow requests for the latency objective`,
    description: `The budget of slow requests burns ${value.decimal} times too fast.`,
  },
]

// The value is the burn rate.
function burning(slis: Sli[], burns: Burn[]): string {
  return or(...slis.flatMap((sli) => burns.map((burn) => burnsBoth(sli, burn))))
}

function burnsBoth(sli: Sli, { factor, long, short, since }: Burn): string {
  return and(
    `${badRatioMetric(sli, long)} / ${errorBudget(sli)} > ${factor}`,
    `${badRatioMetric(sli, short)} / ${errorBudget(sli)} > ${factor}`,
    `${badRatioMetric(sli, long)} * on (service_name) group_left () ${requestCountMetric(long)} >= ${minBadRequests}`,
    // An hour of tolerance, because the data may have a gap at that time.
    ...(since ? [`on (service_name) last_over_time(sli:requests:rate1m[1h] offset ${since})`] : []),
  )
}
