/**
 * `bun run validate [--json]` checks the running pipeline, native or in containers, with an order that it places itself.
 * Exit code 0 when every check holds.
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
const endpoints = await readEndpoints(process.env)
const logServer = await identifyLogServer(endpoints)
const stackDir = process.env.VITRINE_STACK_DIR
if (stackDir && !endpoints.isNative) {
  process.stderr.write(`no bun run stack runs in VITRINE_STACK_DIR=${stackDir}: start it there, or unset the variable to validate compose
`)
  process.exit(1)
}
print(
  endpoints.isNative
    ? 'validating the native stack (bun run stack)'
    : 'no bun run stack here (.stack/env): validating the endpoints that compose publishes',
)

print('\nEverything runs')
// In parallel, so that a missing stack is reported soon.
await Promise.all(readyChecks(endpoints, logServer).map(runAndPrint))
if (verdicts.some(({ ok }) => !ok)) {
  const native = 'bun run stack and bun run dev'
  const shop = endpoints.isNative ? native : `${native}; or docker compose up -d --wait`
  finish(`something is not running, so no other check was made: start it (${shop}), then validate again`)
}

const grafana = await grafanaChecks(endpoints, process.env)
const groups: [title: string, checks: Check[]][] = [
  ['One order in every store', journeyChecks(endpoints, logServer)],
  ['Alerts', alertingChecks(endpoints)],
  ['Dashboards', [...(await dashboardChecks(endpoints)), ...grafana]],
  ['Servers run the configuration of the repository', configurationChecks(endpoints, logServer)],
  ['Nothing is lost', [...accountingChecks(endpoints), ...clockChecks(endpoints, logServer)]],
]
for (const [title, checks] of groups) {
  print(`\n${title}`)
  for (const check of checks) await runAndPrint(check)
}
finish(grafana.length === 0 ? `skipped: Grafana’s API, because no Grafana responds at ${endpoints.grafana}` : '')

async function runAndPrint(check: Check): Promise<void> {
  const verdict = await runCheck(check)
  verdicts.push(verdict)
  print(formatVerdict(verdict))
}

function finish(note: string): never {
  const failed = verdicts.filter(({ ok }) => !ok).length
  if (note) print(`\n${note}`)
  print(`\n${verdicts.length - failed} of ${verdicts.length} checks hold`)
  if (isJson) {
    const rows = verdicts.map(({ check, ok, expected, seen }) => ({ check, ok, expected, seen }))
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  }
  process.exit(failed === 0 ? 0 : 1)
}

function formatVerdict({ ok, check, seen, expected, advice }: Verdict): string {
  if (ok) return `  ✓ ${check}: ${seen}`
  return `  ✗ ${check}\n      expected: ${expected}\n      seen:     ${seen}\n      do:       ${advice}`
}

function print(text: string): void {
  if (!isJson) process.stdout.write(`${text}\n`)
}
