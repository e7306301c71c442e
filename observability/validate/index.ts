/**
 * `bun run validate [--json]`: whether the pipeline that runs here, natively or in containers, does what it is there for, shown
 * by one order that it places itself. Exit code 0 when every check holds.
 */

import { readEndpoints } from '../../stack/endpoints'
import { accountingChecks } from './accounting'
import { alertingChecks } from './alerting'
import { type Check, runCheck, type Verdict } from './check'
import { clockChecks } from './clocks'
import { configurationChecks } from './configuration'
import { dashboardChecks } from './dashboards'
import { grafanaChecks } from './grafana'
import { journeyChecks } from './journey'
import { identifyLogServer } from './log-server'
import { readyChecks } from './ready'

const isJson = process.argv.includes('--json')
const verdicts: Verdict[] = []
const places = await readEndpoints(process.env)
const logServer = await identifyLogServer(places)
const given = process.env.VITRINE_STACK_DIR
if (given && !places.isNative) {
  process.stderr.write(`no bun run stack runs in VITRINE_STACK_DIR=${given}: start it there, or unset that to look at compose
`)
  process.exit(1)
}
say(
  places.isNative
    ? 'validating the native stack (bun run stack)'
    : 'no bun run stack here (.stack/env): looking at what compose publishes',
)

say('\nEverything is there')
// Together: where nothing runs one wants to know it soon.
await Promise.all(readyChecks(places, logServer).map(look))
if (verdicts.some(({ ok }) => !ok)) {
  const native = 'bun run stack, and beside it bun run dev'
  const shop = places.isNative ? native : `${native}; or docker compose up -d --wait`
  finish(`not everything is there, so nothing else was asked: start it (${shop}), then ask again`)
}

const grafana = await grafanaChecks(places, process.env)
const groups: [title: string, checks: Check[]][] = [
  ['One order, everywhere', journeyChecks(places, logServer)],
  ['Alerts', alertingChecks(places)],
  ['Dashboards', [...(await dashboardChecks(places)), ...grafana]],
  ['What runs is what is written', configurationChecks(places, logServer)],
  ['Nothing is lost', [...accountingChecks(places), ...clockChecks(places, logServer)]],
]
for (const [title, checks] of groups) {
  say(`\n${title}`)
  for (const check of checks) await look(check)
}
finish(grafana.length === 0 ? `left out: Grafana’s own API, as none answers at ${places.grafana}` : '')

async function look(check: Check): Promise<void> {
  const verdict = await runCheck(check)
  verdicts.push(verdict)
  say(line(verdict))
}

function finish(remark: string): never {
  const failed = verdicts.filter(({ ok }) => !ok).length
  if (remark) say(`\n${remark}`)
  say(`\n${verdicts.length - failed} of ${verdicts.length} checks hold`)
  if (isJson) {
    const rows = verdicts.map(({ check, ok, expected, seen }) => ({ check, ok, expected, seen }))
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  }
  process.exit(failed === 0 ? 0 : 1)
}

function line({ ok, check, seen, expected, advice }: Verdict): string {
  if (ok) return `  ✓ ${check}: ${seen}`
  return `  ✗ ${check}\n      expected: ${expected}\n      seen:     ${seen}\n      do:       ${advice}`
}

function say(text: string): void {
  if (!isJson) process.stdout.write(`${text}\n`)
}
