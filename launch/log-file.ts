import { appendFileSync, closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const mostBytes = 20_000_000
// Enough for a few lines, however long the file is.
const tailBytes = 16_384

/**
 * Lines of a program in a file, until that cannot be written: then `fallBack` gets them, after one about why. A new one begins
 * at each start and after 20 MB; the one before stays beside it, as `NAME.log.1`.
 */
export class LogFile {
  #bytes = 0
  #isBroken = false

  constructor(
    private readonly path: string,
    private readonly fallBack: (line: string) => void,
  ) {
    this.#begin()
  }

  write(line: string): void {
    if (this.#isBroken) {
      this.fallBack(line)
      return
    }
    try {
      if (this.#bytes > mostBytes) this.#begin()
      appendFileSync(this.path, `${line}\n`)
      this.#bytes += Buffer.byteLength(line) + 1
    } catch (error) {
      this.#isBroken = true
      this.fallBack(`its log can’t be written: ${(error as Error).message}`)
      this.fallBack(line)
    }
  }

  /** The last lines, with a line break before each; nothing where they stand in the terminal. */
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
      // There was none; or writing will say what is wrong.
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
