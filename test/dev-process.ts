import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { findFreeBasePort } from './free-port'
import { runCommand } from './run-command'
import { waitUntil } from './wait-until'

/** Starts `bun run dev` in its own process group, as in a terminal. Services listen from `basePort`, the console at `basePort + 4`. */
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
    waitForOutput: (text: string) => waitUntil(() => written.includes(text), { describe: () => written }),
    async command(command: string, name: string) {
      const { exitCode, output } = await runCommand([process.execPath, 'run', 'dev', command, name], env)
      return { exitCode, output }
    },
    async stop() {
      process.kill(-child.pid, 'SIGINT')
      await child.exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Whether a process runs; `null` is one that a launcher has stopped. */
export function isProcessRunning(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0)
  } catch {
    return false
  }
}
