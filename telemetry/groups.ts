/**
 * Gathers a few items and does the work for all of them in a row: between two requests a processor forgets the code, and
 * bringing it back costs as much as running it.
 */
export function createGroups<T>(work: (item: T) => void, size = 16) {
  const items: T[] = []
  return { add, finish }

  function add(item: T): void {
    if (items.push(item) === size) finish()
  }

  /** Does the work for what has been gathered so far. */
  function finish(): void {
    for (const item of items) work(item)
    items.length = 0
  }
}
