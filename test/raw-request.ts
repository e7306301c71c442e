import { connect } from 'node:net'
import { waitUntil } from './wait-until'

/** A TCP connection to a server under test: sends bytes as they are. */
export async function openSocket(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let received = ''
  let isClosed = false
  socket.on('data', (bytes) => {
    received += bytes
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
  })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return {
    write: (text: string) => void socket.write(text),
    received: () => received,
    isClosed: () => isClosed,
    waitUntilClosed: () => waitUntil(() => isClosed),
    /** Waits until what has arrived matches. */
    waitFor: (pattern: RegExp) => waitUntil(() => pattern.test(received), { describe: () => received }),
    destroy: () => void socket.destroy(),
  }
}
