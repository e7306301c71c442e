import type { HrTime } from '@opentelemetry/api'

const encoder = new TextEncoder()

/** JSON text as bytes, encoded once and copied often. */
export const fragment = (text: string): Uint8Array => encoder.encode(text)

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const zero = 0x30

/** Digits of a time in nanoseconds since the epoch; enough until the year 2286. */
export const nanosWidth = 19

/** The SDK's pair of seconds and nanoseconds as OTLP's decimal nanoseconds. */
export const nanosOf = ([seconds, nanos]: HrTime): string =>
  String(BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanos))).padStart(nanosWidth, '0')

/** JSON that spans or log records of one kind share, with slots of fixed width for what differs. */
interface Template {
  readonly bytes: Uint8Array
  /** Offsets of the slots, in order. */
  readonly slots: readonly number[]
}

/** Builds a template. @param pieces text or bytes to copy; a number is a slot of that many bytes. */
export function createTemplate(...pieces: (string | Uint8Array | number)[]): Template {
  const slots: number[] = []
  let size = 0
  const parts = pieces.map((piece) => {
    if (typeof piece === 'number') slots.push(size)
    const part = typeof piece === 'number' ? new Uint8Array(piece) : typeof piece === 'string' ? fragment(piece) : piece
    size += part.length
    return part
  })
  return { bytes: new Uint8Array(Buffer.concat(parts)), slots }
}

/**
 * Writes JSON as bytes into a buffer that it reuses. Repeated parts are copied and numbers are written digit by digit, so
 * that no intermediate strings are created.
 */
export class JsonWriter {
  // `private` instead of `#bytes`: the loops below run twice as fast.
  private bytes: Uint8Array
  /** Bytes written so far. */
  length = 0

  constructor(initialBytes = 16 * 1024) {
    this.bytes = new Uint8Array(initialBytes)
  }

  /** The bytes written so far; valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** Discards everything after the first `length` bytes. */
  clear(length = 0): void {
    this.length = length
  }

  /** Discards the first `count` bytes. */
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
    // A native call pays off for longer fragments only.
    if (size > 24) bytes.set(fragment, start)
    else for (let index = 0; index < size; index++) bytes[start + index] = fragment[index] as number
  }

  comma(): void {
    this.reserve(1)
    this.bytes[this.length++] = comma
  }

  /** Copies a template and returns its offset; the caller fills the slots next. */
  template(bytes: Uint8Array): number {
    const start = this.length
    this.reserve(bytes.length)
    this.bytes.set(bytes, start)
    this.length = start + bytes.length
    return start
  }

  /** Writes ASCII into a slot: hexadecimal digits, numbers. */
  asciiAt(at: number, text: string): void {
    const bytes = this.bytes
    for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index)
  }

  /** Writes a time into a slot of `nanosWidth`. @param ms milliseconds since the epoch, with fractions. */
  nanosAt(at: number, ms: number): void {
    const floor = Math.trunc(ms)
    const rounded = Math.round((ms - floor) * 1e6)
    const whole = rounded === 1e6 ? floor + 1 : floor
    const seconds = Math.trunc(whole / 1000)
    this.digitsAt(at, seconds, 10)
    this.digitsAt(at + 10, whole - seconds * 1000, 3)
    this.digitsAt(at + 13, rounded === 1e6 ? 0 : rounded, 6)
  }

  /** Writes ASCII text that needs no escape. */
  ascii(text: string): void {
    this.reserve(text.length)
    this.asciiAt(this.length, text)
    this.length += text.length
  }

  /** Writes a JSON string, with its quotes. */
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

  /** Writes text unchanged, without quotes. */
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
