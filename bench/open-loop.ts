import type { Socket } from 'bun'
import { systemClock as clock } from '../loadtest/built-in/clock'
import { runOpenLoop, timesAtRate } from '../loadtest/built-in/open-loop'

export interface OpenLoopResult {
  /** Number of responses by status. */
  statuses: Record<number, number>
  /** Number of 503s with `Retry-After`. */
  retryAfter: number
  /** Requests that were not sent, because every connection was busy. */
  unsent: number
  connectionErrors: number
  /** Durations of responses with 200, sorted. */
  okMs: number[]
  /** Durations of responses with 503, sorted. */
  shedMs: number[]
}

/**
 * Sends GET requests at a constant rate over keep-alive connections, whether responses come or not. Without a rate each
 * connection sends its next request at once. Writes to sockets, because `fetch` costs more CPU time than the server.
 */
export async function sendOpenLoop(
  address: string,
  { perS, seconds, connections, cookie = '' }: { perS?: number; seconds: number; connections: number; cookie?: string },
): Promise<OpenLoopResult> {
  const { hostname, port, pathname } = new URL(address)
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${cookie && `Cookie: ${cookie}\r\n`}\r\n`
  const result: OpenLoopResult = { statuses: {}, retryAfter: 0, unsent: 0, connectionErrors: 0, okMs: [], shedMs: [] }
  const all = await Promise.all(Array.from({ length: connections }, open))
  const idle = [...all]
  // The server has yet to accept the connections.
  await Bun.sleep(300)

  const endMs = clock.nowMs() + seconds * 1000
  let isOver = false
  if (perS === undefined) for (const connection of idle.splice(0)) connection.send()
  else await runOpenLoop({ clock, timesMs: timesAtRate(clock, () => perS, endMs), start: sendOnIdleConnection })
  await clock.sleepUntil(endMs)
  isOver = true
  for (const { socket } of all) socket.end()
  result.okMs.sort((a, b) => a - b)
  result.shedMs.sort((a, b) => a - b)
  return result

  interface Connection {
    socket: Socket
    send(): void
  }

  async function sendOnIdleConnection(): Promise<void> {
    const connection = idle.pop()
    if (connection) connection.send()
    else result.unsent++
  }

  async function open(): Promise<Connection> {
    let head = ''
    let bytesLeft = -1
    let sentMs = 0
    const socket = await Bun.connect({
      ...{ hostname, port: Number(port) },
      socket: { data, close: countError, error: countError },
    })
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
      if (bytesLeft <= 0) recordResponse()
    }

    function recordResponse(): void {
      if (isOver) return
      const status = Number(head.slice(9, 12))
      const durationMs = performance.now() - sentMs
      result.statuses[status] = (result.statuses[status] ?? 0) + 1
      if (status === 200) result.okMs.push(durationMs)
      if (status === 503) {
        result.shedMs.push(durationMs)
        if (/^retry-after: \d/im.test(head)) result.retryAfter++
      }
      if (perS === undefined) connection.send()
      else idle.push(connection)
    }

    function countError(): void {
      if (!isOver) result.connectionErrors++
    }
  }
}
