import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { sendCommand } from '../../launch/control'
import { hasEnded } from '../../launch/program'
import { type StackEndpoints, stackEndpoints } from '../../stack/endpoints'
import { findFreePorts } from '../free-port'

/** A server of the stack. */
export type StackServerName = 'jaeger' | 'log-server' | 'prometheus' | 'alertmanager' | 'collector'

/** `bun run stack` on free ports in a folder of its own, ready. `end()` leaves neither process nor folder. */
export async function startStack(given: Record<string, string> = {}) {
  const dir = given.VITRINE_STACK_DIR ?? mkdtempSync(`${tmpdir()}/vitrine-stack-`)
  const offset = freeOffset()
  const child = spawnScript('stack/native/index.ts', `${dir}/stack.log`, {
    VITRINE_STACK_DIR: dir,
    VITRINE_STACK_PORT_OFFSET: String(offset),
    ...given,
  })
  const control = { socket: `${dir}/stack.sock`, command: 'bun run stack' }
  const isReady = async () => (await Bun.file(`${dir}/stack.log`).text()).includes('The stack is ready')
  await ready('the stack', 90, child, isReady, `${dir}/stack.log`)
  return {
    dir,
    endpoints: stackEndpoints(offset),
    /** What `bun run stack stop NAME` does: SIGTERM, and waits for its end. */
    stopServer: (name: StackServerName) => sendCommand(control, 'stop', name),
    /** What `bun run stack start NAME` does: resolves when it is ready. */
    startServer: (name: StackServerName) => sendCommand(control, 'start', name),
    /** Sends SIGKILL and waits until the process has ended. */
    async killServer(name: StackServerName): Promise<void> {
      const pid = await pidOf(dir, name)
      if (!pid) throw new Error(`${name} does not run`)
      process.kill(pid, 'SIGKILL')
      while (existsSync(`/proc/${pid}`)) await Bun.sleep(5)
    },
    stop: () => end(child, dir),
  }
}

/** `bun run dev` with its telemetry sent to `endpoint`, SQLite files, no console. `end()` leaves neither process nor folder. */
export async function startShop(endpoint: string, given: Record<string, string> = {}) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-shop-`)
  const basePort = freeBasePort()
  const child = spawnScript('dev/index.ts', `${dir}/shop.log`, {
    VITRINE_DATA: dir,
    // An empty folder, so that the shop uses no databases of a stack that runs on this machine.
    VITRINE_STACK_DIR: dir,
    VITRINE_BASE_PORT: String(basePort),
    DEPLOYMENT_ENVIRONMENT: 'development',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...given,
  })
  const isReady = async () => (await Bun.file(`${dir}/shop.log`).text()).includes('Vitrine is ready')
  await ready('the shop', 30, child, isReady, `${dir}/shop.log`)
  return { url: `http://localhost:${basePort}`, stop: () => end(child, dir) }
}

// Undefined while the launcher writes the file.
async function pidOf(dir: string, name: StackServerName): Promise<number | undefined> {
  const pids = await Bun.file(`${dir}/stack.json`)
    .json()
    .catch(() => ({}))
  return pids[name] ?? undefined
}

function spawnScript(path: string, logFile: string, env: Record<string, string>) {
  const log = Bun.file(logFile)
  return Bun.spawn([process.execPath, path], { env: { ...process.env, ...env }, stdout: log, stderr: log })
}

type Child = ReturnType<typeof spawnScript>

async function ready(name: string, timeoutS: number, child: Child, isReady: () => Promise<boolean>, logFile: string) {
  const endMs = performance.now() + timeoutS * 1000
  while (performance.now() < endMs && !hasEnded(child)) {
    if (await isReady()) return
    await Bun.sleep(100)
  }
  const output = (await Bun.file(logFile).text()).slice(-2000)
  await end(child, dirname(logFile))
  throw new Error(`${name} did not become ready (exit code ${child.exitCode}):\n${output}`)
}

async function end(child: Child, dir: string): Promise<void> {
  child.kill('SIGTERM')
  await child.exited
  rmSync(dir, { recursive: true, force: true })
}

const freeOffset = () => findFreePorts(1000, 13_000, (offset) => portsOf(stackEndpoints(offset)))
const freeBasePort = () => findFreePorts(20_000, 12_000, (base) => [base, base + 1, base + 2, base + 3])

function portsOf(places: StackEndpoints): number[] {
  const all = Object.values(places).flatMap((place) => (typeof place === 'object' ? Object.values(place) : [place]))
  return all.map((place) => (typeof place === 'number' ? place : Number(new URL(place).port)))
}
