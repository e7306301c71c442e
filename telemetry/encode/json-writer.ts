const encoder = new TextEncoder()

/** JSON text that is written again and again, as bytes. */
export const fragment = (text: string): Uint8Array => encoder.encode(text)

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const zero = 0x30

/** Digits of a time in nanoseconds since the epoch, until the year 2286. */
export const nanosWidth = 19

/**
 * Writes JSON as bytes into a buffer that it keeps. What repeats is copied, what is short is written digit by digit: no
 * text is put together only to be taken apart, and nothing is left for the garbage collector.
 */
export class JsonWriter {
  // Not `#private`: that would cost the loops below a half of their speed.
  private bytes: Uint8Array
  /** Bytes written so far. */
  length = 0

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

  /** Forgets the first `count` bytes of it. */
  shift(count: number): void {
    if (count === 0) return
    this.bytes.copyWithin(0, count, this.length)
    this.length -= count
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
    this.bytes[this.length++] = comma
  }

  /** Copies a form, whose holes are to be filled next; answers where it begins. */
  template(bytes: Uint8Array): number {
    const start = this.length
    this.reserve(bytes.length)
    this.bytes.set(bytes, start)
    this.length = start + bytes.length
    return start
  }

  /** Fills a hole, or a part of one, with ASCII: hexadecimal digits, numbers. */
  asciiAt(at: number, text: string): void {
    const bytes = this.bytes
    for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index)
  }

  /** Fills a hole of `nanosWidth` with a time: milliseconds since the epoch, with fractions, as nanoseconds. */
  nanosAt(at: number, ms: number): void {
    const floor = Math.trunc(ms)
    const rounded = Math.round((ms - floor) * 1e6)
    const whole = rounded === 1e6 ? floor + 1 : floor
    const seconds = Math.trunc(whole / 1000)
    this.digitsAt(at, seconds, 10)
    this.digitsAt(at + 10, whole - seconds * 1000, 3)
    this.digitsAt(at + 13, rounded === 1e6 ? 0 : rounded, 6)
  }

  /** Text that is ASCII and needs no escape. */
  ascii(text: string): void {
    this.reserve(text.length)
    this.asciiAt(this.length, text)
    this.length += text.length
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

  private digitsAt(start: number, value: number, width: number): void {
    const bytes = this.bytes
    let left = value
    for (let at = start + width - 1; at >= start; at--) {
      const tens = (left / 10) | 0
      bytes[at] = zero + left - tens * 10
      left = tens
    }
  }

  private reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size))
    grown.set(this.written())
    this.bytes = grown
  }
}
