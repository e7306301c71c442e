export interface RepeatLimit {
  /** Lines of one kind that are written in a window; 0 for all. */
  maxPerWindow: number
  windowMs: number
}

interface Kind {
  seen: number
  endsMs: number
  report: (heldBack: number) => void
}

const mostKinds = 1000

/**
 * Holds back what repeats itself: of each kind so many lines a window, then none, and when the window ends one report of
 * how many there were.
 */
export function createRepeatFilter({ maxPerWindow, windowMs }: RepeatLimit) {
  const kinds = new Map<string, Kind>()
  let timer: ReturnType<typeof setTimeout> | undefined
  return { allows, flush: () => sweep(Number.POSITIVE_INFINITY) }

  /** Whether a line of this kind may be written. `report` is called later, if any is held back. */
  function allows(kind: string, report: (heldBack: number) => void): boolean {
    if (maxPerWindow === 0) return true
    const nowMs = performance.now()
    const known = kinds.get(kind)
    if (known && known.endsMs <= nowMs) close(kind, known)
    const current = kinds.get(kind)
    if (!current) {
      if (kinds.size >= mostKinds) forgetOldest()
      kinds.set(kind, { seen: 1, endsMs: nowMs + windowMs, report })
      timer ??= setTimeout(() => sweep(performance.now()), windowMs).unref()
      return true
    }
    current.seen++
    return current.seen <= maxPerWindow
  }

  function forgetOldest(): void {
    const [oldest] = kinds
    if (oldest) close(...oldest)
  }

  function sweep(nowMs: number): void {
    clearTimeout(timer)
    timer = undefined
    for (const [kind, entry] of kinds) if (entry.endsMs <= nowMs) close(kind, entry)
    if (kinds.size > 0) timer = setTimeout(() => sweep(performance.now()), windowMs).unref()
  }

  function close(kind: string, { seen, report }: Kind): void {
    kinds.delete(kind)
    if (seen > maxPerWindow) report(seen - maxPerWindow)
  }
}
