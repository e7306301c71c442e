import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isPortFree } from '../launch/ports'

let used = 0
/** The first of eight free ports that no other test has, below those that the system hands out. */
export function findFreeBasePort(): number {
  const base = 21_000 + (process.pid % 140) * 80 + used++ * 8
  return [0, 1, 2, 3, 4, 5, 6, 7].every((n) => isPortFree(base + n)) ? base : findFreeBasePort()
}

/** `bun run dev` in a process group of its own, as in a terminal: services at `basePort`, the console at `basePort + 4`. */
export function startDev(basePort = findFreeBasePort(), given: Record<string, string> = {}) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-dev-`)
  const env = {
    ...process.env,
    VITRINE_BASE_PORT: String(basePort),
    VITRINE_DATA: dir,
    VITRINE_STACK_DIR: dir,
    DEPLOYMENT_ENVIRONMENT: 'development',
    REQUEST_BUDGET_MS: '120000',
    VITRINE_CONSOLE_PORT: String(basePort + 4),
    ...given,
  }
  // A process group of its own, as in a terminal.
  const child = Bun.spawn([process.execPath, 'run', 'dev'], { env, stdout: 'pipe', stderr: 'pipe', detached: true })
  let written = ''
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) written += new TextDecoder().decode(chunk)
  }
  const drained = Promise.all([collect(child.stdout), collect(child.stderr)])
  return {
    basePort,
    dir,
    pid: child.pid,
    exited: child.exited.then(async (code) => {
      await drained
      return code
    }),
    output: () => written,
    url: (index: number) => `http://localhost:${basePort + index}`,
    pids: async () => (await Bun.file(`${dir}/dev.json`).json()) as Record<string, number | null>,
    waitForOutput: (text: string) =>
      waitUntil(
        () => written.includes(text),
        () => written,
      ),
    async command(command: string, name: string) {
      const asked = Bun.spawn([process.execPath, 'run', 'dev', command, name], { env, stdout: 'pipe', stderr: 'pipe' })
      const [out, err] = await Promise.all([new Response(asked.stdout).text(), new Response(asked.stderr).text()])
      return { exitCode: await asked.exited, output: out + err }
    },
    async stop() {
      process.kill(-child.pid, 'SIGINT')
      await child.exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Until it holds; fails after two minutes with what `show` says. */
export async function waitUntil(holds: () => boolean, show = () => ''): Promise<void> {
  for (let attempt = 0; attempt < 2400; attempt++) {
    if (holds()) return
    await Bun.sleep(50)
  }
  throw new Error(`did not happen within two minutes\n${show()}`)
}

/** Whether a process runs; `null` is one that a launcher has stopped. */
export function isProcessRunning(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0)
  } catch {
    return false
  }
}
