import { writeTexts } from './lines'

/**
 * A column of a block as bytes. Texts that repeat are stored once and referred to by a code; texts that are all numbers are
 * stored as numbers, so that a comparison need not parse them.
 */
export interface Column {
  /** The text of a row; nothing where the row has none. */
  text(row: number): string | undefined
  /** Sets `mask[row]` to 0 for each row whose value is not accepted. */
  keep(mask: Uint8Array, test: Test): void
}

export interface Test {
  accepts(value: string | undefined): boolean
  acceptsNumber?(value: number): boolean
}

const kinds = { numbers: 1, texts: 2 }
// Kind, width of a code, number of texts.
const headerBytes = 12

/** The bytes of a column with these values. */
export function encodeColumn(values: (string | undefined)[]): Uint8Array {
  return encodeNumbers(values) ?? encodeTexts(values)
}

function encodeNumbers(values: (string | undefined)[]): Uint8Array | undefined {
  const numbers = new Float64Array(values.length).fill(Number.NaN)
  for (let row = 0; row < values.length; row++) {
    const text = values[row]
    if (text === undefined) continue
    const value = Number(text)
    // Only what is written back as it came: not 1.0, not NaN, not 19 digits.
    if (String(value) !== text || !Number.isFinite(value)) return undefined
    numbers[row] = value
  }
  const bytes = new Uint8Array(8 + numbers.byteLength)
  bytes[0] = kinds.numbers
  bytes.set(new Uint8Array(numbers.buffer), 8)
  return bytes
}

function encodeTexts(values: (string | undefined)[]): Uint8Array {
  // Code 0 is no value.
  const codes = new Map<string, number>()
  const rows = new Uint32Array(values.length)
  const texts: string[] = []
  for (let row = 0; row < values.length; row++) {
    const text = values[row]
    if (text === undefined) continue
    let code = codes.get(text)
    if (code === undefined) {
      texts.push(text)
      code = texts.length
      codes.set(text, code)
    }
    rows[row] = code
  }
  const width = texts.length < 256 ? 1 : texts.length < 65_536 ? 2 : 4
  const codesBytes = roundUp(rows.length * width)
  const textBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const bytes = new Uint8Array(headerBytes + codesBytes + (texts.length + 1) * 4 + textBytes)
  bytes[0] = kinds.texts
  bytes[1] = width
  new Uint32Array(bytes.buffer, 8, 1)[0] = texts.length
  codesIn(bytes, width, rows.length).set(rows)
  const offsets = new Uint32Array(bytes.buffer, headerBytes + codesBytes, texts.length + 1)
  writeTexts(bytes, offsets, texts)
  return bytes
}

/** A column from its bytes. */
export function decodeColumn(bytes: Uint8Array, rows: number): Column {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  return aligned[0] === kinds.numbers
    ? numberColumn(new Float64Array(aligned.buffer, aligned.byteOffset + 8, rows))
    : textColumn(aligned, rows)
}

function numberColumn(numbers: Float64Array): Column {
  const text = (row: number) => {
    const value = numbers[row] ?? Number.NaN
    return Number.isNaN(value) ? undefined : String(value)
  }
  return {
    text,
    keep(mask, { accepts, acceptsNumber }) {
      const acceptsNone = accepts(undefined)
      for (let row = 0; row < mask.length; row++) {
        if (mask[row] === 0) continue
        const value = numbers[row] ?? Number.NaN
        const isAccepted = Number.isNaN(value)
          ? acceptsNone
          : acceptsNumber
            ? acceptsNumber(value)
            : accepts(String(value))
        if (!isAccepted) mask[row] = 0
      }
    },
  }
}

function textColumn(bytes: Uint8Array, rows: number): Column {
  const width = bytes[1] ?? 1
  const count = new Uint32Array(bytes.buffer, bytes.byteOffset + 8, 1)[0] ?? 0
  const codes = codesIn(bytes, width, rows)
  const offsetsStart = headerBytes + roundUp(rows * width)
  const offsets = new Uint32Array(bytes.buffer, bytes.byteOffset + offsetsStart, count + 1)
  const start = offsetsStart + offsets.byteLength
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const textOf = (code: number) =>
    code === 0 ? undefined : buffer.toString('utf8', start + (offsets[code - 1] ?? 0), start + (offsets[code] ?? 0))
  const decoded: (string | undefined)[] = []
  return {
    text(row) {
      const code = codes[row] ?? 0
      if (code === 0) return undefined
      decoded[code] ??= textOf(code)
      return decoded[code]
    },
    keep(mask, { accepts }) {
      // 0 not asked yet, 1 accepted, 2 not.
      const known = new Uint8Array(count + 1)
      for (let row = 0; row < mask.length; row++) {
        if (mask[row] === 0) continue
        const code = codes[row] ?? 0
        if (known[code] === 0) known[code] = accepts(textOf(code)) ? 1 : 2
        if (known[code] === 2) mask[row] = 0
      }
    },
  }
}

function codesIn(bytes: Uint8Array, width: number, rows: number): Uint8Array | Uint16Array | Uint32Array {
  const start = bytes.byteOffset + headerBytes
  if (width === 1) return new Uint8Array(bytes.buffer, start, rows)
  return width === 2 ? new Uint16Array(bytes.buffer, start, rows) : new Uint32Array(bytes.buffer, start, rows)
}

// To four bytes, which offsets are aligned to.
const roundUp = (bytes: number): number => (bytes + 3) & ~3
