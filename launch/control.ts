import { rmSync } from 'node:fs'

export type Command = 'start' | 'stop'

/** How two terminals find each other: a socket in the folder of what runs, and the command that runs it. */
export interface Control {
  socket: string
  /** `bun run dev`, for messages. */
  command: string
}

/** Sends a command to the launcher that runs. @throws Error that says what to do when there is none, or it refused */
export async function sendCommand({ socket, command }: Control, verb: Command, name: string): Promise<string> {
  const asked = fetch(`http://launcher/${verb}/${name}`, { method: 'POST', unix: socket })
  const answer = await asked.catch(() => undefined)
  if (!answer) throw new Error(`nothing runs here: start everything with \`${command}\``)
  if (!answer.ok) throw new Error(await answer.text())
  return answer.text()
}

/** Whether a launcher listens on that socket, be it suspended: a second one would take it away. */
export function isLauncherRunning(socket: string): Promise<boolean> {
  return fetch('http://launcher/', { unix: socket, signal: AbortSignal.timeout(2000) }).then(
    () => true,
    (error: Error) => error.name === 'TimeoutError',
  )
}

// A server may take a minute to be ready; else the connection is cut after 10 s. Bun's types know it for TCP only.
const forever: object = { idleTimeout: 0 }

/** Takes commands from other terminals. `carryOut` answers what it did, or throws an Error that says why not. */
export function receiveCommands(
  socket: string,
  carryOut: (verb: Command, name: string) => Promise<string>,
): () => void {
  rmSync(socket, { force: true })
  const server = Bun.serve({
    unix: socket,
    ...forever,
    async fetch(request) {
      const [, verb, name = ''] = new URL(request.url).pathname.split('/')
      try {
        return new Response(await carryOut(verb as Command, name))
      } catch (error) {
        return new Response((error as Error).message, { status: 409 })
      }
    },
  })
  return () => {
    server.stop(true)
    rmSync(socket, { force: true })
  }
}
