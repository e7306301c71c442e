import { rmSync } from 'node:fs'

export type Command = 'start' | 'stop'

/** The socket on which a launcher receives commands from other terminals. */
export interface LauncherControl {
  socket: string
  /** The command that starts the launcher, for messages: `bun run dev`. */
  command: string
}

/** Sends a command to the running launcher. @throws Error when no launcher runs or the command fails, with what to do */
export async function sendCommand(
  { socket, command }: LauncherControl,
  action: Command,
  name: string,
): Promise<string> {
  const request = fetch(`http://launcher/${action}/${name}`, { method: 'POST', unix: socket })
  const response = await request.catch(() => undefined)
  if (!response) throw new Error(`nothing runs here: start everything with \`${command}\``)
  if (!response.ok) throw new Error(await response.text())
  return response.text()
}

/** Whether a launcher listens on the socket. A suspended one counts: it does not respond, but the socket is its own. */
export function isLauncherRunning(socket: string): Promise<boolean> {
  return fetch('http://launcher/', { unix: socket, signal: AbortSignal.timeout(2000) }).then(
    () => true,
    (error: Error) => error.name === 'TimeoutError',
  )
}

// A start can take a minute, and Bun closes idle connections after 10 s. Bun's types allow the option for TCP only.
const withoutIdleTimeout: object = { idleTimeout: 0 }

/** Receives commands from other terminals. `execute` returns the message for the sender; errors are sent back too. */
export function receiveCommands(
  socket: string,
  execute: (action: Command, name: string) => Promise<string>,
): () => void {
  rmSync(socket, { force: true })
  const server = Bun.serve({
    unix: socket,
    ...withoutIdleTimeout,
    async fetch(request) {
      const [, action, name = ''] = new URL(request.url).pathname.split('/')
      try {
        return new Response(await execute(action as Command, name))
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
