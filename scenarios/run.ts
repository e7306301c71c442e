/**
 * `bun run scenario NAME…|all|list` injects faults, and checks that operators can see them. `--json` prints the verdicts,
 * `--report DIR` sets the folder of the report. `--blind [--after SECONDS]` injects a random fault and lets the user guess it.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createStackLinks } from '../stack/links'
import { createGuessPrompt, pickRandomScenario } from './blind'
import { scenarios } from './catalog'
import { openScenarioContext, type ScenarioContext } from './context'
import type { Scenario } from './contract'
import { type Interruptible, interruptible } from './interruptible'
import { writeReport } from './report'
import { formatSeconds } from './report/summary'
import { runScenario } from './runner'
import { type ScenarioRun, verdictOf } from './verdict'

const usage = 'usage: bun run scenario NAME…|all|list [--json] [--report DIR] | --blind [--after SECONDS]'
const options = {
  json: { type: 'boolean', default: false },
  report: { type: 'string', default: '.cache/scenarios' },
  blind: { type: 'boolean', default: false },
  after: { type: 'string' },
} as const

const ctrlC = new AbortController()
let interruption: Promise<never> | undefined
let signalCount = 0

try {
  const exitCode = await main()
  await interruption
  process.exit(exitCode)
} catch (error) {
  // Errors that the interruption causes are not printed.
  await interruption
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(2)
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (positionals[0] === 'list') return list(values.json)
  const chosen = values.blind ? [] : await choose(positionals)
  const runs = await runAll(chosen, values.report, values.blind ? createGuessPrompt(values.after, print) : undefined)
  if (runs.length === 0) throw new Error('no scenario was run: see above')
  const verdicts = runs.map(verdictOf)
  if (values.json) process.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`)
  return verdicts.every(({ ok }) => ok) ? 0 : 1
}

/** @param guess for a blind run of a random scenario, instead of the chosen ones */
async function runAll(chosen: Scenario[], report: string, guess?: () => Promise<string>): Promise<ScenarioRun[]> {
  const runs: ScenarioRun[] = []
  let current: Scenario | undefined
  const opening = openScenarioContext(process.env, printProgress, ctrlC.signal).then((context) =>
    interruptible(context, ctrlC.signal),
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // The third signal ends the command without a revert, for a launcher that does not respond.
      if (++signalCount === 3) process.exit(130)
      interruption ??= interrupt(opening, () => current)
    })
  const { context } = await opening
  try {
    const all = guess ? [await pickRandomScenario(scenarios, (one) => skipReasonOf(one, context))] : chosen
    for (const [index, scenario] of all.entries()) {
      const position = `\n[${index + 1}/${all.length}]`
      const skipReason = await skipReasonOf(scenario, context)
      if (skipReason) {
        printProgress(`${position} ${scenario.name}, skipped: ${skipReason}`)
        continue
      }
      printProgress(`${position} ${guess ? 'blind' : scenario.name}`)
      current = scenario
      const run = await runScenario(scenario, context, { print: printProgress, guess })
      current = undefined
      runs.push(run)
      for (const line of resultLines(run)) printProgress(line)
    }
    if (runs.length === 0) return runs
    // Links into a temporary stack would not open afterwards.
    const links = context.isTemporary ? undefined : await createStackLinks(context.endpoints)
    printProgress(`\nreport: ${resolve(await writeReport(report, runs, context.endpoints, links))}`)
    return runs
  } finally {
    await context.close()
  }
}

/** Reverts the current scenario, however far it has come, and exits. */
async function interrupt(opening: Promise<Interruptible>, current: () => Scenario | undefined): Promise<never> {
  print('interrupted: reverting all changes')
  ctrlC.abort()
  const opened = await opening.catch(() => undefined)
  const printError = (error: Error) => print(error.message)
  if (opened && !opened.context.isTemporary) {
    await opened.injectionsSettled()
    await current()?.revert?.(opened.revertContext).catch(printError)
    await opened.revertContext.revertAll().catch(printError)
  }
  await opened?.context.close().catch(printError)
  process.exit(130)
}

async function skipReasonOf({ alerts, skipReason }: Scenario, context: ScenarioContext): Promise<string | undefined> {
  const needsShrink = alerts.every(({ requiresShrink }) => requiresShrink) && context.endpoints.shrink === 1
  return needsShrink ? 'its windows are too long without bun run stack --shrink 60' : skipReason?.(context)
}

function resultLines(run: ScenarioRun): string[] {
  const { ok, firing_s, resolved_s, missing, audit } = verdictOf(run)
  const orders = audit ? `${audit.confirmed} orders confirmed, ${audit.stored} in the database` : 'no audit'
  const times = `fired after ${formatSeconds(firing_s)}, resolved ${formatSeconds(resolved_s)} after the end`
  return [`${ok ? '✓' : '✗'} ${run.scenario.name}: ${times}; ${orders}`, ...missing.map((one) => `    ✗ ${one}`)]
}

/** Finds scenarios by name. A path of a `.ts` file is a scenario of the user's own. */
async function choose(names: string[]): Promise<Scenario[]> {
  if (names.length === 0) throw new Error(usage)
  if (names[0] === 'all') return scenarios
  return Promise.all(
    names.map(async (name) => {
      if (name.endsWith('.ts')) return (await import(resolve(name))).default as Scenario
      const found = scenarios.find((one) => one.name === name)
      if (found) return found
      throw new Error(`no scenario "${name}"; there are ${scenarios.map((one) => one.name).join(', ')}`)
    }),
  )
}

function list(json: boolean): number {
  const rows = scenarios.map(({ name, title, alerts }) => ({
    name,
    title,
    alerts: [...new Set(alerts.map((one) => one.name))],
  }))
  const width = Math.max(...rows.map(({ name }) => name.length))
  const text = rows.map(
    ({ name, title, alerts }) => `${name.padEnd(width)}  ${title}\n${' '.repeat(width)}  → ${alerts.join(', ')}`,
  )
  process.stdout.write(`${json ? JSON.stringify(rows, null, 2) : text.join('\n')}\n`)
  return 0
}

/** Prints nothing more after an interruption. */
function printProgress(line: string): void {
  if (!ctrlC.signal.aborted) print(line)
}

// Standard output is reserved for --json.
function print(line: string): void {
  process.stderr.write(`${line}\n`)
}
