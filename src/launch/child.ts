import { appendFileSync, readFileSync } from 'node:fs'
import type { Planned } from './planned'
import { pretty } from './pretty'

const stopDeadlineMs = 8000
const shownLines = 8

/** One program as the launcher keeps it: a child process whose lines are shown with its name before them, or kept in a file. */
export class Child {
  #child: Bun.Subprocess<'pipe', 'pipe', 'pipe'> | undefined
  #isStopping = false
  #readyAfterMs: number | undefined
  readonly #prefix: string

  constructor(
    readonly planned: Planned,
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
    const { command, env, stopsLast = false } = this.planned
    this.#isStopping = false
    const child = Bun.spawn(command, {
      env: { ...process.env, ...env },
      detached: stopsLast,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    this.#child = child
    this.#show(child.stdout)
    this.#show(child.stderr)
    this.onChange()
    child.exited.then((code) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.onChange()
      if (this.#isStopping || code === 0) return
      const how = child.signalCode ?? `exit ${code}`
      this.#say(`died (${how}); start it again with: ${this.command} start ${this.planned.name}${this.#lastLines()}`)
    })
  }

  /** Resolves when the program says it is ready, else with a sentence about why not. */
  async ready(deadlineMs: number): Promise<string | undefined> {
    const { name, url, isReady } = this.planned
    const startMs = performance.now()
    while (performance.now() < startMs + deadlineMs) {
      if (!this.#child) return `${name} ended before it was ready; its last lines are above`
      if (await isReady()) {
        this.#readyAfterMs = performance.now() - startMs
        return undefined
      }
      await Bun.sleep(20)
    }
    return `${name} was not ready after ${deadlineMs / 1000} s: see ${this.planned.logFile ?? url}`
  }

  /** SIGTERM, and SIGKILL to one that doesn't end by itself. Answers whether it ran. */
  async stop(): Promise<boolean> {
    const child = this.#child
    if (!child) return false
    this.#isStopping = true
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs)
    await child.exited
    clearTimeout(patience)
    this.#child = undefined
    this.onChange()
    return true
  }

  async #show(stream: ReadableStream<Uint8Array>): Promise<void> {
    const { logFile } = this.planned
    const write = logFile
      ? (line: string) => appendFileSync(logFile, `${line}\n`)
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

  #lastLines(): string {
    if (!this.planned.logFile) return ''
    const lines = readFileSync(this.planned.logFile, 'utf8').trimEnd().split('\n').slice(-shownLines)
    return `\n${lines.join('\n')}`
  }

  #say(text: string): void {
    process.stdout.write(`${text.replace(/^/gm, this.#prefix)}\n`)
  }
}
