// Streams are small numbers and times lie close together: their sum must not be another stream's other time.
const spread = 0x9e37_79b9_7f4a_7c15n
/** How many lines are compared with at least. */
const window = 50_000

/**
 * Finds lines that came before: a sender that has not seen its acknowledgment sends them again. The same time, stream and
 * text are the same line.
 */
export function createDuplicates() {
  let recent = new Set<bigint>()
  let older = new Set<bigint>()
  return { isDuplicate }

  /** Whether the line came lately; it counts as come from then on. */
  function isDuplicate(timeNs: bigint, stream: number, line: string): boolean {
    const hash = Bun.hash.wyhash(line, BigInt.asUintN(64, timeNs + BigInt(stream) * spread))
    if (recent.has(hash) || older.has(hash)) return true
    if (recent.size >= window) {
      older = recent
      recent = new Set()
    }
    recent.add(hash)
    return false
  }
}
