import { Refused } from '../../receive/body'

/** Reads the fields of a protobuf message. @see https://protobuf.dev/programming-guides/encoding/ */
export class Reader {
  readonly #view: DataView
  position = 0
  end: number
  /** Number of the field at `position`, and how it is encoded. */
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

  /** Goes into the message that is the field's value: the fields until its end come next. Returns what `leave` takes. */
  enter(): number {
    const outer = this.end
    const length = this.length()
    this.end = this.position + length
    return outer
  }

  leave(outer: number): void {
    this.position = this.end
    this.end = outer
  }

  /** The number of bytes of a text, of bytes or of a message; `position` is at their start then. */
  length(): number {
    if (this.#wireType !== 2) throw malformed('a length-delimited field')
    const length = this.varint()
    if (this.position + length > this.end) throw truncated()
    return length
  }

  /** A whole number up to 2^53; a negative one is very large. */
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
    throw malformed('a varint of at most 10 bytes')
  }

  /** A whole number with its sign, in 64 bits, as a text. */
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

  /** Passes over the field's value. */
  skip(): void {
    if (this.#wireType === 0) this.varint()
    else if (this.#wireType === 1) this.#skipTo(8)
    else if (this.#wireType === 2) this.#skipTo(this.length())
    else if (this.#wireType === 5) this.#skipTo(4)
    else throw malformed('a field of a known wire type')
  }

  #skipTo(count: number): number {
    const start = this.position
    this.position += count
    if (this.position > this.end) throw truncated()
    return start
  }
}

const malformed = (expected: string) =>
  new Refused(400, `the body is no ExportLogsServiceRequest in protobuf: expected ${expected}`)
const truncated = () => new Refused(400, 'the body is no ExportLogsServiceRequest in protobuf: it ends too early')
