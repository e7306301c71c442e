import type { DecodedLine } from '../decode/decoded-line'

// The min number of earlier lines with which a new line is compared.
const minCompared = 50_000

/**
 * Recognizes lines that arrive twice, because a sender that misses an acknowledgment sends them again. Two lines are the same
 * only when time, labels, text and metadata are equal: many requests log the same text in the same millisecond.
 */
export function createDuplicateFilter() {
  let recent = new Set<bigint>()
  let older = new Set<bigint>()
  return { isDuplicate }

  /** Whether a line with this hash arrived recently. Records the hash. */
  function isDuplicate(hash: bigint): boolean {
    if (recent.has(hash) || older.has(hash)) return true
    if (recent.size >= minCompared) {
      older = recent
      recent = new Set()
    }
    recent.add(hash)
    return false
  }
}

/** A hash of a line's time, stream, text and metadata. */
export function hashOf({ timeNs, line, metadata, sharedMetadata }: DecodedLine, stream: number): bigint {
  // As JSON, because a separator can be part of a text.
  const shared = Bun.hash.wyhash(JSON.stringify(sharedMetadata), timeNs)
  const seed = Bun.hash.wyhash(JSON.stringify(metadata), shared)
  return Bun.hash.wyhash(line, seed ^ BigInt(stream))
}
