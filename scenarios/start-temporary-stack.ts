import { existsSync } from 'node:fs'
import { isPortFree } from '../launch/ports'
import { hasEnded } from '../launch/program'
import { t } from '../src/typography'
import { stackEndpoints } from '../stack/endpoints'

const shrink = '60'

/**
 * A stack with short windows and a shop beside it, in `dir`, on free ports. `end()` leaves no process; `ctrlC` does the same,
 * and then `ready` fails.
 */
export function startTemporaryStack(dir: string, say: (line: string) => void, ctrlC: AbortSignal) {
  const offset = freeOffset()
  const basePort = 5000 + offset
  const env = {
    VITRINE_STACK_DIR: `${dir}/stack`,
    VITRINE_STACK_PORT_OFFSET: String(offset),
    VITRINE_DATA: `${dir}/data`,
    VITRINE_BASE_PORT: String(basePort),
    VITRINE_CONSOLE: 'off',
    DEPLOYMENT_ENVIRONMENT: 'development',
    TRUSTED_PROXIES: '127.0.0.1,::1',
    // Full after a minute without the log server.
    LOKI_QUEUE_SIZE: '4000',
    SEED_STOCK: '1000000',
    FAULTS_FILE: `${dir}/data/faults.json`,
  }
  say(t`ni pile ni boutique en marche : les deux démarrent dans ${dir}`)
  const started: Child[] = []
  ctrlC.addEventListener('abort', end)
  return { env, ready: start(), end }

  async function start(): Promise<void> {
    const stack = spawn('stack/native/index.ts', ['--shrink', shrink], `${dir}/stack.log`, env)
    started.push(stack)
    await ready(stack, `${dir}/stack.log`, () => existsSync(`${dir}/stack/env`))
    ctrlC.throwIfAborted()
    const shop = spawn('dev/index.ts', [], `${dir}/shop.log`, env)
    started.push(shop)
    await ready(shop, `${dir}/shop.log`, async () => (await Bun.file(`${dir}/shop.log`).text()).includes('is ready'))
  }

  async function end(): Promise<void> {
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

async function ready(child: Child, logFile: string, isReady: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 90_000
  while (performance.now() < endMs && !hasEnded(child)) {
    if (await isReady()) return
    await Bun.sleep(100)
  }
  throw new Error(`did not become ready:\n${(await Bun.file(logFile).text()).slice(-2000)}`)
}

// Below the ports that the system hands out by itself.
function freeOffset(): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    const offset = 1000 + ((process.pid * 7 + attempt * 131) % 10_000)
    const ports = Object.values(stackEndpoints(offset)).flatMap((place) =>
      typeof place === 'object'
        ? Object.values(place)
        : [typeof place === 'number' ? place : Number(new URL(place).port)],
    )
    if (
      [...ports, 5000, 5001, 5002, 5003].every((port, index) => isPortFree(index < ports.length ? port : port + offset))
    )
      return offset
  }
  throw new Error('no free ports for a stack and a shop')
}
