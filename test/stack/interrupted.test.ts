import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { hasEnded } from '../../launch/program'
import { isMissing } from '../requirements'

describe.skipIf(isMissing('stack') || isMissing('mariadb'))(
  'Ctrl-C during bun run scenario with a temporary stack',
  () => {
    test.each([
      // The launcher has no signal handler yet, so the signal kills it.
      ['at the start', 'starting temporary ones', 1],
      ['while the stack starts', 'starting temporary ones', 3],
      ['during a scenario', '[1/1]', 3],
    ])(
      '%s ends the command within seconds and leaves no process or file',
      async (_, output, processes) => {
        await using child = start()
        await until(child, () => child.output().includes(output))
        const dir = /\/\S+vitrine-scenarios-\w+/.exec(child.output())?.[0] ?? ''
        await until(child, () => processesIn(dir).length >= processes)

        const startMs = performance.now()
        // Like a terminal, to the whole process group.
        process.kill(-child.pid, 'SIGINT')
        expect(await child.exited).toBe(130)

        expect(performance.now() - startMs).toBeLessThan(30_000)
        expect(processesIn(dir)).toEqual([])
        expect(existsSync(dir)).toBe(false)
        expect(child.output()).toEndWith('interrupted: reverting all changes\n')
      },
      240_000,
    )
  },
)

/** @throws Error with the output, when the process ends before */
async function until(child: ReturnType<typeof start>, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (child.hasEnded()) throw new Error(child.output())
    await Bun.sleep(5)
  }
}

function start() {
  const env = { ...process.env, VITRINE_STACK_DIR: '/nonexistent' }
  const command = [process.execPath, 'scenarios/run.ts', 'kill-product-service']
  const child = Bun.spawn(command, { env, stdout: 'ignore', stderr: 'pipe', detached: true })
  let written = ''
  const drained = (async () => {
    for await (const chunk of child.stderr) written += new TextDecoder().decode(chunk)
  })()
  const exited = drained.then(() => child.exited)
  return {
    pid: child.pid,
    output: () => written,
    hasEnded: () => hasEnded(child),
    exited,
    async [Symbol.asyncDispose]() {
      // After a failed test the process may still run.
      if (!hasEnded(child)) process.kill(-child.pid, 'SIGTERM')
      await exited
    },
  }
}

/** Command lines of the processes whose environment names the folder. */
function processesIn(dir: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const commands = pids.map((pid) => {
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`=${dir}/`)
      return isOurs ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') : ''
    } catch {
      return ''
    }
  })
  return commands.filter(Boolean)
}
