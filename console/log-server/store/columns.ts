import type { LabelTest } from '../../logql/query'
import { packTexts, unpackTexts } from './packed-texts'

/**
 * The values of a label in a block. Each distinct text is stored once, and a row refers to it by a code. When all texts are
 * numbers, the column stores numbers, so that a comparison does not parse texts.
 */
export interface Column {
  /** The text of a row; `undefined` when the row does not have the label. */
  text(row: number): string | undefined
  /** Sets `mask[row]` to 0 for each row whose value is not accepted. */
  filter(mask: Uint8Array, test: Pick<LabelTest, 'accepts' | 'acceptsNumber'>): void
}

const kinds = { numbers: 1, texts: 2 }
// Kind, width of a code, and at 8 the number of texts.
const headerBytes = 12

/** The bytes of a column with these values, one for each row. */
export function encodeColumn(values: (string | undefined)[]): Uint8Array {
  return encodeNumbers(values) ?? encodeTexts(values)
}

function encodeNumbers(values: (string | undefined)[]): Uint8Array | undefined {
  const numbers = new Float64Array(values.length).fill(Number.NaN)
  for (let row = 0; row < values.length; row++) {
    const text = values[row]
    if (text === undefined) continue
    const value = Number(text)
    // Only numbers that convert back to the same text: not 1.0, not NaN, not 19 digits.
    if (String(value) !== text || !Number.isFinite(value)) return undefined
    numbers[row] = value
  }
  const bytes = new Uint8Array(8 + numbers.byteLength)
  bytes[0] = kinds.numbers
  bytes.set(new Uint8Array(numbers.buffer), 8)
  return bytes
}

function encodeTexts(values: (string | undefined)[]): Uint8Array {
  // Code 0 is a row without a value.
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
  const packed = packTexts(texts)
  const bytes = new Uint8Array(headerBytes + codesBytes + packed.length)
  bytes[0] = kinds.texts
  bytes[1] = width
  new Uint32Array(bytes.buffer, 8, 1)[0] = texts.length
  codesIn(bytes, width, rows.length).set(rows)
  bytes.set(packed, headerBytes + codesBytes)
  return bytes
}

/** Reads a column of `rows` rows from its bytes. */
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
    filter(mask, { accepts, acceptsNumber }) {
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
  const texts = unpackTexts(bytes.subarray(headerBytes + roundUp(rows * width)), count)
  const textOf = (code: number) => (code === 0 ? undefined : texts.text(code - 1))
  const decoded: (string | undefined)[] = []
  return {
    text(row) {
      const code = codes[row] ?? 0
      if (code === 0) return undefined
      decoded[code] ??= textOf(code)
      return decoded[code]
    },
    filter(mask, { accepts }) {
      // By code: 0 not tested, 1 accepted, 2 rejected.
      const results = new Uint8Array(count + 1)
      for (let row = 0; row < mask.length; row++) {
        if (mask[row] === 0) continue
        const code = codes[row] ?? 0
        if (results[code] === 0) results[code] = accepts(textOf(code)) ? 1 : 2
        if (results[code] === 2) mask[row] = 0
      }
    },
  }
}

function codesIn(bytes: Uint8Array, width: number, rows: number): Uint8Array | Uint16Array | Uint32Array {
  const start = bytes.byteOffset + headerBytes
  if (width === 1) return new Uint8Array(bytes.buffer, start, rows)
  return width === 2 ? new Uint16Array(bytes.buffer, start, rows) : new Uint32Array(bytes.buffer, start, rows)
}

// To a multiple of 4, because the offsets of the texts are 32-bit numbers.
const roundUp = (bytes: number): number => (bytes + 3) & ~3
