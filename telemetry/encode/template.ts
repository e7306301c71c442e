import { fragment } from './json-writer'

/** JSON that is the same for all items of a kind, with holes of fixed width where they differ. */
interface Template {
  readonly bytes: Uint8Array
  /** Where the holes begin, in their order. */
  readonly slots: readonly number[]
}

/** Makes a form of pieces: text or bytes as they are, and for a number a hole of so many bytes. */
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
