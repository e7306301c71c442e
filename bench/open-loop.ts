import type { Socket } from 'bun'

export interface OpenLoopResult {
  /** Answers by status. */
  statuses: Record<number, number>
  /** Of the 503s, those with `Retry-After`. */
  retryAfter: number
  /** Requests that found every connection busy, and were not sent. */
  unsent: number
  /** Connections that broke. */
  connectionErrors: number
  /** Of answers with 200, sorted. */
  okMs: number[]
  /** Of answers with 503, sorted. */
  shedMs: number[]
}

/**
 * Sends GET requests at a steady rate over keep-alive connections, whether answers come or not: as visitors do, who don't
 * wait for each other. Without a rate each connection sends its next request at once.
 */
export async function sendOpenLoop(
  address: string,
  { perS, seconds, connections, cookie = '' }: { perS?: number; seconds: number; connections: number; cookie?: string },
): Promise<OpenLoopResult> {
  const { hostname, port, pathname } = new URL(address)
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${cookie && `Cookie: ${cookie}\r\n`}\r\n`
  const seen: OpenLoopResult = { statuses: {}, retryAfter: 0, unsent: 0, connectionErrors: 0, okMs: [], shedMs: [] }
  const idle: Connection[] = []
  const all = await Promise.all(Array.from({ length: connections }, open))
  idle.push(...all)
  // The other side has yet to accept them.
  await Bun.sleep(300)

  const startMs = performance.now()
  const endMs = startMs + seconds * 1000
  let isOver = false
  if (perS === undefined) for (const connection of idle.splice(0)) connection.send()
  let sent = 0
  while (performance.now() < endMs) {
    const due = perS === undefined ? 0 : ((performance.now() - startMs) / 1000) * perS
    for (; sent < due; sent++) {
      const connection = idle.pop()
      if (connection) connection.send()
      else seen.unsent++
    }
    await Bun.sleep(1)
  }
  isOver = true
  for (const { socket } of all) socket.end()
  seen.okMs.sort((a, b) => a - b)
  seen.shedMs.sort((a, b) => a - b)
  return seen

  interface Connection {
    socket: Socket
    send(): void
  }

  async function open(): Promise<Connection> {
    let head = ''
    let bytesLeft = -1
    let sentMs = 0
    const socket = await Bun.connect({ hostname, port: Number(port), socket: { data, close: lost, error: lost } })
    const connection: Connection = {
      socket,
      send() {
        sentMs = performance.now()
        head = ''
        bytesLeft = -1
        socket.write(request)
      },
    }
    return connection

    function data(_socket: Socket, bytes: Buffer): void {
      if (bytesLeft < 0) {
        head += bytes.toString('latin1')
        const end = head.indexOf('\r\n\r\n')
        if (end === -1) return
        bytesLeft = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) - (head.length - end - 4)
      } else bytesLeft -= bytes.length
      if (bytesLeft <= 0) answered()
    }

    function answered(): void {
      if (isOver) return
      const status = Number(head.slice(9, 12))
      const tookMs = performance.now() - sentMs
      seen.statuses[status] = (seen.statuses[status] ?? 0) + 1
      if (status === 200) seen.okMs.push(tookMs)
      if (status === 503) {
        seen.shedMs.push(tookMs)
        if (/^retry-after: \d/im.test(head)) seen.retryAfter++
      }
      if (perS === undefined) connection.send()
      else idle.push(connection)
    }

    function lost(): void {
      if (!isOver) seen.connectionErrors++
    }
  }
}
