import { LogFile } from './log-file'
import { pretty } from './pretty'
import type { Program } from './program'

const stopDeadlineMs = 8000
const shownLines = 8

/** One program as the launcher keeps it: a child process whose lines are shown with its name before them, or kept in a file. */
export class ChildProgram {
  #child: Bun.Subprocess<'pipe', 'pipe', 'pipe'> | undefined
  #isStopping = false
  #stopping: Promise<boolean> | undefined
  #ended: Promise<void> | undefined
  #log: LogFile | undefined
  #readyAfterMs: number | undefined
  readonly #prefix: string

  constructor(
    readonly planned: Program,
    width: number,
    private readonly command: string,
    private readonly onChange: () => void,
  ) {
    this.#prefix = `${planned.name.padEnd(width)} │ `
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Milliseconds from its last start until it was ready. */
  get readyAfterMs(): number | undefined {
    return this.#readyAfterMs
  }

  start(): void {
    const { command, env, cwd, logFile, stopsLast = false } = this.planned
    this.#isStopping = false
    this.#log = logFile ? new LogFile(logFile, (line) => this.#say(line)) : undefined
    const child = Bun.spawn(command, {
      env: { ...process.env, ...env },
      ...(cwd && { cwd }),
      detached: stopsLast,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    this.#child = child
    this.#show(child.stdout)
    this.#show(child.stderr)
    this.onChange()
    this.#ended = child.exited.then((code) => this.#onExit(child, code))
  }

  /** Resolves when the program says it is ready, else with a sentence about why not. */
  async ready(deadlineMs: number): Promise<string | undefined> {
    const { name, url, isReady } = this.planned
    const startMs = performance.now()
    while (performance.now() < startMs + deadlineMs) {
      if (this.#isStopping) return `${name} was stopped before it was ready`
      if (!this.#child) await this.#ended
      if (!this.#child) return `${name} ended before it was ready; its last lines are above`
      if (await isReady()) {
        this.#readyAfterMs = performance.now() - startMs
        return undefined
      }
      await Bun.sleep(20)
    }
    return `${name} was not ready after ${deadlineMs / 1000} s: see ${this.planned.logFile ?? url}`
  }

  /** Whether it is as somebody wants it when it does not run. */
  get isStopped(): boolean {
    return this.#isStopping
  }

  /** From now on its end is nothing to be announced. */
  expectEnd(): void {
    this.#isStopping = true
  }

  /** SIGTERM, and SIGKILL to one that doesn't end by itself. Answers whether it ran. */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined
    })
    return this.#stopping
  }

  /** Resolves when a stop that is under way is over. */
  async stopped(): Promise<void> {
    await this.#stopping
  }

  async #stop(): Promise<boolean> {
    const child = this.#child
    if (!child) return false
    this.expectEnd()
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs)
    await child.exited
    clearTimeout(patience)
    this.#child = undefined
    this.onChange()
    return true
  }

  async #onExit(child: Bun.Subprocess, code: number): Promise<void> {
    if (this.#child !== child) return
    this.#child = undefined
    this.onChange()
    // A Ctrl-C of the terminal may reach it before it reaches the launcher; and its last lines are still to be read.
    await Bun.sleep(100)
    if (this.#isStopping) return
    const how = child.signalCode ?? `exit ${code}`
    const again = `start it again with: ${this.command} start ${this.planned.name}`
    this.#say(`${code === 0 ? 'ended' : 'died'} (${how}); ${again}${this.#log?.lastLines(shownLines) ?? ''}`)
  }

  async #show(stream: ReadableStream<Uint8Array>): Promise<void> {
    const log = this.#log
    const write = log
      ? (line: string) => log.write(line)
      : (line: string) => this.#say(pretty(line, process.stdout.isTTY))
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

  #say(text: string): void {
    process.stdout.write(`${text.replace(/^/gm, this.#prefix)}\n`)
  }
}
