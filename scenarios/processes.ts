import { existsSync } from 'node:fs'
import { devControl } from '../dev/programs'
import { type LauncherControl, sendCommand } from '../launch/control'

interface Launcher extends LauncherControl {
  pidFile: string
}

/** The services and servers of a running shop and stack: by SIGKILL, and back by their launchers. */
export function createProcessControl(stackDir: string, dataDir: string) {
  const launchers: Launcher[] = [
    { ...devControl(dataDir), pidFile: `${dataDir}/dev.json` },
    { socket: `${stackDir}/stack.sock`, command: 'bun run stack', pidFile: `${stackDir}/stack.json` },
  ]
  const gone = new Set<string>()

  return {
    /** SIGKILL, and waits until it is gone and its launcher knows. */
    async kill(name: string): Promise<void> {
      const { launcher, pid } = await find(name)
      if (pid === null) throw new Error(`${name} does not run`)
      gone.add(name)
      process.kill(pid, 'SIGKILL')
      while (existsSync(`/proc/${pid}`) || (await pidsOf(launcher))[name] === pid) await Bun.sleep(10)
    },
    /** Resolves when it is ready. */
    async start(name: string): Promise<void> {
      await sendCommand((await find(name)).launcher, 'start', name)
      gone.delete(name)
    },
    /** Starts what was killed and not started again. */
    async startKilled(): Promise<void> {
      for (const name of gone) await this.start(name)
    },
  }

  async function find(name: string): Promise<{ launcher: Launcher; pid: number | null }> {
    for (const launcher of launchers) {
      const pid = (await pidsOf(launcher))[name]
      if (pid !== undefined) return { launcher, pid }
    }
    throw new Error(`nothing called ${name} runs here: see ${launchers.map(({ pidFile }) => pidFile).join(', ')}`)
  }
}

export type ProcessControl = ReturnType<typeof createProcessControl>

// The launcher may just be writing it.
async function pidsOf({ pidFile }: Launcher): Promise<Record<string, number | null>> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const pids = await Bun.file(pidFile)
      .json()
      .catch(() => undefined)
    if (pids) return pids
    await Bun.sleep(25)
  }
  return {}
}
