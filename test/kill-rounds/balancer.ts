import { createServer, connect as dial, type Server, type Socket } from 'node:net'

export interface Balancer {
  url: string
  stop: () => void
}

/** Passes each connection to the next instance that accepts it, as a load balancer for TCP does, without reading HTTP. */
export async function startBalancer(ports: number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer({ pauseOnConnect: true }, async (client) => {
    track(client)
    const instance = await connectToNext()
    if (!instance) return void client.destroy()
    track(instance)
    if (client.destroyed) return void instance.destroy()
    // What ends one side ends the other: a killed instance resets the connection.
    client.on('close', () => instance.destroy())
    instance.on('close', () => client.destroy())
    client.pipe(instance).pipe(client)
    client.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${portOf(server)}`, stop }

  async function connectToNext(): Promise<Socket | undefined> {
    for (let attempt = 0; attempt < ports.length; attempt++) {
      const socket = await connect(ports[turn++ % ports.length] as number)
      if (socket) return socket
    }
    return undefined
  }

  function track(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }

  function stop(): void {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}

function connect(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

const portOf = (server: Server) => (server.address() as { port: number }).port
