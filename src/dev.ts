/**
 * `bun run dev`: installs, then runs all services in one terminal until Ctrl-C.
 * `bun run dev stop|start NAME`: one service of the launcher that runs. Imports nothing that needs installing.
 */
import { askLauncher } from './dev/control'
import { install } from './dev/install'
import { launch } from './dev/launch'

const [command = 'all', name = ''] = process.argv.slice(2)

try {
  if (command === 'all') {
    await install()
    await launch()
  }
  if (command === 'start' || command === 'stop') await say(askLauncher(command, name))
  if (!['all', 'start', 'stop'].includes(command)) throw new Error(`usage: bun run dev [start NAME | stop NAME]`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function say(text: Promise<string>): Promise<void> {
  process.stdout.write(`${await text}\n`)
}
