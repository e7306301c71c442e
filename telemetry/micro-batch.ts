/**
 * Gathers a few items and does the work for all of them in a row: between two requests a processor forgets the code, and
 * bringing it back costs as much as running it.
 */
export function createMicroBatch<T>(work: (item: T) => void, size = 16) {
  const items: T[] = []
  return { add, flush }

  function add(item: T): void {
    if (items.push(item) === size) flush()
  }

  /** Does the work for what has been gathered so far. */
  function flush(): void {
    for (const item of items) work(item)
    items.length = 0
  }
}
