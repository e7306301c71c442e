/**
 * `bun run kill-rounds` kills, pauses and starves a shop with two instances of each service while shoppers buy, and audits it.
 * `--rounds N` (20), `--database sqlite|mariadb|mysql`, `--seed N` repeats the faults of an earlier run.
 * Ctrl-C ends it after the current round, with the audit.
 */
import { parseArgs } from 'node:util'
import { type DatabaseName, databaseNames } from './databases'
import { type RoundsResult, runRounds } from './rounds'

const usage = `usage: bun run kill-rounds [--rounds N] [--database ${databaseNames.join('|')}] [--seed N]`
const options = {
  rounds: { type: 'string', default: '20' },
  database: { type: 'string', default: 'sqlite' },
  seed: { type: 'string' },
  'may-mount': { type: 'boolean', default: false },
} as const

const ctrlC = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => ctrlC.abort())

try {
  process.exit(await main())
} catch (error) {
  print((error as Error).message)
  print('verdict: FAILED, the rounds did not come to their end')
  process.exit(2)
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  const rounds = wholeNumber(values.rounds)
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : wholeNumber(values.seed)
  const database = values.database as DatabaseName
  if (rounds === 0 || !databaseNames.includes(database)) throw new Error(usage)
  const own = ownMounts()
  if (own && !values['may-mount']) {
    const again = [process.execPath, import.meta.path, '--may-mount', `--rounds=${rounds}`, `--seed=${seed}`]
    const child = Bun.spawn([...own, ...again, `--database=${database}`], { stdio: ['ignore', 'inherit', 'inherit'] })
    return child.exited
  }
  print(`${rounds} rounds on ${database}, seed ${seed}`)
  const startMs = performance.now()
  const result = await runRounds({ database, rounds, seed, signal: ctrlC.signal, print })
  const minutes = ((performance.now() - startMs) / 60_000).toFixed(1)
  print(`verdict: ${verdictOf(result)} (${minutes} min; repeat with --seed ${seed})`)
  return result.ok ? 0 : 1
}

function verdictOf(result: RoundsResult): string {
  const { rounds, confirmed, refused, doubleClicks, secondTabs, retries } = result
  const { lost, doubled, unsettled, miscounted, unanswered, wrongCarts } = result
  const load = `${confirmed} orders confirmed, ${refused} refused, ${doubleClicks} double clicks, ${secondTabs} second tabs, ${retries} retries`
  const faults = `${lost} lost, ${doubled} doubled, ${unsettled} pending, ${miscounted} pieces wrong, ${unanswered} unanswered, ${wrongCarts} wrong carts`
  return `${result.ok ? 'PASSED' : 'FAILED'} after ${rounds} rounds: ${load}: ${faults}`
}

/** The command that gives a program mounts of its own, which end with it. `undefined` where the system refuses that. */
function ownMounts(): string[] | undefined {
  const command = ['unshare', ...(process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'])]
  if (!Bun.which('unshare')) return undefined
  return Bun.spawnSync([...command, 'true']).exitCode === 0 ? command : undefined
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(usage)
  return Number(text)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
