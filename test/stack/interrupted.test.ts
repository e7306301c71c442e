import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { hasEnded } from '../../launch/program'
import { isMissing } from '../requirements'

describe.skipIf(isMissing('stack') || isMissing('mysql'))(
  'bun run scenario, on a stack of its own, ended by Ctrl-C',
  () => {
    test.each([
      // Its launcher can't yet say goodbye: it dies of the signal.
      ['at the very beginning', 'les deux démarrent', 1],
      ['while that starts', 'les deux démarrent', 3],
      ['while shoppers are at it', '[1/1]', 3],
    ])(
      '%s: ends within seconds, and leaves nothing',
      async (_, said, processes) => {
        await using child = start()
        await until(child, () => child.said().includes(said))
        const dir = /\/\S+vitrine-scenarios-\w+/.exec(child.said())?.[0] ?? ''
        await until(child, () => processesIn(dir).length >= processes)

        const startMs = performance.now()
        // As a terminal does: to all of the group.
        process.kill(-child.pid, 'SIGINT')
        expect(await child.exited).toBe(130)

        expect(performance.now() - startMs).toBeLessThan(30_000)
        expect(processesIn(dir)).toEqual([])
        expect(existsSync(dir)).toBe(false)
        expect(child.said()).toEndWith('interrompu\u00a0: tout est remis en état\n')
      },
      240_000,
    )
  },
)

/** @throws Error with what it said, when it has ended before */
async function until(child: ReturnType<typeof start>, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (child.hasEnded()) throw new Error(child.said())
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
    said: () => written,
    hasEnded: () => hasEnded(child),
    exited,
    async [Symbol.asyncDispose]() {
      // What a failed test has left.
      if (!hasEnded(child)) process.kill(-child.pid, 'SIGTERM')
      await exited
    },
  }
}

/** Command lines of the processes that were started for that folder. */
function processesIn(dir: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const commands = pids.map((pid) => {
    try {
      const isThere = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`=${dir}/`)
      return isThere ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') : ''
    } catch {
      return ''
    }
  })
  return commands.filter(Boolean)
}
