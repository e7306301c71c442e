export interface ConsoleForwarderOptions {
  /** Where the console stands. */
  url: string
  write: (line: string) => void
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

const timeoutMs = 2000
const mostUnderWay = 10

/**
 * Hands what Alertmanager has sent on to a console, one after another, and forgets what it does not take: Alertmanager
 * repeats what fires. Says once that it does not, and once that it does again.
 */
export function createConsoleForwarder({ url, write, fetch = globalThis.fetch }: ConsoleForwarderOptions) {
  let last = Promise.resolve()
  let underWay = 0
  let problem: string | undefined
  return function handOn(body: string): void {
    if (underWay >= mostUnderWay) return
    underWay++
    last = last.then(async () => {
      say(await send(body))
      underWay--
    })
  }

  async function send(body: string): Promise<string | undefined> {
    const headers = { 'Content-Type': 'application/json' }
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const answer = await fetch(`${url}/api/alerts`, { method: 'POST', headers, body, signal })
      const said = await answer.text()
      return answer.ok ? undefined : `answered ${answer.status}: ${said.slice(0, 200).trim()}`
    } catch (error) {
      return (error as { code?: string }).code ?? (error as Error).message
    }
  }

  function say(now: string | undefined): void {
    if (now === problem) return
    problem = now
    write(
      now
        ? `the console at ${url} takes no alerts (${now}); they are printed here`
        : `the console at ${url} takes alerts`,
    )
  }
}
