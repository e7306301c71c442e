/** The lines of a block in UTF-8, one after the other, with where each begins. */
export interface Lines {
  text(row: number): string
  bytes(row: number): number
  /** Sets `mask[row]` to 0 for each row whose line has none of the texts, or one of them where `isNegative`. */
  keep(mask: Uint8Array, texts: string[], isNegative: boolean): void
}

export function encodeLines(lines: string[]): Uint8Array {
  const bytes = new Uint8Array((lines.length + 1) * 4 + lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0))
  const offsets = new Uint32Array(bytes.buffer, 0, lines.length + 1)
  writeTexts(bytes, offsets, lines)
  return bytes
}

/** Writes texts in UTF-8 one after the other behind their offsets, and where each ends into the offsets. */
export function writeTexts(bytes: Uint8Array, offsets: Uint32Array, texts: string[]): void {
  const buffer = Buffer.from(bytes.buffer)
  const start = offsets.byteOffset + offsets.byteLength
  let end = 0
  for (const [index, text] of texts.entries()) {
    end += buffer.write(text, start + end)
    offsets[index + 1] = end
  }
}

export function decodeLines(bytes: Uint8Array, rows: number): Lines {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const offsets = new Uint32Array(aligned.buffer, aligned.byteOffset, rows + 1)
  const texts = Buffer.from(aligned.buffer, aligned.byteOffset + offsets.byteLength, offsets[rows] ?? 0)
  return {
    text: (row) => texts.toString('utf8', offsets[row] ?? 0, offsets[row + 1] ?? 0),
    bytes: (row) => (offsets[row + 1] ?? 0) - (offsets[row] ?? 0),
    keep(mask, wanted, isNegative) {
      const hits = new Uint8Array(mask.length)
      for (const text of wanted) {
        if (text === '') hits.fill(1)
        else markHits(hits, mask, Buffer.from(text))
      }
      for (let row = 0; row < mask.length; row++) if ((hits[row] === 1) === isNegative) mask[row] = 0
    },
  }

  // Rows in which the text begins and ends.
  function markHits(hits: Uint8Array, mask: Uint8Array, text: Buffer): void {
    let row = mask.indexOf(1)
    while (row >= 0 && row < mask.length) {
      const found = texts.indexOf(text, offsets[row] ?? 0)
      if (found < 0) return
      while ((offsets[row + 1] ?? Number.POSITIVE_INFINITY) <= found && row < mask.length - 1) row++
      if (found + text.length <= (offsets[row + 1] ?? 0)) hits[row] = 1
      row = mask.indexOf(1, row + 1)
    }
  }
}
