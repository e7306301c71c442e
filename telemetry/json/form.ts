import { fragment } from './writer'

/** JSON that is the same for all items of a kind, with holes of fixed width where they differ. */
interface Form {
  readonly bytes: Uint8Array
  /** Where the holes begin, in their order. */
  readonly holes: readonly number[]
}

/** Makes a form of pieces: text or bytes as they are, and for a number a hole of so many bytes. */
export function createForm(...pieces: (string | Uint8Array | number)[]): Form {
  const holes: number[] = []
  let size = 0
  const parts = pieces.map((piece) => {
    if (typeof piece === 'number') holes.push(size)
    const part = typeof piece === 'number' ? new Uint8Array(piece) : typeof piece === 'string' ? fragment(piece) : piece
    size += part.length
    return part
  })
  return { bytes: new Uint8Array(Buffer.concat(parts)), holes }
}
