import { findPortHolder } from '../launch/find-port-holder'
import type { Program } from '../launch/program'
import { consoleProgram } from './programs'

/** Where signals go, and where they are shown. */
export interface ConsoleEndpoint {
  /** What to start for it; nothing where it runs already, or is not wanted. */
  program: Program | undefined
  /** The endpoint of the services. */
  otlpEndpoint: string
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
  const otlpEndpoint = `http://localhost:${port}`
  if (env.VITRINE_CONSOLE === 'off') return without(otlpEndpoint, undefined)
  if (isFree(port))
    return { program: consoleProgram(port, false, env), otlpEndpoint, url: otlpEndpoint, notice: undefined }
  if (await isConsole(port)) {
    return {
      ...without(otlpEndpoint, `the console that runs at ${otlpEndpoint} shows this shop too`),
      url: otlpEndpoint,
    }
  }
  const holder = `port ${port} is taken by ${findPortHolder(port)}: telemetry goes there`
  const besidePort = port + toBeside
  if (!isFree(besidePort)) {
    return without(
      otlpEndpoint,
      `${holder}; no console, as port ${besidePort} is taken by ${findPortHolder(besidePort)}`,
    )
  }
  const beside = consoleProgram(besidePort, true, env)
  return {
    program: beside,
    otlpEndpoint,
    url: beside.url,
    notice: `${holder}; the console shows what it sends on to ${beside.url}`,
  }
}

const without = (otlpEndpoint: string, notice: string | undefined): ConsoleEndpoint => ({
  program: undefined,
  otlpEndpoint,
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
