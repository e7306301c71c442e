/** Texts in UTF-8 one after the other, behind the offset of each: the lines of a block, or the distinct values of a column. */
export interface PackedTexts {
  text(index: number): string
  /** The length of a text in UTF-8. */
  bytes(index: number): number
  /** Sets `mask[index]` to 0 for each text that contains none of `wanted`, or one of them where `isNegative`. */
  filter(mask: Uint8Array, wanted: string[], isNegative: boolean): void
}

/** The bytes of these texts: 32-bit offsets, one more than there are texts, and the texts. */
export function packTexts(texts: string[]): Uint8Array {
  const offsetBytes = (texts.length + 1) * 4
  const bytes = new Uint8Array(offsetBytes + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0))
  const offsets = new Uint32Array(bytes.buffer, 0, texts.length + 1)
  const buffer = Buffer.from(bytes.buffer)
  let end = 0
  for (const [index, text] of texts.entries()) {
    end += buffer.write(text, offsetBytes + end)
    offsets[index + 1] = end
  }
  return bytes
}

/** Reads `count` texts from their bytes, each on demand. */
export function unpackTexts(bytes: Uint8Array, count: number): PackedTexts {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const offsets = new Uint32Array(aligned.buffer, aligned.byteOffset, count + 1)
  const texts = Buffer.from(aligned.buffer, aligned.byteOffset + offsets.byteLength, offsets[count] ?? 0)
  return {
    text: (index) => texts.toString('utf8', offsets[index] ?? 0, offsets[index + 1] ?? 0),
    bytes: (index) => (offsets[index + 1] ?? 0) - (offsets[index] ?? 0),
    filter(mask, wanted, isNegative) {
      const hits = new Uint8Array(mask.length)
      for (const text of wanted) {
        if (text === '') hits.fill(1)
        else markHits(hits, mask, Buffer.from(text))
      }
      for (let index = 0; index < mask.length; index++) if ((hits[index] === 1) === isNegative) mask[index] = 0
    },
  }

  // Searches the bytes of all texts at once. A hit that crosses the end of a text does not count.
  function markHits(hits: Uint8Array, mask: Uint8Array, wanted: Buffer): void {
    let index = mask.indexOf(1)
    while (index >= 0 && index < mask.length) {
      const found = texts.indexOf(wanted, offsets[index] ?? 0)
      if (found < 0) return
      while ((offsets[index + 1] ?? Number.POSITIVE_INFINITY) <= found && index < mask.length - 1) index++
      if (found + wanted.length <= (offsets[index + 1] ?? 0)) hits[index] = 1
      index = mask.indexOf(1, index + 1)
    }
  }
}
