/** Work that is refused because too much is waiting already. */
export class TooManyWaitingError extends Error {}

/** Runs at most `maxRunning` tasks at a time. Up to `maxWaiting` more wait in order of arrival. */
export function createConcurrencyLimit({
  maxRunning,
  maxWaiting = Infinity,
}: {
  maxRunning: number
  maxWaiting?: number
}) {
  let running = 0
  const waiting: (() => void)[] = []

  /** @throws TooManyWaitingError when `maxWaiting` tasks wait */
  return async function runLimited<T>(task: () => Promise<T>): Promise<T> {
    if (running >= maxRunning) {
      if (waiting.length >= maxWaiting)
        throw new TooManyWaitingError(`${maxWaiting} requests are waiting already: try again in a second`)
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await task()
    } finally {
      // The next task takes over this one's slot, so `running` stays the same.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
