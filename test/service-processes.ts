import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { hasEnded } from '../launch/program'
import { freePort } from './free-port'
import { serviceKey } from './shop'

export type ServiceName = 'frontend' | 'user' | 'product' | 'order'

export interface ServiceProcess {
  name: ServiceName
  url: string
  pid: number
  databaseUrl: string
  /** Its output so far; complete once `stop` has resolved. */
  output: () => string
  /** The JSON log lines of the output. */
  logLines: () => Record<string, unknown>[]
  waitUntilReady: () => Promise<void>
  stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** Starts one service as its own process. Benchmarks discard its log lines. */
export function startService(
  name: ServiceName,
  env: Record<string, string>,
  storesOutput = true,
  /** A program that runs it, such as `['unshare', '-m']`. */
  runner: string[] = [],
): ServiceProcess {
  const port = env.PORT ?? String(freePort())
  const child = Bun.spawn([...runner, process.execPath, `services/${name}/index.ts`], {
    env: {
      PATH: process.env.PATH ?? '',
      DEPLOYMENT_ENVIRONMENT: 'test',
      REQUEST_BUDGET_MS: '120000',
      SERVICE_KEY: serviceKey,
      PENDING_REVOCATIONS_FILE: ':memory:',
      ...env,
      PORT: port,
    },
    stdout: storesOutput ? 'pipe' : 'ignore',
    stderr: 'pipe',
  })
  let written = ''
  const collect = async (stream: ReadableStream<Uint8Array> | undefined) => {
    if (!stream) return
    const decoder = new TextDecoder()
    for await (const chunk of stream) written += decoder.decode(chunk, { stream: true })
  }
  const drained = Promise.all([collect(child.stdout), collect(child.stderr)])
  const url = `http://127.0.0.1:${port}`
  return {
    name,
    url,
    pid: child.pid,
    databaseUrl: env.DATABASE_URL ?? '',
    output: () => written,
    logLines: () =>
      written
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    async waitUntilReady() {
      for (let attempt = 0; attempt < 4800; attempt++) {
        const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
        if (response?.ok) return
        if (hasEnded(child)) break
        await Bun.sleep(25)
      }
      throw new Error(`${name} did not become ready:\n${written}`)
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await child.exited
      await drained
      return child.exitCode
    },
  }
}

/** All four services, ready; with SQLite files in a temporary folder unless `databaseUrl` says otherwise. */
export async function startServices(
  env: Record<string, string> = {},
  storesOutput = true,
  databaseUrl?: (name: ServiceName) => string,
) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-services-`)
  const ports = { frontend: freePort(), user: freePort(), product: freePort(), order: freePort() }
  const urls = {
    USER_SERVICE_URL: `http://127.0.0.1:${ports.user}`,
    PRODUCT_SERVICE_URL: `http://127.0.0.1:${ports.product}`,
    ORDER_SERVICE_URL: `http://127.0.0.1:${ports.order}`,
  }
  const start = (name: ServiceName, more: Record<string, string> = {}) =>
    startService(
      name,
      {
        ...urls,
        DATABASE_URL: databaseUrl?.(name) ?? `${dir}/${name}.sqlite`,
        PORT: String(ports[name]),
        ...env,
        ...more,
      },
      storesOutput,
    )
  const services = {
    frontend: start('frontend'),
    user: start('user'),
    product: start('product'),
    order: start('order'),
  }
  await Promise.all(Object.values(services).map((service) => service.waitUntilReady()))
  return {
    ...services,
    /** Starts one of them again, or a second instance. */
    start,
    /** SIGTERM to all; their exit codes. */
    async stop(): Promise<(number | null)[]> {
      const codes = await Promise.all(Object.values(services).map((service) => service.stop()))
      rmSync(dir, { recursive: true, force: true })
      return codes
    },
  }
}
