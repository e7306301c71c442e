/**
 * `bun run stack`: runs the servers of compose natively, from the same files, until Ctrl-C. `bun run dev` starts the shop.
 * `bun run stack stop|start NAME`: stops or starts one server of the running stack. `--shrink 60`: divides the windows of
 * alerts of 5 minutes and more, for demonstrations. `--logs loki|log-server`: the log server is Loki or Vitrine's own; by default
 * Loki, where `loki` is on the PATH.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { ChildProgram } from '../../launch/child'
import { isLauncherRunning, sendCommand } from '../../launch/control'
import { launch } from '../../launch/launch'
import { assertPortsFree } from '../../launch/ports'
import { stackEndpoints, stackEnvFile } from '../endpoints'
import { writeServerConfigs } from './configure'
import { createDatabases, databasePrograms } from './mariadb'
import { programOnPath } from './program-on-path'
import { findPrograms } from './programs'
import { alertReceiverProgram, serverPrograms } from './servers'

const state = resolve(process.env.VITRINE_STACK_DIR ?? '.stack')
const control = { socket: `${state}/stack.sock`, command: 'bun run stack' }

try {
  const options = { shrink: { type: 'string' }, logs: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [command = 'all', name = ''] = positionals
  if (command === 'all') await runStack(shrinkOf(values.shrink), lokiProgram(values.logs))
  if (command === 'start' || command === 'stop') process.stdout.write(`${await sendCommand(control, command, name)}\n`)
  if (!['all', 'start', 'stop'].includes(command))
    throw new Error('usage: bun run stack [--shrink FACTOR] [--logs loki|log-server] | start NAME | stop NAME')
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function runStack(shrink: number, loki: string | undefined): Promise<void> {
  const endpoints = stackEndpoints(portOffset())
  const bin = findPrograms()
  if (await isLauncherRunning(control.socket))
    throw new Error(`bun run stack runs already in ${state}: stop it, or set VITRINE_STACK_DIR to another folder`)
  mkdirSync(`${state}/logs`, { recursive: true })
  // A killed stack leaves its settings behind.
  rmSync(`${state}/env`, { force: true })
  const databases = databasePrograms(endpoints, state)
  const { backends, collector } = serverPrograms(endpoints, { bin, state, loki })
  const alertReceiver = alertReceiverProgram(endpoints)
  assertPortsFree(
    [...databases, ...backends, alertReceiver, ...collector],
    'stop it, or move all ports with VITRINE_STACK_PORT_OFFSET=100 bun run stack',
  )
  await createDatabases(databases, state)
  await writeServerConfigs(endpoints, state, shrink, process.env)

  await launch({
    ...control,
    waves: [[...databases, ...backends, alertReceiver], collector],
    pidFile: `${state}/stack.json`,
    readyDeadlineMs: 60_000,
    async announce(children, seconds) {
      await Bun.write(`${state}/env`, stackEnvFile(endpoints, databases, shrink))
      process.stdout.write(formatReadyTable(children, seconds))
    },
    cleanUp: () => rmSync(`${state}/env`, { force: true }),
  })
}

function portOffset(): number {
  const offset = Number(process.env.VITRINE_STACK_PORT_OFFSET || 0)
  if (Number.isInteger(offset) && offset >= 0 && offset <= 40_000) return offset
  throw new Error(`VITRINE_STACK_PORT_OFFSET=${process.env.VITRINE_STACK_PORT_OFFSET} must be a number from 0 to 40000`)
}

function shrinkOf(text = '1'): number {
  const factor = Number(text)
  if (factor >= 1 && factor <= 120) return factor
  throw new Error(`--shrink ${text} must be a number from 1 to 120`)
}

/** The path of Loki when it is the log server; `undefined` for Vitrine’s log server. */
function lokiProgram(choice: string | undefined): string | undefined {
  const program = programOnPath('loki', process.env)
  if (choice === undefined) return program
  if (choice === 'log-server') return undefined
  if (choice !== 'loki') throw new Error(`--logs ${choice} must be loki or log-server`)
  if (program) return program
  throw new Error(
    '--logs loki needs loki on the PATH: install it from Grafana’s packages (https://grafana.com/docs/loki/latest/setup/install/), or omit the option',
  )
}

/** A table of addresses, start times and memory for the terminal. */
function formatReadyTable(children: ChildProgram[], seconds: number): string {
  const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length))
  const name = widest(children.map(({ program }) => program.name))
  const url = widest(children.map(({ program }) => program.url))
  const rows = children.map(({ program, pid, readyAfterMs = 0 }) => {
    const mb = memoryMb(pid)
    return {
      mb,
      text: [
        ...[program.name.padEnd(name), program.url.padEnd(url)],
        `ready after ${(readyAfterMs / 1000).toFixed(1).padStart(4)} s`,
        ...[`${String(mb).padStart(4)} MB`, `pid ${String(pid).padEnd(7)}`, program.description ?? ''],
      ]
        .map((column) => `  ${column}`)
        .join('')
        .trimEnd(),
    }
  })
  const total = rows.reduce((sum, { mb }) => sum + mb, 0)
  return `\nThe stack is ready after ${seconds.toFixed(1)} s, ${total} MB in all. Ctrl-C stops it; bun run dev starts the shop\n${rows.map(({ text }) => text).join('\n')}\n\n`
}

function memoryMb(pid: number | undefined): number {
  const path = `/proc/${pid}/status`
  const kb = existsSync(path) ? /VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] : undefined
  return Math.round(Number(kb ?? 0) / 1024)
}
