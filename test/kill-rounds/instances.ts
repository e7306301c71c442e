import { freePort } from '../free-port'
import { type ServiceName, type ServiceProcess, startService } from '../service-processes'
import { type Balancer, startBalancer } from './balancer'

const names = ['user', 'product', 'order', 'frontend'] as const
const restartDelayMs = 500
// Guards against hanging only: a busy machine may be slow.
const timeoutMs = 180_000
// Longer than the default of 2 s, because all processes share a few cores. Shorter than shoppers wait.
const requestBudgetMs = 5000

/** One of the two processes of a service. */
export interface Instance {
  service: ServiceName
  title: string
  pause: () => void
  resume: () => void
  kill: () => Promise<void>
  /** Starts it if it has ended, again and again until it is ready, as a supervisor does. */
  start: () => Promise<void>
  /** The end of what it wrote. */
  output: () => string
}

/** Two instances of each service, each pair behind a balancer. @param env added to the environment of all */
export async function startInstances(
  databaseUrl: (service: ServiceName) => string,
  env: (title: string) => Record<string, string>,
) {
  const ports = Object.fromEntries(names.map((name) => [name, [freePort(), freePort()]])) as Record<
    ServiceName,
    number[]
  >
  const balancers = {} as Record<ServiceName, Balancer>
  for (const name of names) balancers[name] = await startBalancer(ports[name])
  const all = [0, 1].flatMap((index) => names.map((name) => createInstance(name, index)))
  // The first of each migrates and seeds the databases.
  for (const instance of all) await instance.start()

  return {
    all,
    urls: Object.fromEntries(names.map((name) => [name, balancers[name].url])) as Record<ServiceName, string>,
    /** Starts and resumes whatever does not run. */
    async startAll(): Promise<void> {
      await Promise.all(all.map((instance) => instance.start()))
    },
    async stop(): Promise<void> {
      await Promise.all(all.map((instance) => instance.kill()))
      for (const { stop } of Object.values(balancers)) stop()
    },
  }

  function createInstance(service: ServiceName, index: number): Instance {
    const title = `${service} ${index + 1}`
    let running: ServiceProcess | undefined
    let hasEnded = true
    const signal = (name: NodeJS.Signals) => {
      if (running && !hasEnded) process.kill(running.pid, name)
    }
    return {
      service,
      title,
      pause: () => signal('SIGSTOP'),
      resume: () => signal('SIGCONT'),
      output: () => running?.output().slice(-2000) ?? '',
      async kill() {
        if (hasEnded) return
        hasEnded = true
        await running?.stop('SIGKILL')
      },
      async start() {
        signal('SIGCONT')
        const endMs = performance.now() + timeoutMs
        while (hasEnded || !(await isReady())) {
          hasEnded = false
          if (performance.now() > endMs)
            throw new Error(`${title} does not become ready:\n${running?.output().slice(-2000)}`)
          running = startService(service, {
            USER_SERVICE_URL: balancers.user.url,
            PRODUCT_SERVICE_URL: balancers.product.url,
            ORDER_SERVICE_URL: balancers.order.url,
            TRUSTED_PROXIES: '127.0.0.1',
            REQUEST_BUDGET_MS: String(requestBudgetMs),
            OTEL_SDK_DISABLED: 'true',
            LOG_LEVEL: 'error',
            DATABASE_URL: databaseUrl(service),
            PORT: String(ports[service][index]),
            ...env(title),
          })
        }
      },
    }

    async function isReady(): Promise<boolean> {
      if (
        await running?.waitUntilReady().then(
          () => true,
          () => false,
        )
      )
        return true
      await running?.stop('SIGKILL')
      await Bun.sleep(restartDelayMs)
      return false
    }
  }
}

export type Instances = Awaited<ReturnType<typeof startInstances>>
