import { withRunningStack } from '../running-stack'

export interface LogServer {
  /** Its name in messages. */
  name: string
  url: string
}

type Env = Record<string, string | undefined>

/**
 * The log server at `LOKI_URL` (of the environment or of the running stack); without it, the first that responds on Loki’s
 * port or the console’s ports.
 * @throws Error with the endpoints and what to start
 */
export async function findLogServer(given: Env): Promise<LogServer> {
  const { env, notice } = await withRunningStack(given)
  const consoleAt = (url: string) => ({ name: 'the console', url })
  const logServerAt = (url: string) => ({ name: 'the log server', url: url.replace(/\/$/, '') })
  const candidates: LogServer[] = given.LOKI_URL
    ? [logServerAt(given.LOKI_URL)]
    : [
        logServerAt(env.LOKI_URL ?? 'http://localhost:3100'),
        consoleAt(`http://localhost:${given.VITRINE_CONSOLE_PORT || 4318}`),
        // Its port where a collector listens on 4318.
        consoleAt(env.CONSOLE_URL ?? 'http://localhost:4320'),
      ]
  for (const candidate of candidates) if (await hasLokiApi(candidate.url)) return candidate
  const tried = candidates.map(({ name, url }) => `${name} at ${url}`).join(', ')
  const advice = notice
    ? 'bun run stack runs: start its log server with bun run stack start log-server'
    : 'Start the shop with its console: bun run dev; or set LOKI_URL'
  throw new Error(`no log server responds: tried ${tried}.\n${advice}`)
}

async function hasLokiApi(url: string): Promise<boolean> {
  const response = await fetch(`${url}/loki/api/v1/status/buildinfo`, { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  )
  return response?.ok ?? false
}
