/**
 * `bun run dev`: installs the packages, then runs all services in one terminal until Ctrl-C.
 * `bun run dev stop|start NAME`: stops or starts one service of the running launcher.
 * This file imports no package statically, because it runs before they are installed.
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
    process.stdout.write(
      `${await sendCommand(devControl(resolve(process.env.VITRINE_DATA ?? '.data')), command, name)}\n`,
    )
  if (!['all', 'start', 'stop'].includes(command)) throw new Error(`usage: bun run dev [start NAME | stop NAME]`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
