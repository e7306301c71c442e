import { rmSync } from 'node:fs'
import { ChildProgram } from './child'
import { type LauncherControl, receiveCommands } from './control'
import type { Program } from './program'

export interface LaunchOptions extends LauncherControl {
  /** The programs of a wave start together, when all of the previous wave are ready. */
  waves: Program[][]
  /** A JSON file with the process ids. It is removed at the end. */
  pidFile: string
  readyDeadlineMs: number
  /** Called when all programs are ready, `seconds` after the start. */
  announce(children: ChildProgram[], seconds: number): void | Promise<void>
  /** Called after all programs have stopped. */
  cleanUp?(): void
}

/** Starts programs, receives commands for them, and stops them on SIGINT, SIGTERM, SIGHUP or when its parent process ends. */
export async function launch(options: LaunchOptions): Promise<void> {
  const { waves, socket, command, pidFile, readyDeadlineMs, announce, cleanUp } = options
  const startMs = performance.now()
  const programs = waves.flat()
  const width = Math.max(...programs.map(({ name }) => name.length))
  const children = new Map(programs.map((one) => [one.name, new ChildProgram(one, width, command, writePids)]))
  const stopCommands = receiveCommands(socket, execute)
  let stopping: Promise<never> | undefined
  onStopRequest(async (reason) => {
    if (!stopping) process.stdout.write(`stopping (${reason})\n`)
    await stopOnce(0)
  })

  for (const wave of waves) {
    const started = wave.map(({ name }) => children.get(name) as ChildProgram)
    for (const child of started) child.start()
    const problems = await Promise.all(started.map((child) => child.waitUntilReady(readyDeadlineMs)))
    if (stopping) return stopping
    const failed = problems.filter((problem, index) => problem && !started[index]?.isStopped)
    if (failed.length === 0) continue
    process.stderr.write(`${failed.join('\n')}\n`)
    return stopOnce(1)
  }
  await announce([...children.values()], (performance.now() - startMs) / 1000)

  function writePids(): void {
    const pids = Object.fromEntries([...children].map(([name, { pid }]) => [name, pid ?? null]))
    Bun.write(pidFile, `${JSON.stringify({ launcher: process.pid, ...pids }, null, 2)}\n`)
  }

  async function execute(action: string, name: string): Promise<string> {
    const child = children.get(name)
    if (!child) throw new Error(`no service "${name}"; there are ${[...children.keys()].join(', ')}`)
    if (action !== 'start' && action !== 'stop') throw new Error(`no command "${action}"; there are start and stop`)
    if (action === 'stop') return (await child.stop()) ? `${name} stopped` : `${name} was not running`
    await child.waitUntilStopped()
    if (stopping) throw new Error('everything is being stopped')
    if (child.pid !== undefined) return `${name} already runs (pid ${child.pid})`
    child.start()
    const problem = await child.waitUntilReady(readyDeadlineMs)
    if (problem) throw new Error(problem)
    return `${name} runs at ${child.program.url} (pid ${child.pid})`
  }

  function stopOnce(exitCode: number): Promise<never> {
    stopping ??= stopAll(exitCode)
    return stopping
  }

  async function stopAll(exitCode: number): Promise<never> {
    const all = [...children.values()]
    for (const child of all) child.expectExit()
    await Promise.all(all.filter(({ program }) => !program.stopsLast).map((one) => one.stop()))
    await Promise.all(all.map((one) => one.stop()))
    stopCommands()
    rmSync(pidFile, { force: true })
    cleanUp?.()
    process.exit(exitCode)
  }
}

// `bun run …` is two processes. When the outer one is killed, this one gets another parent.
function onStopRequest(stop: (reason: string) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal))
  // A closed terminal must not prevent the stop.
  process.stdout.on('error', () => undefined)
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop('its parent has ended')
  }, 500)
  watch.unref()
}
