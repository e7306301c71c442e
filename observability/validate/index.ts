/**
 * `bun run validate [--json]`: whether the pipeline that runs here, natively or in containers, does what it is there for, shown
 * by one order that it places itself. Exit code 0 when every check holds.
 */
import { accountingChecks } from './accounting'
import { alertingChecks } from './alerting'
import { type Check, judge, type Verdict } from './check'
import { clockChecks } from './clocks'
import { configurationChecks } from './configuration'
import { dashboardChecks } from './dashboards'
import { grafanaChecks } from './grafana'
import { journeyChecks } from './journey'
import { readPlaces } from './places'
import { readyChecks } from './ready'

const isJson = process.argv.includes('--json')
const places = readPlaces(process.env)
const grafana = await grafanaChecks(places, process.env)
const groups: [title: string, checks: Check[]][] = [
  ['Everything is there', readyChecks(places)],
  ['One order, everywhere', journeyChecks(places)],
  ['Alerts', alertingChecks(places)],
  ['Dashboards', [...(await dashboardChecks(places)), ...grafana]],
  ['What runs is what is written', configurationChecks(places)],
  ['Nothing is lost', [...accountingChecks(places), ...clockChecks(places)]],
]

const verdicts: Verdict[] = []
say(
  `validating the ${places.isNative ? 'native stack (bun run stack)' : 'stack in containers, as compose publishes it'}`,
)
for (const [title, checks] of groups) {
  say(`\n${title}`)
  for (const check of checks) {
    const verdict = await judge(check)
    verdicts.push(verdict)
    say(line(verdict))
  }
}
const failed = verdicts.filter(({ ok }) => !ok).length
if (grafana.length === 0) say(`\nleft out: Grafana’s own API, as none answers at ${places.grafana}`)
say(`\n${verdicts.length - failed} of ${verdicts.length} checks hold`)
if (isJson) {
  const rows = verdicts.map(({ check, ok, expected, seen }) => ({ check, ok, expected, seen }))
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
}
process.exit(failed === 0 ? 0 : 1)

function line({ ok, check, seen, expected, advice }: Verdict): string {
  if (ok) return `  ✓ ${check}: ${seen}`
  return `  ✗ ${check}\n      expected: ${expected}\n      seen:     ${seen}\n      do:       ${advice}`
}

function say(text: string): void {
  if (!isJson) process.stdout.write(`${text}\n`)
}
