import { findPortHolder } from '../launch/ports'
import type { Program } from '../launch/program'
import { isConsole } from '../stack/clients/console'
import { consoleProgram } from './programs'

/** The OTLP endpoint of the services and the address of the console. */
export interface ConsoleEndpoint {
  /** The console to start; `undefined` when one runs already or none is wanted. */
  program: Program | undefined
  /** The OTLP/HTTP endpoint to which the services export. */
  otlpEndpoint: string
  /** The address of the console’s pages; `undefined` without a console. */
  url: string | undefined
  /** A sentence for the terminal when the setup is not the default one. */
  notice: string | undefined
}

const defaultPort = 4318
// A collector on 4318 forwards to a console on 4320.
const forwardedPortOffset = 2

/**
 * The console listens on the OTLP port. When a collector holds that port, the console listens two ports higher (4320), where
 * the collector forwards everything; when another console holds it, that one shows this shop. `OTEL_EXPORTER_OTLP_ENDPOINT`
 * and `VITRINE_CONSOLE=off` start no console; `VITRINE_CONSOLE_PORT` changes the port.
 */
export async function findConsoleEndpoint(
  env: Record<string, string | undefined>,
  isFree: (port: number) => boolean,
): Promise<ConsoleEndpoint> {
  const given = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (given) return noConsole(given, `telemetry goes to ${given} (OTEL_EXPORTER_OTLP_ENDPOINT); no console`)
  const port = Number(env.VITRINE_CONSOLE_PORT || defaultPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`VITRINE_CONSOLE_PORT=${env.VITRINE_CONSOLE_PORT} is not a port`)
  }
  const otlpEndpoint = `http://localhost:${port}`
  if (env.VITRINE_CONSOLE === 'off') return noConsole(otlpEndpoint, undefined)
  if (isFree(port))
    return { program: consoleProgram(port, false, env), otlpEndpoint, url: otlpEndpoint, notice: undefined }
  if (await isConsole(otlpEndpoint)) {
    return {
      ...noConsole(otlpEndpoint, `the console that runs at ${otlpEndpoint} shows this shop too`),
      url: otlpEndpoint,
    }
  }
  const holder = `port ${port} is taken by ${findPortHolder(port)}: telemetry goes there`
  const forwardedPort = port + forwardedPortOffset
  if (!isFree(forwardedPort)) {
    return noConsole(
      otlpEndpoint,
      `${holder}; no console, as port ${forwardedPort} is taken by ${findPortHolder(forwardedPort)}`,
    )
  }
  const forwarded = consoleProgram(forwardedPort, true, env)
  return {
    program: forwarded,
    otlpEndpoint,
    url: forwarded.url,
    notice: `${holder}; the console shows what it forwards to ${forwarded.url}`,
  }
}

const noConsole = (otlpEndpoint: string, notice: string | undefined): ConsoleEndpoint => ({
  program: undefined,
  otlpEndpoint,
  url: undefined,
  notice,
})
