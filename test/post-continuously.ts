import type { Socket } from 'bun'

/** The outcomes of the requests. */
export interface PostResults {
  succeeded: number
  /** Status lines and connection errors. */
  failures: string[]
}

/**
 * Posts without a pause over keep-alive connections, as a load balancer does. New connections go to ready instances, and
 * a connection is closed after a response with `Connection: close`. `stop()` returns the results.
 */
export function postContinuously(urls: () => string[], { path, headers, connections = 8 }: PostOptions) {
  const posted: PostResults = { succeeded: 0, failures: [] }
  let isOver = false
  let turn = 0
  const workers = Array.from({ length: connections }, work)
  return {
    posted,
    async stop(): Promise<PostResults> {
      isOver = true
      await Promise.all(workers)
      return posted
    },
  }

  async function work(): Promise<void> {
    while (!isOver) {
      const all = urls()
      const url = all[turn++ % all.length]
      if (url) await converse(new URL(url))
      else await Bun.sleep(5)
    }
  }

  async function converse({ hostname, port }: URL): Promise<void> {
    const connection = await connect(hostname, Number(port)).catch(() => undefined)
    if (!connection) return void posted.failures.push('no connection')
    for (;;) {
      const response = await connection.post()
      if (/^HTTP\/1.1 2/.test(response)) posted.succeeded++
      else posted.failures.push(response.split('\r\n', 1)[0] || 'closed without an response')
      if (isOver || response === '' || /^connection: close/im.test(response)) break
    }
    connection.end()
  }

  async function connect(hostname: string, port: number) {
    let text = ''
    let settle = (_response: string) => {}
    const request = `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\n${headers}\r\nContent-Length: 0\r\n\r\n`
    const socket: Socket = await Bun.connect({
      hostname,
      port,
      socket: {
        data(_socket, bytes) {
          text += bytes.toString()
          if (text.includes('\r\n\r\n')) settle(text)
        },
        close: () => settle(''),
        error: () => settle(''),
      },
    })
    return {
      post: () =>
        new Promise<string>((resolve) => {
          text = ''
          settle = resolve
          socket.write(request)
        }),
      end: () => socket.end(),
    }
  }
}

interface PostOptions {
  path: string
  /** Header lines, in addition to `Host` and `Content-Length`. */
  headers: string
  connections?: number
}
