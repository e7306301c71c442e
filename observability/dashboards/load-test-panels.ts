import { t } from '../../src/typography'
import { promql } from './data-sources'
import { timeSeries } from './panels'
import { quantile, rate } from './promql'

const emptyWhile = t`aucun test de charge ne tourne (bun run loadtest)`
// Without set-up. A breakpoint search has rates instead of steps.
const load = 'phase="load"'

/** What `bun run loadtest` sees from outside, beside what the shop says of itself. */
export const loadTestPanels = () => [
  timeSeries({
    title: t`Parcours finis et abandonnés`,
    description: t`Parcours par seconde qu'un test de charge finit, et ceux qu'il n'a pas pu commencer, tous ses acheteurs étant en route.`,
    unit: 'reqps',
    width: 12,
    emptyWhile,
    queries: [
      promql(rate('k6_iterations_total', ''), t`finis`),
      promql(rate('k6_dropped_iterations_total', ''), t`abandonnés`),
    ],
  }),
  timeSeries({
    title: t`95e centile vu de dehors, par étape`,
    description: t`Ce qu'un acheteur attend à chaque étape. Plus que les durées des services : l'attente est ailleurs.`,
    unit: 'ms',
    width: 12,
    steps: [[300, 'orange']],
    emptyWhile,
    queries: [promql(quantile(0.95, 'k6_http_req_duration_milliseconds', load, 'step, rate'), '{{step}} {{rate}}')],
  }),
]
