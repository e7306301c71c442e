/**
 * Collects a few values and handles them in a row. This is faster than one at a time between requests: the code stays in the
 * CPU's caches.
 */
export function createMicroBatch<T>(handle: (value: T) => void, size = 16) {
  const pending: T[] = []
  return { add, flush }

  function add(value: T): void {
    if (pending.push(value) === size) flush()
  }

  /** Handles the values collected so far. */
  function flush(): void {
    for (const value of pending) handle(value)
    pending.length = 0
  }
}
