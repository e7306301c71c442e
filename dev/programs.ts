import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { isResponding, type Program, scriptCommand } from '../launch/program'
import { shopServices, urlVariable } from '../services/names'
import { defaultFaultFile, ensureFaultFile } from '../src/faults/fault-file'

/** The control socket of `bun run dev` in a data folder. */
export const devControl = (dataDir: string) => ({ socket: `${dataDir}/dev.sock`, command: 'bun run dev' })

/**
 * The programs of `bun run dev` with their settings. `VITRINE_BASE_PORT` is the port of the first service (default 5000),
 * `VITRINE_DATA` the folder of the SQLite files and of `faults.json`, `USER_DATABASE_URL` etc. the database of one service.
 */
export function shopPrograms(env: Record<string, string | undefined>): { services: Program[]; dataDir: string } {
  const basePort = Number(env.VITRINE_BASE_PORT ?? 5000)
  if (!Number.isInteger(basePort) || basePort < 1 || basePort > 65500) {
    throw new Error(`VITRINE_BASE_PORT=${env.VITRINE_BASE_PORT} is not a port`)
  }
  const dataDir = resolve(env.VITRINE_DATA ?? '.data')
  mkdirSync(dataDir, { recursive: true })
  const faultsFile = defaultFaultFile(env)
  if (faultsFile) ensureFaultFile(faultsFile)
  const urlOf = (portOffset: number) => `http://localhost:${basePort + portOffset}`
  const serviceUrls = shopServices.map(({ serviceName, portOffset }) => [urlVariable(serviceName), urlOf(portOffset)])
  const shared = {
    DEPLOYMENT_ENVIRONMENT: env.DEPLOYMENT_ENVIRONMENT ?? 'development',
    // A load test on this machine sends a different X-Forwarded-For address for each shopper.
    TRUSTED_PROXIES: env.TRUSTED_PROXIES ?? '127.0.0.1,::1',
    ...Object.fromEntries(serviceUrls),
    FAULTS_FILE: faultsFile,
  }
  const services = shopServices.map(({ name, portOffset }) => ({
    name,
    command: scriptCommand(`services/${name}/index.ts`),
    url: urlOf(portOffset),
    ports: [basePort + portOffset],
    isReady: () => isResponding(`${urlOf(portOffset)}/ready`),
    env: {
      ...shared,
      PORT: String(basePort + portOffset),
      DATABASE_URL: env[`${name.toUpperCase()}_DATABASE_URL`] ?? `${dataDir}/${name}.sqlite`,
      ...(name === 'frontend' && { PENDING_REVOCATIONS_FILE: `${dataDir}/frontend.sqlite` }),
    },
  }))
  return { services, dataDir }
}

/** The console at `port`, with the shop’s panels and runbooks. */
export function consoleProgram(
  port: number,
  isBehindCollector: boolean,
  env: Record<string, string | undefined>,
): Program {
  // When a collector forwards to the console, forwarding back would be a loop.
  const forward = isBehindCollector ? { VITRINE_CONSOLE_FORWARD: '' } : {}
  const views = env.VITRINE_CONSOLE_VIEWS ?? 'observability/console.json'
  const runbooks = env.VITRINE_CONSOLE_RUNBOOKS ?? 'docs/runbooks'
  const url = `http://localhost:${port}`
  return {
    name: 'console',
    command: scriptCommand('console/index.ts'),
    url,
    ports: [port],
    isReady: () => isResponding(`${url}/ready`),
    env: {
      VITRINE_CONSOLE_PORT: String(port),
      VITRINE_CONSOLE_VIEWS: views,
      VITRINE_CONSOLE_RUNBOOKS: runbooks,
      ...forward,
    },
    // It receives what the services export while they stop.
    stopsLast: true,
  }
}
