/**
 * `bun run stack`: the servers that compose would start, natively, from the same files, until Ctrl-C; the shop beside it is
 * `bun run dev`. `bun run stack stop|start NAME`: one server of the stack that runs.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { script } from '../../src/dev/plan'
import type { Child } from '../../src/launch/child'
import { askLauncher, isLauncherThere } from '../../src/launch/control'
import { launch } from '../../src/launch/launch'
import { answers, type Planned } from '../../src/launch/planned'
import { refuseTakenPorts } from '../../src/launch/ports'
import { type StackPlaces, stackPlaces } from '../places'
import { mariaDb, plannedMariaDb } from './mariadb'
import { findPrograms } from './programs'
import { servers } from './servers'

const state = resolve(process.env.VITRINE_STACK_DIR ?? '.stack')
const control = { socket: `${state}/stack.sock`, command: 'bun run stack' }
const [command = 'all', name = ''] = process.argv.slice(2)

try {
  if (command === 'all') await runStack()
  if (command === 'start' || command === 'stop') process.stdout.write(`${await askLauncher(control, command, name)}\n`)
  if (!['all', 'start', 'stop'].includes(command)) throw new Error('usage: bun run stack [start NAME | stop NAME]')
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function runStack(): Promise<void> {
  const places = stackPlaces(portOffset())
  const bin = findPrograms()
  if (await isLauncherThere(control.socket))
    throw new Error(`bun run stack runs already in ${state}: stop it, or give this one another VITRINE_STACK_DIR`)
  for (const folder of [`${state}/logs`, `${state}/prometheus-config/targets`]) mkdirSync(folder, { recursive: true })
  const databases = await plannedDatabases(places)
  const { backends, collector } = servers(places, { bin, state })
  refuseTakenPorts([...databases, ...backends, ...collector, receiver(places)], advice)
  await configure(places)

  await launch({
    ...control,
    waves: [[...databases, ...backends, receiver(places)], collector],
    pidFile: `${state}/stack.json`,
    readyDeadlineMs: 60_000,
    async announce(children, seconds) {
      await Bun.write(`${state}/env`, settings(places, databases))
      process.stdout.write(table(children, seconds))
    },
    cleanUp: () => rmSync(`${state}/env`, { force: true }),
  })
}

const advice = 'stop it, or move all ports with VITRINE_STACK_PORT_OFFSET=100 bun run stack'

function portOffset(): number {
  const offset = Number(process.env.VITRINE_STACK_PORT_OFFSET || 0)
  if (Number.isInteger(offset) && offset >= 0 && offset <= 40_000) return offset
  throw new Error(`VITRINE_STACK_PORT_OFFSET=${process.env.VITRINE_STACK_PORT_OFFSET} must be a number from 0 to 40000`)
}

async function plannedDatabases({ databasePorts }: StackPlaces): Promise<Planned[]> {
  const program = mariaDb()
  if (!program) process.stdout.write('no mariadbd here (apt install mariadb-server): the shop keeps SQLite files\n')
  const planned: Planned[] = []
  for (const [service, port] of Object.entries(databasePorts))
    if (program) planned.push(await plannedMariaDb(program, service, port, state))
  return planned
}

/** What prints alerts and hands them to the console. */
const receiver = (places: StackPlaces): Planned => ({
  name: 'alerts',
  command: script('observability/alertmanager/receiver.ts'),
  url: places.receiver,
  env: { RECEIVER_PORT: new URL(places.receiver).port, CONSOLE_URL: places.console },
  isReady: () => answers(`${places.receiver}/ready`),
  stopsLast: true,
})

/** Prometheus finds rules and targets beside its configuration; Alertmanager's is rendered from the environment. */
async function configure(places: StackPlaces): Promise<void> {
  const dir = `${state}/prometheus-config`
  for (const entry of ['prometheus.yml', 'rules']) {
    rmSync(`${dir}/${entry}`, { recursive: true, force: true })
    symlinkSync(resolve(`observability/prometheus/${entry}`), `${dir}/${entry}`)
  }
  const targets = {
    'otel-collector': places.collectorMetrics,
    prometheus: places.prometheus,
    loki: places.loki,
    jaeger: places.jaegerMetrics,
    alertmanager: places.alertmanager,
  }
  for (const [job, url] of Object.entries(targets))
    await Bun.write(`${dir}/targets/${job}.json`, JSON.stringify([{ targets: [new URL(url).host] }]))
  const env = { ALERT_RECEIVER_URL: `${places.receiver}/alerts`, ...process.env }
  const rendered = Bun.spawn([process.execPath, 'observability/alertmanager/write.ts', `${state}/alertmanager.yml`], {
    env,
    stderr: 'pipe',
    stdout: 'ignore',
  })
  if ((await rendered.exited) !== 0) throw new Error(await new Response(rendered.stderr).text())
}

/** What `bun run dev`, `validate` and others read while the stack runs. */
function settings(places: StackPlaces, databases: Planned[]): string {
  const lines = {
    STACK_PID: process.pid,
    VITRINE_CONSOLE_PORT: new URL(places.collector).port,
    COLLECTOR_URL: places.collector,
    COLLECTOR_METRICS_URL: places.collectorMetrics,
    JAEGER_URL: places.jaeger,
    PROMETHEUS_URL: places.prometheus,
    LOKI_URL: places.loki,
    ALERTMANAGER_URL: places.alertmanager,
    ALERT_RECEIVER_URL: places.receiver,
    ...Object.fromEntries(
      databases.map(({ name, url }) => [`${name.slice('mysql-'.length).toUpperCase()}_DATABASE_URL`, url]),
    ),
  }
  return `# Written by \`bun run stack\`, read by \`bun run dev\` while it runs.\n${Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')}`
}

function table(children: Child[], seconds: number): string {
  const width = Math.max(...children.map(({ planned }) => planned.name.length))
  const rows = children.map(({ planned, pid, readyAfterMs = 0 }) => {
    const mb = memoryMb(pid)
    return {
      mb,
      text: `  ${planned.name.padEnd(width)}  ${planned.url.padEnd(38)} ready after ${(readyAfterMs / 1000).toFixed(1).padStart(4)} s  ${String(mb).padStart(4)} MB  pid ${pid}`,
    }
  })
  const total = rows.reduce((sum, { mb }) => sum + mb, 0)
  return `\nThe stack is ready after ${seconds.toFixed(1)} s, ${total} MB in all. Ctrl-C stops it; the shop beside it: bun run dev\n${rows.map(({ text }) => text).join('\n')}\n\n`
}

function memoryMb(pid: number | undefined): number {
  const path = `/proc/${pid}/status`
  const kb = existsSync(path) ? /VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] : undefined
  return Math.round(Number(kb ?? 0) / 1024)
}
