import { rmSync } from 'node:fs'
import { resolve } from 'node:path'

const socketPath = (dataDir: string) => `${dataDir}/dev.sock`

export type Command = 'start' | 'stop'

/** Sends a command to the launcher that runs. @throws Error that says what to do when there is none, or it refused */
export async function askLauncher(command: Command, name: string): Promise<string> {
  const unix = socketPath(resolve(process.env.VITRINE_DATA ?? '.data'))
  const asked = fetch(`http://launcher/${command}/${name}`, { method: 'POST', unix })
  const answer = await asked.catch(() => undefined)
  if (!answer) throw new Error('nothing runs here: start everything with `bun run dev`')
  if (!answer.ok) throw new Error(await answer.text())
  return answer.text()
}

/** @throws Error when a launcher of the same folder runs: it would lose its socket to a second one. */
export async function refuseSecondLauncher(dataDir: string): Promise<void> {
  const answer = await fetch('http://launcher/', { unix: socketPath(dataDir) }).catch(() => undefined)
  if (answer)
    throw new Error(`bun run dev runs already with ${dataDir}: stop it, or give this one another VITRINE_DATA`)
}

/** Takes commands from other terminals. `carryOut` answers what it did, or throws an Error that says why not. */
export function takeCommands(dataDir: string, carryOut: (command: Command, name: string) => Promise<string>) {
  rmSync(socketPath(dataDir), { force: true })
  const server = Bun.serve({
    unix: socketPath(dataDir),
    async fetch(request) {
      const [, command, name = ''] = new URL(request.url).pathname.split('/')
      try {
        return new Response(await carryOut(command as Command, name))
      } catch (error) {
        return new Response((error as Error).message, { status: 409 })
      }
    },
  })
  return () => {
    server.stop(true)
    rmSync(socketPath(dataDir), { force: true })
  }
}
