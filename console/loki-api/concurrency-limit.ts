/** What is refused because too much runs already. */
export class TooManyQueriesError extends Error {}

/** Runs at most `maxRunning` pieces of work at a time. Up to `maxWaiting` more wait in order of arrival. */
export function createConcurrencyLimit({ maxRunning, maxWaiting }: { maxRunning: number; maxWaiting: number }) {
  let running = 0
  const waiting: (() => void)[] = []

  /** @throws TooMany where no more may wait */
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= maxRunning) {
      if (waiting.length >= maxWaiting)
        throw new TooManyQueriesError(`${maxWaiting} queries wait already: try again in a second`)
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      // The next one takes this one's place.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
