import { appendFileSync, closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const maxBytes = 20_000_000
// Enough for the last few lines.
const tailBytes = 16_384

/**
 * Writes a program's output to a file. A new file begins at each start and after 20 MB; the previous one is `NAME.log.1`.
 * When the file cannot be written, the reason and the lines go to `fallback`.
 */
export class LogFile {
  #bytes = 0
  #isBroken = false

  constructor(
    private readonly path: string,
    private readonly fallback: (line: string) => void,
  ) {
    this.#begin()
  }

  write(line: string): void {
    if (this.#isBroken) {
      this.fallback(line)
      return
    }
    try {
      if (this.#bytes > maxBytes) this.#begin()
      appendFileSync(this.path, `${line}\n`)
      this.#bytes += Buffer.byteLength(line) + 1
    } catch (error) {
      this.#isBroken = true
      this.fallback(`its log file cannot be written: ${(error as Error).message}`)
      this.fallback(line)
    }
  }

  /** The last lines, each after a line break; empty when the terminal shows them. */
  lastLines(count: number): string {
    if (this.#isBroken) return ''
    const text = tail(this.path).trimEnd()
    return text === '' ? '' : `\n${text.split('\n').slice(-count).join('\n')}`
  }

  #begin(): void {
    this.#bytes = 0
    try {
      if (statSync(this.path).size > 0) renameSync(this.path, `${this.path}.1`)
    } catch {
      // There is no previous file; other errors are reported by write().
    }
  }
}

function tail(path: string): string {
  try {
    const file = openSync(path, 'r')
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, tailBytes))
    readSync(file, bytes, 0, bytes.length, size - bytes.length)
    closeSync(file)
    return bytes.toString()
  } catch {
    return ''
  }
}
