import type { Planned } from './plan'
import { pretty } from './pretty'

const stopDeadlineMs = 8000

/** One service as the launcher keeps it: a child process whose lines are shown with the service's name before them. */
export class Service {
  #child: Bun.Subprocess<'pipe', 'pipe', 'pipe'> | undefined
  #isStopping = false
  readonly #prefix: string

  constructor(
    private readonly planned: Planned,
    width: number,
    private readonly onChange: () => void,
  ) {
    this.#prefix = `${planned.name.padEnd(width)} │ `
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get isLast(): boolean {
    return this.planned.isLast ?? false
  }

  get url(): string {
    return this.planned.url
  }

  start(): void {
    const { script, env, isLast = false } = this.planned
    this.#isStopping = false
    const child = Bun.spawn([process.execPath, '--preload', './src/dev/leash.ts', script], {
      env: { ...process.env, ...env },
      detached: isLast,
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
      this.#write(`died (${how}); start it again with: bun run dev start ${this.planned.name}`)
    })
  }

  /** Resolves when the service says it is ready, else with a sentence about why not. */
  async ready(deadlineMs: number): Promise<string | undefined> {
    const endMs = performance.now() + deadlineMs
    while (performance.now() < endMs) {
      if (!this.#child) return `${this.planned.name} ended before it was ready; its last lines are above`
      const answer = await fetch(`${this.planned.url}/ready`, { signal: AbortSignal.timeout(1000) }).catch(
        () => undefined,
      )
      if (answer?.ok) return undefined
      await Bun.sleep(20)
    }
    return `${this.planned.name} was not ready after ${deadlineMs / 1000} s: see ${this.planned.url}/ready`
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
    let rest = ''
    for await (const chunk of stream.pipeThrough(
      new TextDecoderStream() as never,
    ) as unknown as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#write(pretty(line, process.stdout.isTTY))
    }
    if (rest) this.#write(pretty(rest, process.stdout.isTTY))
  }

  #write(text: string): void {
    process.stdout.write(`${text.replace(/^/gm, this.#prefix)}\n`)
  }
}
