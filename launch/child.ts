import { formatLogLine } from './format-log-line'
import { LogFile } from './log-file'
import type { Program } from './program'

const stopDeadlineMs = 8000
const printedLogLines = 8

/** A program and its process. Its output goes to its log file, or to the terminal after the program's name. */
export class ChildProgram {
  #child: Bun.Subprocess<'pipe', 'pipe', 'pipe'> | undefined
  #isStopping = false
  #stopping: Promise<boolean> | undefined
  #exited: Promise<void> | undefined
  #log: LogFile | undefined
  #readyAfterMs: number | undefined
  readonly #prefix: string

  constructor(
    readonly program: Program,
    width: number,
    private readonly command: string,
    private readonly onChange: () => void,
  ) {
    this.#prefix = `${program.name.padEnd(width)} │ `
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** The time from its last start until it was ready, in ms. */
  get readyAfterMs(): number | undefined {
    return this.#readyAfterMs
  }

  start(): void {
    const { command, env, cwd, logFile, stopsLast = false } = this.program
    this.#isStopping = false
    this.#log = logFile ? new LogFile(logFile, (line) => this.#print(line)) : undefined
    const child = Bun.spawn(command, {
      env: { ...process.env, ...env },
      ...(cwd && { cwd }),
      detached: stopsLast,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    this.#child = child
    this.#forwardOutput(child.stdout)
    this.#forwardOutput(child.stderr)
    this.onChange()
    this.#exited = child.exited.then((code) => this.#onExit(child, code))
  }

  /** Resolves when the program is ready, or with the reason why it is not. */
  async waitUntilReady(deadlineMs: number): Promise<string | undefined> {
    const { name, url, isReady } = this.program
    const startMs = performance.now()
    while (performance.now() < startMs + deadlineMs) {
      if (this.#isStopping) return `${name} was stopped before it was ready`
      if (!this.#child) await this.#exited
      if (!this.#child) return `${name} ended before it was ready; its last lines are above`
      if (await isReady()) {
        this.#readyAfterMs = performance.now() - startMs
        return undefined
      }
      await Bun.sleep(20)
    }
    return `${name} was not ready after ${deadlineMs / 1000} s: see ${this.program.logFile ?? url}`
  }

  /** Whether it was stopped on request. */
  get isStopped(): boolean {
    return this.#isStopping
  }

  /** From now on, its exit is not reported. */
  expectExit(): void {
    this.#isStopping = true
  }

  /** Sends SIGTERM, and SIGKILL after 8 s. Resolves to whether it was running. */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined
    })
    return this.#stopping
  }

  /** Resolves when no stop is in progress. */
  async waitUntilStopped(): Promise<void> {
    await this.#stopping
  }

  async #stop(): Promise<boolean> {
    const child = this.#child
    if (!child) return false
    this.expectExit()
    child.kill('SIGTERM')
    const timeout = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs)
    await child.exited
    clearTimeout(timeout)
    this.#child = undefined
    this.onChange()
    return true
  }

  async #onExit(child: Bun.Subprocess, code: number): Promise<void> {
    if (this.#child !== child) return
    this.#child = undefined
    this.onChange()
    // A Ctrl-C may reach the program before the launcher, and the last lines of its output are still to be read.
    await Bun.sleep(100)
    if (this.#isStopping) return
    const reason = child.signalCode ?? `exit ${code}`
    const advice = `start it again with: ${this.command} start ${this.program.name}`
    this.#print(`${code === 0 ? 'ended' : 'died'} (${reason}); ${advice}${this.#log?.lastLines(printedLogLines) ?? ''}`)
  }

  async #forwardOutput(stream: ReadableStream<Uint8Array>): Promise<void> {
    const log = this.#log
    const write = log ? (line: string) => log.write(line) : (line: string) => this.#print(formatLogLine(line))
    let rest = ''
    for await (const chunk of stream.pipeThrough(
      new TextDecoderStream() as never,
    ) as unknown as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) write(line)
    }
    if (rest) write(rest)
  }

  #print(text: string): void {
    process.stdout.write(`${text.replace(/^/gm, this.#prefix)}\n`)
  }
}
