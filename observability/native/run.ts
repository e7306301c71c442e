/**
 * `bun run stack`: the servers that compose would start, natively, from the same files, until Ctrl-C; the shop beside it is
 * `bun run dev`. `bun run stack stop|start NAME`: one server of the stack that runs.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { askLauncher, isLauncherThere } from '../../src/launch/control'
import { launch } from '../../src/launch/launch'
import { refuseTakenPorts } from '../../src/launch/ports'
import { stackPlaces } from '../places'
import { configure } from './configure'
import { envFile } from './env-file'
import { plannedDatabases } from './mariadb'
import { findPrograms } from './programs'
import { plannedReceiver } from './receiver'
import { servers } from './servers'
import { table } from './table'

const state = resolve(process.env.VITRINE_STACK_DIR ?? '.stack')
const control = { socket: `${state}/stack.sock`, command: 'bun run stack' }
const [command = 'all', name = ''] = process.argv.slice(2)

try {
  if (command === 'all') await runStack()
  if (command === 'start' || command === 'stop') process.stdout.write(`${await askLauncher(control, command, name)}\n`)
  if (!['all', 'start', 'stop'].includes(command)) throw new Error('usage: bun run stack [start NAME | stop NAME]')
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function runStack(): Promise<void> {
  const places = stackPlaces(portOffset())
  const bin = findPrograms()
  if (await isLauncherThere(control.socket))
    throw new Error(`bun run stack runs already in ${state}: stop it, or give this one another VITRINE_STACK_DIR`)
  mkdirSync(`${state}/logs`, { recursive: true })
  const databases = await plannedDatabases(places, state)
  const { backends, collector } = servers(places, { bin, state })
  const receiver = plannedReceiver(places)
  refuseTakenPorts(
    [...databases, ...backends, receiver, ...collector],
    'stop it, or move all ports with VITRINE_STACK_PORT_OFFSET=100 bun run stack',
  )
  await configure(places, state)

  await launch({
    ...control,
    waves: [[...databases, ...backends, receiver], collector],
    pidFile: `${state}/stack.json`,
    readyDeadlineMs: 60_000,
    async announce(children, seconds) {
      await Bun.write(`${state}/env`, envFile(places, databases))
      process.stdout.write(table(children, seconds))
    },
    cleanUp: () => rmSync(`${state}/env`, { force: true }),
  })
}

function portOffset(): number {
  const offset = Number(process.env.VITRINE_STACK_PORT_OFFSET || 0)
  if (Number.isInteger(offset) && offset >= 0 && offset <= 40_000) return offset
  throw new Error(`VITRINE_STACK_PORT_OFFSET=${process.env.VITRINE_STACK_PORT_OFFSET} must be a number from 0 to 40000`)
}
