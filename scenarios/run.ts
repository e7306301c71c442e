/**
 * `bun run scenario NAME…|all|list`: breaks something on purpose, and sees whether operators see it. `--json`; `--report DIR`
 * says where the report goes. `--blind [--after SECONDS]`: does not say what it breaks until somebody has guessed.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { t } from '../src/typography'
import { findPages } from '../stack/links'
import { scenarios } from './all'
import { guess, pickBlindly } from './blind'
import type { Scenario } from './contract'
import { s } from './facts'
import { type Interruptible, interruptible } from './interruptible'
import { play } from './play'
import { writeReport } from './report'
import { type Course, verdictOf } from './verdict'
import { openWorld, type World } from './world'

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
  const courses = await playAll(chosen, values.report, values.blind ? guess(values.after, say) : undefined)
  if (courses.length === 0) throw new Error('nothing was played: see above')
  const verdicts = courses.map(verdictOf)
  if (values.json) process.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`)
  return verdicts.every(({ ok }) => ok) ? 0 : 1
}

/** @param asked to play one that nobody is told, instead of the chosen ones */
async function playAll(named: Scenario[], report: string, asked?: () => Promise<string>): Promise<Course[]> {
  const courses: Course[] = []
  let playing: Scenario | undefined
  const opening = openWorld(process.env, tell, ctrlC.signal).then((world) => interruptible(world, ctrlC.signal))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // Who insists does not want to wait for a launcher that does not answer.
      if (++asksToEnd === 3) process.exit(130)
      leaving ??= leave(opening, () => playing)
    })
  const { world } = await opening
  try {
    const chosen = asked ? [await pickBlindly(scenarios, (one) => obstacleOf(one, world))] : named
    for (const [index, one] of chosen.entries()) {
      const obstacle = await obstacleOf(one, world)
      if (obstacle) {
        tell(t`\n[${index + 1}/${chosen.length}] ${one.name}, laissé de côté : ${obstacle}`)
        continue
      }
      tell(`\n[${index + 1}/${chosen.length}] ${asked ? 'à l’aveugle' : one.name}`)
      playing = one
      const course = await play(one, world, { say: tell, guess: asked })
      playing = undefined
      courses.push(course)
      for (const line of outcome(course)) tell(line)
    }
    if (courses.length === 0) return courses
    // What ends with this run can't be opened afterwards.
    const pages = world.isOwn ? undefined : await findPages(world.places)
    tell(t`\nrapport : ${resolve(await writeReport(report, courses, world.places, pages))}`)
    return courses
  } finally {
    await world.close()
  }
}

/** Ctrl-C puts everything back before it ends, however far it has come. */
async function leave(opening: Promise<Interruptible>, playing: () => Scenario | undefined): Promise<never> {
  say(t`interrompu : tout est remis en état`)
  ctrlC.abort()
  const open = await opening.catch(() => undefined)
  const complain = (error: Error) => say(error.message)
  if (open && !open.world.isOwn) {
    await open.settled()
    await playing()?.putBack?.(open.whole).catch(complain)
    await open.whole.heal().catch(complain)
  }
  await open?.world.close().catch(complain)
  process.exit(130)
}

async function obstacleOf({ alerts, obstacle }: Scenario, world: World): Promise<string | undefined> {
  const isLong = alerts.every(({ shrunk }) => shrunk) && world.places.shrink === 1
  return isLong ? 'ses fenêtres sont trop longues sans bun run stack --shrink 60' : obstacle?.(world)
}

function outcome(course: Course): string[] {
  const { ok, firing_s, cleared_s, missing, books } = verdictOf(course)
  const orders = books ? `${books.told} commandes confirmées, ${books.written} dans la base` : 'comptes inconnus'
  const times = t`déclenchée après ${s(firing_s)}, finie ${s(cleared_s)} après la fin`
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
