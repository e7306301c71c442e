/**
 * Memoizes what `load` resolves to for `freshMs`, by key. Concurrent calls share one load, a failed load is not memoized.
 * The entry that was loaded first makes room for the entry after `maxEntries`.
 */
export function memoizeForMs<T>(freshMs: number, load: (key: string) => Promise<T>, maxEntries = 1000) {
  const entries = new Map<string, { value: Promise<T>; untilMs: number }>()

  return (key: string): Promise<T> => {
    const entry = entries.get(key)
    if (entry && performance.now() < entry.untilMs) return entry.value
    entries.delete(key)
    const [oldest] = entries.size >= maxEntries ? entries.keys() : []
    if (oldest !== undefined) entries.delete(oldest)
    const value = load(key)
    entries.set(key, { value, untilMs: performance.now() + freshMs })
    value.catch(() => {
      if (entries.get(key)?.value === value) entries.delete(key)
    })
    return value
  }
}
