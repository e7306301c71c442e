/** How many lines are compared with at least. */
const window = 50_000

/**
 * Finds lines that came before: a sender that has not seen its acknowledgment sends them again. The same time, stream and
 * text are the same line.
 */
export function createDuplicates() {
  let recent = new Set<number>()
  let older = new Set<number>()
  return { isDuplicate }

  /** Whether the line came lately; it counts as come from then on. */
  function isDuplicate(timeNs: bigint, stream: number, line: string): boolean {
    const hash = Number(BigInt(Bun.hash(line, timeNs ^ BigInt(stream))) & 0x1f_ffff_ffff_ffffn)
    if (recent.has(hash) || older.has(hash)) return true
    if (recent.size >= window) {
      older = recent
      recent = new Set()
    }
    recent.add(hash)
    return false
  }
}
