import type { Signal } from './receive/routes'
import type { ForwarderState } from './store'

interface Waiting {
  signal: Signal
  body: Uint8Array
  headers: Headers
}

const mostWaitingBytes = 32 * 1024 * 1024
const mostUnderWay = 4
const timeoutMs = 5000
// Who has it already need not have it again.
const mark = 'x-vitrine-forwarded'

/**
 * Sends each accepted export on as it came, to another receiver. One that is slow costs at most 32 MiB; what doesn't fit, or
 * isn't taken, is counted and gone: the console is a window, not a queue.
 */
export function createForwarder(url: string) {
  const state: ForwarderState = { url, sent: 0, dropped: 0, lastError: undefined }
  const waiting: Waiting[] = []
  let bytes = 0
  let underWay = 0
  return { forward, state }

  function forward(signal: Signal, body: Uint8Array, headers: Headers): void {
    if (headers.has(mark)) return
    if (bytes + body.byteLength > mostWaitingBytes) {
      state.dropped++
      return
    }
    bytes += body.byteLength
    waiting.push({ signal, body, headers })
    pump()
  }

  function pump(): void {
    while (underWay < mostUnderWay && waiting.length > 0) void send(waiting.shift() as Waiting)
  }

  async function send({ signal, body, headers }: Waiting): Promise<void> {
    underWay++
    const problem = await post(`${url}/v1/${signal}`, body, headers)
    underWay--
    bytes -= body.byteLength
    state.lastError = problem
    if (problem === undefined) state.sent++
    else state.dropped++
    pump()
  }
}

async function post(url: string, body: Uint8Array, given: Headers): Promise<string | undefined> {
  const headers = new Headers({ [mark]: '1' })
  for (const name of ['content-type', 'content-encoding']) {
    const value = given.get(name)
    if (value !== null) headers.set(name, value)
  }
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(url, { method: 'POST', body: body as Uint8Array<ArrayBuffer>, headers, signal })
    await answer.arrayBuffer()
    return answer.ok ? undefined : `HTTP ${answer.status}`
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name
  }
}
