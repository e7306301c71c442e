export interface ConsoleForwarderOptions {
  /** The address of the console. */
  url: string
  write: (line: string) => void
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

const timeoutMs = 2000
const maxPending = 10

/**
 * Forwards Alertmanager’s notifications to a console, one at a time. A notification that fails is dropped, because
 * Alertmanager repeats it while the alert fires. Only a change between failing and working is printed.
 */
export function createConsoleForwarder({ url, write, fetch = globalThis.fetch }: ConsoleForwarderOptions) {
  let last = Promise.resolve()
  let pending = 0
  let problem: string | undefined
  return function forward(body: string): void {
    if (pending >= maxPending) return
    pending++
    last = last.then(async () => {
      report(await send(body))
      pending--
    })
  }

  async function send(body: string): Promise<string | undefined> {
    const headers = { 'Content-Type': 'application/json' }
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const response = await fetch(`${url}/api/alerts`, { method: 'POST', headers, body, signal })
      const text = await response.text()
      return response.ok ? undefined : `status ${response.status}: ${text.slice(0, 200).trim()}`
    } catch (error) {
      return (error as { code?: string }).code ?? (error as Error).message
    }
  }

  function report(now: string | undefined): void {
    if (now === problem) return
    problem = now
    write(
      now
        ? `the console at ${url} does not accept alerts (${now}); they are printed here only`
        : `the console at ${url} accepts alerts`,
    )
  }
}
