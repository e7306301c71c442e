import { portHolder } from '../launch/port-holder'
import type { Program } from '../launch/program'
import { consoleProgram } from './programs'

/** Where signals go, and where they are shown. */
export interface ConsoleEndpoint {
  /** What to start for it; nothing where it runs already, or is not wanted. */
  planned: Program | undefined
  /** The endpoint of the services. */
  endpoint: string
  /** Where the pages are; nothing where there are none. */
  url: string | undefined
  /** A sentence about it, where it is not as usual. */
  notice: string | undefined
}

const usualPort = 4318
// 4320, beside a collector on 4318.
const toBeside = 2

/**
 * The console stands where OTLP is sent. Where somebody else listens there, it leaves them be: a collector may send
 * everything on to it, two ports further (4320); another console shows this shop too. `OTEL_EXPORTER_OTLP_ENDPOINT` and
 * `VITRINE_CONSOLE=off` go without, `VITRINE_CONSOLE_PORT` moves it.
 */
export async function findConsoleEndpoint(
  env: Record<string, string | undefined>,
  isFree: (port: number) => boolean,
): Promise<ConsoleEndpoint> {
  const given = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (given) return without(given, `telemetry goes to ${given} (OTEL_EXPORTER_OTLP_ENDPOINT); no console`)
  const port = Number(env.VITRINE_CONSOLE_PORT || usualPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`VITRINE_CONSOLE_PORT=${env.VITRINE_CONSOLE_PORT} is not a port`)
  }
  const endpoint = `http://localhost:${port}`
  if (env.VITRINE_CONSOLE === 'off') return without(endpoint, undefined)
  if (isFree(port)) return { planned: consoleProgram(port, false, env), endpoint, url: endpoint, notice: undefined }
  if (await isConsole(port)) {
    return { ...without(endpoint, `the console that runs at ${endpoint} shows this shop too`), url: endpoint }
  }
  const holder = `port ${port} is held by ${portHolder(port)}: telemetry goes there`
  const besidePort = port + toBeside
  if (!isFree(besidePort)) {
    return without(endpoint, `${holder}; no console, as port ${besidePort} is held by ${portHolder(besidePort)}`)
  }
  const beside = consoleProgram(besidePort, true, env)
  return {
    planned: beside,
    endpoint,
    url: beside.url,
    notice: `${holder}; the console shows what it sends on to ${beside.url}`,
  }
}

const without = (endpoint: string, notice: string | undefined): ConsoleEndpoint => ({
  planned: undefined,
  endpoint,
  url: undefined,
  notice,
})

async function isConsole(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://localhost:${port}/ready`, { signal: AbortSignal.timeout(500) })
    return ((await answer.json()) as { console?: string }).console === 'vitrine'
  } catch {
    return false
  }
}
