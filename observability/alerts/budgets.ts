import { t } from '../../src/typography'
import { badRatioMetric, errorBudget, type RecordedWindow, requestCountMetric, type Sli } from '../slo'
import { type Alert, and, or } from './alert'
import { service, value } from './placeholders'

/** How fast a budget burns: with factor 1 it lasts just 30 days. The short window ends the alert soon after the trouble. */
interface Burn {
  factor: number
  long: RecordedWindow
  short: RecordedWindow
  /** How old what is known must be: a stack of ten minutes has no day behind it, whatever its windows are called. */
  since?: RecordedWindow
}

// The SRE workbook's: 2 % of the budget in an hour, 5 % in six.
const fast: Burn[] = [
  { factor: 14.4, long: '1h', short: '5m' },
  { factor: 6, long: '6h', short: '30m' },
]
// 10 % of the budget in a day, or in three.
const slow: Burn[] = [
  { factor: 3, long: '1d', short: '2h', since: '6h' },
  { factor: 1, long: '3d', short: '6h', since: '6h' },
]
// A budget of 5 % burns 20 times too fast when every request is slow, so 14.4 would wait until 72 % are. With 6 a person
// hears when 30 % are, for an hour and still now. That is early for the budget, so it is a warning and no page.
const latency: Burn[] = [{ factor: 6, long: '1h', short: '5m' }, ...slow]

/** At night one bad request may be a percent of an hour's. */
const leastBad = 5

const objective = '{{ if eq $labels.slo "availability" }}disponibilité{{ else }}erreurs{{ end }}'

export const budgetAlerts: Alert[] = [
  {
    name: 'SLOErrorBudgetFastBurn',
    severity: 'critical',
    perService: true,
    expr: burning(['availability', 'errors'], fast),
    summary: t`${service} : le budget « ${objective} » fond`,
    description: t`Il se consomme ${value.decimal} fois trop vite : ce qui devait suffire à 30 jours sera épuisé en quelques jours.`,
  },
  {
    name: 'SLOErrorBudgetSlowBurn',
    severity: 'warning',
    perService: true,
    expr: burning(['availability', 'errors'], slow),
    summary: t`${service} : le budget « ${objective} » ne tiendra pas 30 jours`,
    description: t`Il se consomme ${value.decimal} fois trop vite, à en juger par les trois derniers jours.`,
  },
  {
    name: 'SLOLatencyBurn',
    severity: 'warning',
    perService: true,
    expr: burning(['latency'], latency),
    summary: t`${service} : trop de requêtes lentes pour l'objectif de latence`,
    description: t`Le budget de requêtes lentes se consomme ${value.decimal} fois trop vite.`,
  },
]

// The value is how many times too fast.
function burning(slis: Sli[], burns: Burn[]): string {
  return or(...slis.flatMap((sli) => burns.map((burn) => burnsBoth(sli, burn))))
}

function burnsBoth(sli: Sli, { factor, long, short, since }: Burn): string {
  return and(
    `${badRatioMetric(sli, long)} / ${errorBudget(sli)} > ${factor}`,
    `${badRatioMetric(sli, short)} / ${errorBudget(sli)} > ${factor}`,
    `${badRatioMetric(sli, long)} * on (service_name) group_left () ${requestCountMetric(long)} >= ${leastBad}`,
    // Within the hour before, not at that very moment: there may have been a gap.
    ...(since ? [`on (service_name) last_over_time(sli:requests:rate1m[1h] offset ${since})`] : []),
  )
}
