import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { isResponding, type Program, scriptCommand } from '../launch/program'
import { defaultFaultFile, ensureFaultFile } from '../src/faults/fault-file'

/** Where the socket of `bun run dev` is, by its data folder. */
export const devControl = (dataDir: string) => ({ socket: `${dataDir}/dev.sock`, command: 'bun run dev' })

/**
 * What `bun run dev` starts, and with which settings. `VITRINE_BASE_PORT` moves all ports (5000 …), `VITRINE_DATA` the
 * folder of the SQLite files and of `faults.json`; `USER_DATABASE_URL` and its like put a service on another database.
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
  const names = ['frontend', 'user', 'product', 'order']
  const urls = names.map((_name, index) => `http://localhost:${basePort + index}`)
  const shared = {
    DEPLOYMENT_ENVIRONMENT: env.DEPLOYMENT_ENVIRONMENT ?? 'development',
    // Programs of this machine may speak for others, as a proxy does: each shopper of a load test has an address of its own.
    TRUSTED_PROXIES: env.TRUSTED_PROXIES ?? '127.0.0.1,::1',
    USER_SERVICE_URL: urls[1] ?? '',
    PRODUCT_SERVICE_URL: urls[2] ?? '',
    ORDER_SERVICE_URL: urls[3] ?? '',
    FAULTS_FILE: faultsFile,
  }
  const services = names.map((name, index) => ({
    name,
    command: scriptCommand(`services/${name}/index.ts`),
    url: urls[index] ?? '',
    ports: [basePort + index],
    isReady: () => isResponding(`${urls[index]}/ready`),
    env: {
      ...shared,
      PORT: String(basePort + index),
      DATABASE_URL: env[`${name.toUpperCase()}_DATABASE_URL`] ?? `${dataDir}/${name}.sqlite`,
    },
  }))
  return { services, dataDir }
}

/** The console as the first of what is started, at `port`, with the shop's panels. */
export function consoleProgram(
  port: number,
  isBesideCollector: boolean,
  env: Record<string, string | undefined>,
): Program {
  // Where a collector sends everything here, sending it on to the collector would be a circle.
  const forward = isBesideCollector ? { VITRINE_CONSOLE_FORWARD: '' } : {}
  const views = env.VITRINE_CONSOLE_VIEWS ?? 'observability/console.json'
  const url = `http://localhost:${port}`
  return {
    name: 'console',
    command: scriptCommand('console/index.ts'),
    url,
    ports: [port],
    isReady: () => isResponding(`${url}/ready`),
    env: { VITRINE_CONSOLE_PORT: String(port), VITRINE_CONSOLE_VIEWS: views, ...forward },
    // It takes what services send when they stop.
    stopsLast: true,
  }
}
