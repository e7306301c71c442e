import { queryNumber } from '../stack/clients/prometheus'
import { fetchActiveAlerts, matchesAlert } from './alert-watch'
import type { ScenarioContext } from './context'
import type { Scenario } from './contract'

const alertsResolvedWithinS = 240
// ServiceDown ignores a younger Prometheus, and rates need two samples.
const minUptimeS = 40
const recordedEveryS = 30

/** Waits until none of the scenario's alerts is active, and until there is history to compare with. Continues after a timeout. */
export async function waitForPreconditions(
  scenario: Scenario,
  { endpoints, load }: ScenarioContext,
  print: (line: string) => void,
): Promise<void> {
  const { prometheus } = endpoints
  await waitFor('earlier alerts to resolve', alertsResolvedWithinS, print, async () => {
    const expected = scenario.alerts.filter(({ resolvedWithinS }) => resolvedWithinS !== false)
    const active = (await fetchActiveAlerts(prometheus)).filter(({ labels }) =>
      expected.some((alert) => matchesAlert(alert, labels)),
    )
    return [...new Set(active.map(({ labels }) => labels.alertname))].join(', ')
  })
  await waitFor('Prometheus', minUptimeS, print, async () => {
    const uptimeS = await queryNumber(prometheus, 'time() - process_start_time_seconds{job="prometheus"}')
    return uptimeS >= minUptimeS ? '' : 'it has just started'
  })
  // Orders start again after an audit. The fault must meet some at each step.
  await waitFor('shoppers', 30, print, async () => (load.pendingCheckouts() >= 2 ? '' : 'no checkout is pending yet'))
  const { minHistoryS } = scenario
  if (minHistoryS === undefined) return
  const samples = 'count_over_time(sli:requests:rate1m{service_name="frontend"}[1d])'
  await waitFor('history', minHistoryS + 60, print, async () => {
    const historyS = (await queryNumber(prometheus, samples)) * recordedEveryS
    return historyS >= minHistoryS ? '' : `${historyS} s of ${minHistoryS} s`
  })
}

/** Checks once a second, until `reasonToWait` returns an empty string or the time is over. */
async function waitFor(
  subject: string,
  timeoutS: number,
  print: (line: string) => void,
  reasonToWait: () => Promise<string>,
): Promise<void> {
  const endMs = performance.now() + timeoutS * 1000
  for (let attempt = 0; ; attempt++) {
    const reason = await reasonToWait().catch((error: Error) => error.message)
    if (reason === '') return
    if (performance.now() > endMs) return print(`stopped waiting for ${subject} after ${timeoutS} s: ${reason}`)
    if (attempt === 0) print(`waiting for ${subject}: ${reason}`)
    await Bun.sleep(1000)
  }
}
