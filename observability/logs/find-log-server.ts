import { besideStack } from '../../src/dev/stack'

export interface LogServer {
  /** What it is called in a sentence. */
  name: string
  url: string
}

type Env = Record<string, string | undefined>

/** The first that responds: `LOKI_URL`, the stack's log server, Loki's port, the console. @throws Error that says what to start */
export async function findLogServer(given: Env): Promise<LogServer> {
  const { env } = await besideStack(given)
  const console_ = (port: string | number) => ({ name: 'the console', url: `http://localhost:${port}` })
  const candidates: LogServer[] = env.LOKI_URL
    ? [{ name: 'the log server', url: env.LOKI_URL.replace(/\/$/, '') }]
    : [
        { name: 'the log server', url: 'http://localhost:3100' },
        console_(env.VITRINE_CONSOLE_PORT || 4318),
        // Beside a collector.
        console_(4320),
      ]
  for (const candidate of candidates) if (await speaksLogql(candidate.url)) return candidate
  const looked = candidates.map(({ name, url }) => `${name} at ${url}`).join(', ')
  throw new Error(
    `no log server responds: looked for ${looked}.\nStart the shop with its console: bun run dev; or set LOKI_URL`,
  )
}

async function speaksLogql(url: string): Promise<boolean> {
  const response = await fetch(`${url}/loki/api/v1/status/buildinfo`, { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  )
  return response?.ok ?? false
}
