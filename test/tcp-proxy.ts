import { connect, createServer, type Socket } from 'node:net'

/**
 * A TCP proxy whose network fails silently: after `partition()` it accepts connections and forwards nothing, and closes
 * nothing. After `heal()` it forwards new connections; those of before stay dead.
 */
export async function startTcpProxy(target: { hostname: string; port: number }) {
  const open = new Set<Link>()
  let isPartitioned = false
  const server = createServer((client) => {
    const link = new Link(client, target)
    open.add(link)
    client.on('close', () => open.delete(link))
    if (isPartitioned) link.cut()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as { port: number }).port,
    /** Connections that the client has not closed. */
    connections: () => open.size,
    partition(): void {
      isPartitioned = true
      for (const link of open) link.cut()
    },
    heal(): void {
      isPartitioned = false
    },
    stop(): void {
      server.close()
      for (const link of open) link.close()
    },
  }
}

class Link {
  #isCut = false
  readonly #upstream: Socket

  constructor(
    private readonly client: Socket,
    { hostname, port }: { hostname: string; port: number },
  ) {
    this.#upstream = connect(port, hostname)
    this.#forward(client, this.#upstream)
    this.#forward(this.#upstream, client)
  }

  cut(): void {
    this.#isCut = true
  }

  close(): void {
    this.client.destroy()
    this.#upstream.destroy()
  }

  #forward(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!this.#isCut) to.write(bytes)
    })
    from.on('end', () => {
      if (!this.#isCut) to.end()
    })
    from.on('error', () => {})
  }
}
