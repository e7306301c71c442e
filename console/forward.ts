import type { Signal } from './receive/routes'
import type { ForwarderState } from './store'

interface QueuedExport {
  signal: Signal
  body: Uint8Array
  headers: Headers
}

const maxQueuedBytes = 32 * 1024 * 1024
const maxConcurrent = 4
const timeoutMs = 5000
// Prevents a loop of consoles that forward to each other.
const forwardedHeader = 'x-vitrine-forwarded'

/**
 * Forwards the body of each accepted export request, as received, to another receiver. The queue is limited to 32 MiB, and
 * nothing is retried: what does not fit or fails is counted as dropped.
 */
export function createForwarder(url: string) {
  const state: ForwarderState = { url, sent: 0, dropped: 0, lastError: undefined }
  const queue: QueuedExport[] = []
  let queuedBytes = 0
  let sending = 0
  return { forward, state }

  function forward(signal: Signal, body: Uint8Array, headers: Headers): void {
    if (headers.has(forwardedHeader)) return
    if (queuedBytes + body.byteLength > maxQueuedBytes) {
      state.dropped++
      return
    }
    queuedBytes += body.byteLength
    queue.push({ signal, body, headers })
    sendNext()
  }

  function sendNext(): void {
    while (sending < maxConcurrent && queue.length > 0) void send(queue.shift() as QueuedExport)
  }

  async function send({ signal, body, headers }: QueuedExport): Promise<void> {
    sending++
    const error = await post(`${url}/v1/${signal}`, body, headers)
    sending--
    queuedBytes -= body.byteLength
    state.lastError = error
    if (error === undefined) state.sent++
    else state.dropped++
    sendNext()
  }
}

/** Returns why the request failed; `undefined` when it succeeded. */
async function post(url: string, body: Uint8Array, received: Headers): Promise<string | undefined> {
  const headers = new Headers({ [forwardedHeader]: '1' })
  for (const name of ['content-type', 'content-encoding']) {
    const value = received.get(name)
    if (value !== null) headers.set(name, value)
  }
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', body: body as Uint8Array<ArrayBuffer>, headers, signal })
    await response.arrayBuffer()
    return response.ok ? undefined : `HTTP ${response.status}`
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name
  }
}
