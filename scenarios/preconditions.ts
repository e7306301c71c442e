import { t } from '../src/typography'
import { queryNumber } from '../stack/clients/prometheus'
import { fetchActiveAlerts, matchesAlert } from './alert-watch'
import type { ScenarioContext } from './context'
import type { Scenario } from './contract'

const calmWithinS = 240
// ServiceDown does not believe a younger Prometheus, and rates need two samples.
const leastUptimeS = 40
const recordedEveryS = 30

/** Waits until none of the scenario's alerts is active, so that what fires is its own, and until there is a usual to compare with. */
export async function waitForPreconditions(
  scenario: Scenario,
  { endpoints, load }: ScenarioContext,
  say: (line: string) => void,
): Promise<void> {
  const { prometheus } = endpoints
  await waitFor('le calme', calmWithinS, say, async () => {
    const asked = scenario.alerts.filter(({ resolvedWithinS }) => resolvedWithinS !== false)
    const active = (await fetchActiveAlerts(prometheus)).filter(({ labels }) =>
      asked.some((alert) => matchesAlert(alert, labels)),
    )
    return [...new Set(active.map(({ labels }) => labels.alertname))].join(', ')
  })
  await waitFor('Prometheus', leastUptimeS, say, async () => {
    const uptimeS = await queryNumber(prometheus, 'time() - process_start_time_seconds{job="prometheus"}')
    return uptimeS >= leastUptimeS ? '' : 'il vient de démarrer'
  })
  // After the books shoppers begin anew: what breaks is to meet some at each step.
  await waitFor('les clients', 30, say, async () => (load.pendingCheckouts() >= 2 ? '' : 'personne ne paie encore'))
  const { minHistoryS } = scenario
  if (minHistoryS === undefined) return
  const usual = 'count_over_time(sli:requests:rate1m{service_name="frontend"}[1d])'
  await waitFor('ce qui est habituel', minHistoryS + 60, say, async () => {
    const knownS = (await queryNumber(prometheus, usual)) * recordedEveryS
    return knownS >= minHistoryS ? '' : `connu depuis ${knownS} s, ${minHistoryS} s demandées`
  })
}

/** Asks each second, until there is no obstacle, or the time is over: then it goes on, and says so. */
async function waitFor(
  what: string,
  firingWithinS: number,
  say: (line: string) => void,
  obstacle: () => Promise<string>,
): Promise<void> {
  const endMs = performance.now() + firingWithinS * 1000
  for (let asked = 0; ; asked++) {
    const found = await obstacle().catch((error: Error) => error.message)
    if (found === '') return
    if (performance.now() > endMs) return say(t`pas attendu plus longtemps ${what} : ${found}`)
    if (asked === 0) say(t`on attend ${what} : ${found}`)
    await Bun.sleep(1000)
  }
}
