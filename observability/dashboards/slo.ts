import { badRatioMetric, errorBudget, type Objective, objectives, type RecordedWindow, storefront } from '../slo'
import { buildDashboard } from './build-dashboard'
import { promql, promqlInstant } from './data-sources'
import { stat, timeSeries } from './panels'
import { selectedServices } from './promql'
import { serviceVariable } from './variables'

/** The long windows of the burn-rate alerts, and the short one that shows recovery. */
const burnWindows: RecordedWindow[] = ['5m', '1h', '6h', '1d', '3d']

const titles = {
  availability: 'Availability of the storefront: requests without a 5xx response',
  latency: 'Latency: requests below 300 ms',
  errors: 'Errors: requests without a 5xx response',
}

/** The remaining error budgets and their burn rates. */
export const slo = () =>
  buildDashboard({
    name: 'slo',
    title: 'Service level objectives',
    description:
      'Remaining error budget over 7 and 30 days, and its burn rate. The budget is the share that the objective allows to fail.',
    variables: [serviceVariable()],
    sections: Object.values(objectives).map((objective) => ({
      title: `${titles[objective.sli]}, objective ${percent(objective.target)}%`,
      panels: panelsOf(objective),
    })),
  })

const panelsOf = (objective: Objective) => [
  budget(objective, '30d', '30 days'),
  budget(objective, '7d', '7 days'),
  timeSeries({
    title: 'Burn rate',
    description:
      'At 1, a budget of 30 days lasts 30 days. Alerts fire at 14.4 over 1 h, 6 over 6 h, 3 over 1 day, 1 over 3 days, if the short window confirms it.',
    unit: 'suffix:×',
    width: 12,
    steps: [
      [1, 'yellow'],
      [6, 'orange'],
      [14.4, 'red'],
    ],
    queries: burnWindows.map((window) =>
      promql(`${bad(objective, window)} / ${errorBudget(objective.sli)}`, `{{service_name}} ${window}`),
    ),
  }),
]

const budget = (objective: Objective, window: RecordedWindow, name: string) =>
  stat({
    title: `Remaining budget, ${name}`,
    description: `100%: nothing has failed in ${name}. 0%: the objective is just met. Below, it is missed.`,
    unit: 'percentunit',
    width: 6,
    height: 8,
    steps: [
      [-1e6, 'red'],
      [0, 'orange'],
      [0.25, 'green'],
    ],
    queries: [promqlInstant(`1 - ${bad(objective, window)} / ${errorBudget(objective.sli)}`, '{{service_name}}')],
  })

const bad = ({ sli, scope }: Objective, window: RecordedWindow): string =>
  `${badRatioMetric(sli, window)}{${scope === 'storefront' ? `service_name="${storefront}"` : selectedServices}}`

const percent = (share: number): string => (100 * share).toLocaleString('en', { maximumFractionDigits: 2 })
