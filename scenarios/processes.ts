import { existsSync } from 'node:fs'
import { devControl } from '../dev/programs'
import { type LauncherControl, sendCommand } from '../launch/control'

interface Launcher extends LauncherControl {
  pidFile: string
}

/** Kills and starts the services and servers of a running shop and stack. */
export function createProcessControl(stackDir: string, dataDir: string) {
  const launchers: Launcher[] = [
    { ...devControl(dataDir), pidFile: `${dataDir}/dev.json` },
    { socket: `${stackDir}/stack.sock`, command: 'bun run stack', pidFile: `${stackDir}/stack.json` },
  ]
  const killed = new Set<string>()

  return {
    /** Sends SIGKILL, and resolves when the process has ended and its launcher has noticed. */
    async kill(name: string): Promise<void> {
      const { launcher, pid } = await find(name)
      if (pid === null) throw new Error(`${name} does not run`)
      killed.add(name)
      process.kill(pid, 'SIGKILL')
      while (existsSync(`/proc/${pid}`) || (await readPids(launcher))[name] === pid) await Bun.sleep(10)
    },
    /** Resolves when the program is ready. */
    async start(name: string): Promise<void> {
      await sendCommand((await find(name)).launcher, 'start', name)
      killed.delete(name)
    },
    /** Starts all programs that were killed and not started again. */
    async startKilled(): Promise<void> {
      for (const name of killed) await this.start(name)
    },
  }

  async function find(name: string): Promise<{ launcher: Launcher; pid: number | null }> {
    for (const launcher of launchers) {
      const pid = (await readPids(launcher))[name]
      if (pid !== undefined) return { launcher, pid }
    }
    throw new Error(`no program ${name} runs here: see ${launchers.map(({ pidFile }) => pidFile).join(', ')}`)
  }
}

export type ProcessControl = ReturnType<typeof createProcessControl>

// Tries again, because the launcher may be writing the file.
async function readPids({ pidFile }: Launcher): Promise<Record<string, number | null>> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const pids = await Bun.file(pidFile)
      .json()
      .catch(() => undefined)
    if (pids) return pids
    await Bun.sleep(25)
  }
  return {}
}
