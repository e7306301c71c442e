import { existsSync } from 'node:fs'
import { isPortFree } from '../launch/ports'
import { hasEnded } from '../launch/program'
import { stackEndpoints } from '../stack/endpoints'

const shrink = '60'

/**
 * Starts a stack with short windows and a shop in `dir`, on free ports. `stop()` ends all processes. An abort of `signal` does
 * the same, and `ready` rejects.
 */
export function startTemporaryStack(dir: string, print: (line: string) => void, signal: AbortSignal) {
  const offset = findFreeOffset()
  const basePort = 5000 + offset
  const env = {
    VITRINE_STACK_DIR: `${dir}/stack`,
    VITRINE_STACK_PORT_OFFSET: String(offset),
    VITRINE_DATA: `${dir}/data`,
    VITRINE_BASE_PORT: String(basePort),
    VITRINE_CONSOLE: 'off',
    DEPLOYMENT_ENVIRONMENT: 'development',
    TRUSTED_PROXIES: '127.0.0.1,::1',
    // The queue is full one minute after the log server has stopped.
    LOKI_QUEUE_SIZE: '4000',
    SEED_STOCK: '1000000',
    FAULTS_FILE: `${dir}/data/faults.json`,
  }
  print(`no stack and shop run here: starting temporary ones in ${dir}`)
  const started: Child[] = []
  signal.addEventListener('abort', stop)
  return { env, ready: start(), stop }

  async function start(): Promise<void> {
    const stack = spawn('stack/native/index.ts', ['--shrink', shrink], `${dir}/stack.log`, env)
    started.push(stack)
    await untilReady(stack, `${dir}/stack.log`, () => existsSync(`${dir}/stack/env`))
    signal.throwIfAborted()
    const shop = spawn('dev/index.ts', [], `${dir}/shop.log`, env)
    started.push(shop)
    const log = Bun.file(`${dir}/shop.log`)
    await untilReady(shop, `${dir}/shop.log`, async () => (await log.text()).includes('is ready'))
  }

  async function stop(): Promise<void> {
    for (const child of started.toReversed()) {
      child.kill('SIGTERM')
      await child.exited
    }
  }
}

type Child = ReturnType<typeof spawn>

function spawn(script: string, args: string[], logFile: string, env: Record<string, string>) {
  const log = Bun.file(logFile)
  return Bun.spawn([process.execPath, script, ...args], { env: { ...process.env, ...env }, stdout: log, stderr: log })
}

async function untilReady(child: Child, logFile: string, isReady: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 90_000
  while (performance.now() < endMs && !hasEnded(child)) {
    if (await isReady()) return
    await Bun.sleep(100)
  }
  throw new Error(`did not become ready:\n${(await Bun.file(logFile).text()).slice(-2000)}`)
}

// Stays below the ephemeral ports.
function findFreeOffset(): number {
  const shopPorts = [5000, 5001, 5002, 5003]
  for (let attempt = 0; attempt < 100; attempt++) {
    const offset = 1000 + ((process.pid * 7 + attempt * 131) % 10_000)
    const ports = [...stackPorts(offset), ...shopPorts.map((port) => port + offset)]
    if (ports.every(isPortFree)) return offset
  }
  throw new Error('no free ports for a stack and a shop')
}

const stackPorts = (offset: number): number[] =>
  Object.values(stackEndpoints(offset)).flatMap((endpoint) => {
    if (typeof endpoint === 'object') return Object.values(endpoint)
    return typeof endpoint === 'number' ? endpoint : Number(new URL(endpoint).port)
  })
