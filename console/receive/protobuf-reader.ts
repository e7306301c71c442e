import { HttpError } from './errors'

/** Reads the fields of a protobuf message. @see https://protobuf.dev/programming-guides/encoding/ */
export class ProtobufReader {
  readonly #view: DataView
  position = 0
  end: number
  /** The number of the field at `position`. */
  field = 0
  #wireType = 0

  constructor(readonly bytes: Buffer) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = bytes.length
  }

  /** Moves to the next field of the message. Returns false at its end. */
  next(): boolean {
    if (this.position >= this.end) {
      if (this.position > this.end) throw truncated()
      return false
    }
    const tag = this.varint()
    this.field = Math.floor(tag / 8)
    this.#wireType = tag % 8
    return true
  }

  /** Enters the message that is the field's value: `next` moves through its fields. Returns the parameter for `leave`. */
  enter(): number {
    const outer = this.end
    const length = this.length()
    this.end = this.position + length
    return outer
  }

  /** Moves past the message that `enter` entered. */
  leave(outer: number): void {
    this.position = this.end
    this.end = outer
  }

  /** Reads the length in bytes of a string, of bytes or of a message, and moves to its start. */
  length(): number {
    if (this.#wireType !== 2) throw protobufError('expected a length-delimited field')
    const length = this.varint()
    if (this.position + length > this.end) throw truncated()
    return length
  }

  /** An integer, exact up to 2^53. A negative one is read as a very large one. */
  varint(): number {
    let value = 0
    let factor = 1
    for (let count = 0; count < 10; count++) {
      const byte = this.bytes[this.position++]
      if (byte === undefined) throw truncated()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 128
    }
    throw protobufError('expected a varint of at most 10 bytes')
  }

  /** An int64 as text, exact. */
  int64Text(): string {
    const start = this.position
    const value = this.varint()
    if (value <= Number.MAX_SAFE_INTEGER) return String(value)
    let exact = 0n
    for (let at = this.position - 1; at >= start; at--) exact = exact * 128n + BigInt((this.bytes[at] ?? 0) & 0x7f)
    return String(BigInt.asIntN(64, exact))
  }

  fixed64(): bigint {
    return this.#view.getBigUint64(this.#skipTo(8), true)
  }

  fixed32(): number {
    return this.#view.getUint32(this.#skipTo(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#skipTo(8), true)
  }

  /** Moves past the field's value. */
  skip(): void {
    if (this.#wireType === 0) this.varint()
    else if (this.#wireType === 1) this.#skipTo(8)
    else if (this.#wireType === 2) this.#skipTo(this.length())
    else if (this.#wireType === 5) this.#skipTo(4)
    else throw protobufError('expected a field of a known wire type')
  }

  #skipTo(count: number): number {
    const start = this.position
    this.position += count
    if (this.position > this.end) throw truncated()
    return start
  }
}

/** 400 for a body that can't be decoded. */
export const protobufError = (reason: string) => new HttpError(400, `the body is not OTLP in protobuf: ${reason}`)

const truncated = () => protobufError('it ends too early')
