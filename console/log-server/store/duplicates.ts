import type { NewLine } from '../decode/decode-logs'

/** With how many lines at least a new one is compared. */
const window = 50_000

/**
 * Finds lines that came before: a sender that has not seen its acknowledgment sends them again. Only what is equal in
 * time, labels, text and metadata is the same line: many requests log the same text in the same millisecond.
 */
export function createDuplicates() {
  let recent = new Set<bigint>()
  let older = new Set<bigint>()
  return { isDuplicate }

  /** Whether a line with this hash came lately; it counts as come from then on. */
  function isDuplicate(hash: bigint): boolean {
    if (recent.has(hash) || older.has(hash)) return true
    if (recent.size >= window) {
      older = recent
      recent = new Set()
    }
    recent.add(hash)
    return false
  }
}

/** A hash of all that makes a line. */
export function hashOf({ timeNs, line, metadata, sharedMetadata }: NewLine, stream: number): bigint {
  const seed = Bun.hash.wyhash(metadata.join('\0'), Bun.hash.wyhash(sharedMetadata.join('\0'), timeNs))
  return Bun.hash.wyhash(line, seed ^ BigInt(stream))
}
