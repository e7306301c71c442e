/**
 * `bun run dev`: installs, then runs all services in one terminal until Ctrl-C.
 * `bun run dev stop|start NAME`: one service of the launcher that runs. Imports nothing that needs installing.
 */
import { resolve } from 'node:path'
import { sendCommand } from '../launch/control'
import { installPackages } from './install-packages'
import { launchShop } from './launch-shop'
import { devControl } from './programs'

const [command = 'all', name = ''] = process.argv.slice(2)

try {
  if (command === 'all') {
    await installPackages()
    await launchShop()
  }
  if (command === 'start' || command === 'stop')
    await say(sendCommand(devControl(resolve(process.env.VITRINE_DATA ?? '.data')), command, name))
  if (!['all', 'start', 'stop'].includes(command)) throw new Error(`usage: bun run dev [start NAME | stop NAME]`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function say(text: Promise<string>): Promise<void> {
  process.stdout.write(`${await text}\n`)
}
