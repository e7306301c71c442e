import { promql } from './data-sources'
import { timeSeries } from './panels'
import { quantile, rate } from './promql'

const emptyWhile = 'no load test runs (bun run loadtest)'
// Without the set-up phase. A breakpoint search has rates instead of steps.
const load = 'phase="load"'

/** Durations that `bun run loadtest` measures as a client. */
export const loadTestPanels = () => [
  timeSeries({
    title: 'Finished and dropped iterations',
    description:
      'Iterations per second that a load test finishes, and those it could not start because all virtual users were busy.',
    unit: 'reqps',
    width: 12,
    emptyWhile,
    queries: [
      promql(rate('k6_iterations_total', ''), 'finished'),
      promql(rate('k6_dropped_iterations_total', ''), 'dropped'),
    ],
  }),
  timeSeries({
    title: '95th percentile measured by the client, by step',
    description:
      'How long a shopper waits at each step. More than the durations of the services: the wait is elsewhere.',
    unit: 'ms',
    width: 12,
    steps: [[300, 'orange']],
    emptyWhile,
    queries: [promql(quantile(0.95, 'k6_http_req_duration_milliseconds', load, 'step, rate'), '{{step}} {{rate}}')],
  }),
]
