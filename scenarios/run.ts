/**
 * `bun run scenario NAME…|all|list`: breaks something on purpose, and sees whether operators see it. `--json`; `--report DIR`
 * says where the report goes. `--blind [--after SECONDS]`: does not say what it breaks until somebody has guessed.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { t } from '../src/typography'
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
let leaving: Promise<never> | undefined
let asksToEnd = 0

try {
  const exitCode = await run()
  await leaving
  process.exit(exitCode)
} catch (error) {
  // What fails while everything is put back has nothing to say.
  await leaving
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(2)
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (positionals[0] === 'list') return list(values.json)
  const chosen = values.blind ? [] : await choose(positionals)
  const courses = await playAll(chosen, values.report, values.blind ? createGuessPrompt(values.after, say) : undefined)
  if (courses.length === 0) throw new Error('nothing was played: see above')
  const verdicts = courses.map(verdictOf)
  if (values.json) process.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`)
  return verdicts.every(({ ok }) => ok) ? 0 : 1
}

/** @param asked to play one that nobody is told, instead of the chosen ones */
async function playAll(named: Scenario[], report: string, asked?: () => Promise<string>): Promise<ScenarioRun[]> {
  const courses: ScenarioRun[] = []
  let playing: Scenario | undefined
  const opening = openScenarioContext(process.env, tell, ctrlC.signal).then((world) =>
    interruptible(world, ctrlC.signal),
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // Who insists does not want to wait for a launcher that does not answer.
      if (++asksToEnd === 3) process.exit(130)
      leaving ??= leave(opening, () => playing)
    })
  const { context } = await opening
  try {
    const chosen = asked ? [await pickRandomScenario(scenarios, (one) => obstacleOf(one, context))] : named
    for (const [index, one] of chosen.entries()) {
      const obstacle = await obstacleOf(one, context)
      if (obstacle) {
        tell(t`\n[${index + 1}/${chosen.length}] ${one.name}, laissé de côté : ${obstacle}`)
        continue
      }
      tell(`\n[${index + 1}/${chosen.length}] ${asked ? 'à l’aveugle' : one.name}`)
      playing = one
      const course = await runScenario(one, context, { print: tell, guess: asked })
      playing = undefined
      courses.push(course)
      for (const line of outcome(course)) tell(line)
    }
    if (courses.length === 0) return courses
    // What ends with this run can't be opened afterwards.
    const pages = context.isTemporary ? undefined : await createStackLinks(context.endpoints)
    tell(t`\nrapport : ${resolve(await writeReport(report, courses, context.endpoints, pages))}`)
    return courses
  } finally {
    await context.close()
  }
}

/** Ctrl-C puts everything back before it ends, however far it has come. */
async function leave(opening: Promise<Interruptible>, playing: () => Scenario | undefined): Promise<never> {
  say(t`interrompu : tout est remis en état`)
  ctrlC.abort()
  const open = await opening.catch(() => undefined)
  const complain = (error: Error) => say(error.message)
  if (open && !open.context.isTemporary) {
    await open.injectionsSettled()
    await playing()?.revert?.(open.revertContext).catch(complain)
    await open.revertContext.revertAll().catch(complain)
  }
  await open?.context.close().catch(complain)
  process.exit(130)
}

async function obstacleOf({ alerts, skipReason }: Scenario, world: ScenarioContext): Promise<string | undefined> {
  const isLong = alerts.every(({ requiresShrink }) => requiresShrink) && world.endpoints.shrink === 1
  return isLong ? 'ses fenêtres sont trop longues sans bun run stack --shrink 60' : skipReason?.(world)
}

function outcome(course: ScenarioRun): string[] {
  const { ok, firing_s, resolved_s, missing, audit } = verdictOf(course)
  const orders = audit ? `${audit.confirmed} commandes confirmées, ${audit.stored} dans la base` : 'comptes inconnus'
  const times = t`déclenchée après ${formatSeconds(firing_s)}, finie ${formatSeconds(resolved_s)} après la fin`
  return [t`${ok ? '✓' : '✗'} ${course.scenario.name} : ${times} ; ${orders}`, ...missing.map((one) => `    ✗ ${one}`)]
}

/** By their names; a path of a file is a scenario of one's own. */
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

/** What is being done has nothing more to say once it is ended. */
function tell(line: string): void {
  if (!ctrlC.signal.aborted) say(line)
}

// Standard output is for --json.
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
