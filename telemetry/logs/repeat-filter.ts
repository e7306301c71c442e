export interface RepeatLimit {
  /** Log records with the same level, event name and message that are logged in a window; 0 for no limit. */
  maxPerWindow: number
  windowMs: number
}

interface Window {
  count: number
  endsMs: number
  report: (heldBack: number) => void
}

const maxKinds = 1000

/**
 * Holds back repeated log records: the first ones of a window are logged, further ones are counted, and when the window ends
 * their number is reported.
 */
export function createRepeatFilter({ maxPerWindow, windowMs }: RepeatLimit) {
  const windows = new Map<string, Window>()
  let timer: ReturnType<typeof setTimeout> | undefined
  return { allows, flush: () => sweep(Number.POSITIVE_INFINITY) }

  /** Whether a record may be logged. @param report called at the end of the window if records were held back. */
  function allows(key: string, report: (heldBack: number) => void): boolean {
    if (maxPerWindow === 0) return true
    const nowMs = performance.now()
    const previous = windows.get(key)
    if (previous && previous.endsMs <= nowMs) close(key, previous)
    const current = windows.get(key)
    if (!current) {
      if (windows.size >= maxKinds) closeOldest()
      windows.set(key, { count: 1, endsMs: nowMs + windowMs, report })
      timer ??= setTimeout(() => sweep(performance.now()), windowMs).unref()
      return true
    }
    current.count++
    return current.count <= maxPerWindow
  }

  function closeOldest(): void {
    const [oldest] = windows
    if (oldest) close(...oldest)
  }

  function sweep(nowMs: number): void {
    clearTimeout(timer)
    timer = undefined
    for (const [key, window] of windows) if (window.endsMs <= nowMs) close(key, window)
    if (windows.size > 0) timer = setTimeout(() => sweep(performance.now()), windowMs).unref()
  }

  function close(key: string, { count, report }: Window): void {
    windows.delete(key)
    if (count > maxPerWindow) report(count - maxPerWindow)
  }
}
