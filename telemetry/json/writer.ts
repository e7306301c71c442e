const encoder = new TextEncoder()

/** JSON text that is written again and again, as bytes. */
export const fragment = (text: string): Uint8Array => encoder.encode(text)

const quote = 0x22
const backslash = 0x5c
const zero = 0x30
const sixZeros = fragment('000000')

/**
 * Writes JSON as bytes into a buffer that it keeps. What repeats is copied from fragments, what is short is written digit
 * by digit: no text is put together only to be taken apart, and nothing is left for the garbage collector.
 */
export class JsonWriter {
  // Not `#private`: that would cost the loops below a half of their speed.
  private bytes: Uint8Array
  /** Bytes written so far. */
  length = 0
  // Most times lie within the second of the one before.
  private lastSeconds = -1
  private lastDigits = new Uint8Array(10)

  constructor(initialBytes = 16 * 1024) {
    this.bytes = new Uint8Array(initialBytes)
  }

  /** What has been written; valid until something else is. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** Forgets what has been written, or all after the first `length` bytes of it. */
  clear(length = 0): void {
    this.length = length
  }

  raw(fragment: Uint8Array): void {
    const size = fragment.length
    this.reserve(size)
    const start = this.length
    this.length = start + size
    const bytes = this.bytes
    // A call out of JavaScript is worth it for longer ones only.
    if (size > 24) bytes.set(fragment, start)
    else for (let index = 0; index < size; index++) bytes[start + index] = fragment[index] as number
  }

  comma(): void {
    this.reserve(1)
    this.bytes[this.length++] = 0x2c
  }

  /** Text that is ASCII and needs no escape: hexadecimal digits, numbers. */
  ascii(text: string): void {
    const size = text.length
    this.reserve(size)
    const bytes = this.bytes
    let at = this.length
    for (let index = 0; index < size; index++) bytes[at++] = text.charCodeAt(index)
    this.length = at
  }

  /** A JSON string, with its quotes. */
  string(text: string): void {
    const size = text.length
    this.reserve(size + 2)
    const bytes = this.bytes
    let at = this.length
    bytes[at++] = quote
    for (let index = 0; index < size; index++) {
      const code = text.charCodeAt(index)
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) {
        this.raw(encoder.encode(JSON.stringify(text)))
        return
      }
      bytes[at++] = code
    }
    bytes[at++] = quote
    this.length = at
  }

  /** Any text as it is. */
  text(text: string): void {
    const size = text.length
    this.reserve(size)
    const bytes = this.bytes
    const start = this.length
    for (let index = 0; index < size; index++) {
      const code = text.charCodeAt(index)
      if (code > 0x7e) {
        this.raw(encoder.encode(text))
        return
      }
      bytes[start + index] = code
    }
    this.length = start + size
  }

  /** Milliseconds since the epoch, with fractions, as the digits of nanoseconds. */
  nanos(ms: number): void {
    const floor = Math.trunc(ms)
    const rounded = Math.round((ms - floor) * 1e6)
    const whole = rounded === 1e6 ? floor + 1 : floor
    const nanos = rounded === 1e6 ? 0 : rounded
    const seconds = Math.trunc(whole / 1000)
    if (seconds === this.lastSeconds) this.raw(this.lastDigits)
    else this.newSeconds(seconds)
    this.digits(whole - seconds * 1000, 3)
    if (nanos === 0) this.raw(sixZeros)
    else this.digits(nanos, 6)
  }

  private newSeconds(seconds: number): void {
    const start = this.length
    this.digits(seconds, 10)
    this.lastSeconds = seconds
    this.lastDigits = this.bytes.slice(start, this.length)
  }

  private digits(value: number, width: number): void {
    this.reserve(width)
    const bytes = this.bytes
    let at = this.length + width
    let left = value
    for (let count = 0; count < width; count++) {
      const tens = (left / 10) | 0
      bytes[--at] = zero + left - tens * 10
      left = tens
    }
    this.length += width
  }

  private reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size))
    grown.set(this.written())
    this.bytes = grown
  }
}
