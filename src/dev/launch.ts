import { rmSync } from 'node:fs'
import { placeOfConsole } from './console-place'
import { refuseSecondLauncher, takeCommands } from './control'
import { type Planned, plan } from './plan'
import { portHolder } from './port-holder'
import { Service } from './service-process'

const readyDeadlineMs = 20_000

/** Starts all services, says when they are ready and where, and stops them on SIGINT, SIGTERM or when orphaned. */
export async function launch(): Promise<void> {
  const startMs = performance.now()
  const { services: shop, dataDir } = plan(process.env)
  await refuseSecondLauncher(dataDir)
  refuseTakenPorts(shop)
  const { planned: console, endpoint, url, notice } = await placeOfConsole(process.env, isFree)
  if (notice) process.stdout.write(`${notice}\n`)
  // The console first: it sees the first request.
  const planned = [...(console ? [console] : []), ...shop.map((one) => sendingTo(endpoint, url, one))]

  const width = Math.max(...planned.map(({ name }) => name.length))
  const services = new Map(planned.map((one) => [one.name, new Service(one, width, writePids)]))
  const stopCommands = takeCommands(dataDir, carryOut)
  stopWhenTold(stopAll)

  for (const service of services.values()) service.start()
  const failed = (await Promise.all([...services.values()].map((one) => one.ready(readyDeadlineMs)))).filter(Boolean)
  if (failed.length > 0) {
    process.stderr.write(`${failed.join('\n')}\n`)
    return stopAll(1)
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  const rows = planned.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}`)
  process.stdout.write(`\nVitrine is ready after ${seconds} s. Ctrl-C stops it.\n${rows.join('\n')}\n\n`)

  function writePids(): void {
    const pids = Object.fromEntries([...services].map(([name, { pid }]) => [name, pid ?? null]))
    Bun.write(`${dataDir}/dev.json`, `${JSON.stringify({ launcher: process.pid, ...pids }, null, 2)}\n`)
  }

  async function carryOut(command: string, name: string): Promise<string> {
    const service = services.get(name)
    if (!service) throw new Error(`no service "${name}"; there are ${[...services.keys()].join(', ')}`)
    if (command === 'stop') return (await service.stop()) ? `${name} stopped` : `${name} was not running`
    if (service.pid !== undefined) return `${name} already runs (pid ${service.pid})`
    service.start()
    const problem = await service.ready(readyDeadlineMs)
    if (problem) throw new Error(problem)
    return `${name} runs at ${service.url} (pid ${service.pid})`
  }

  async function stopAll(exitCode = 0): Promise<never> {
    const [last, others] = split([...services.values()])
    await Promise.all(others.map((one) => one.stop()))
    await Promise.all(last.map((one) => one.stop()))
    stopCommands()
    rmSync(`${dataDir}/dev.json`, { force: true })
    process.exit(exitCode)
  }
}

const split = (all: Service[]) => [all.filter(({ isLast }) => isLast), all.filter(({ isLast }) => !isLast)] as const

const sendingTo = (endpoint: string, consoleUrl: string | undefined, planned: Planned): Planned => ({
  ...planned,
  env: {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...(consoleUrl && { VITRINE_CONSOLE_URL: consoleUrl }),
    ...planned.env,
  },
})

function refuseTakenPorts(planned: Planned[]): void {
  const taken = planned.filter(({ url }) => !isFree(Number(new URL(url).port)))
  if (taken.length === 0) return
  const rows = taken.map(
    ({ name, url }) => `  port ${new URL(url).port} (${name}) is held by ${portHolder(Number(new URL(url).port))}`,
  )
  throw new Error(
    `cannot start:\n${rows.join('\n')}\nstop it, or move all ports with VITRINE_BASE_PORT=6000 bun run dev`,
  )
}

function isFree(port: number): boolean {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}

// `bun run dev` is two processes: when the outer one is killed, this one gets another parent.
function stopWhenTold(stopAll: () => Promise<never>): void {
  let isStopping = false
  const stopOnce = () => {
    if (isStopping) return
    isStopping = true
    stopAll()
  }
  process.on('SIGINT', stopOnce)
  process.on('SIGTERM', stopOnce)
  process.on('SIGHUP', stopOnce)
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stopOnce(), 500).unref()
}
