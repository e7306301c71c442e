import { jest, onTestFinished } from 'bun:test'

/**
 * Stops the clock until the test ends: timers, `performance.now()`, `Date` and `AbortSignal.timeout` advance only by
 * `pass`. Sockets and files are as fast as ever.
 */
export function useFakeClock() {
  jest.useFakeTimers()
  onTestFinished(() => void jest.useRealTimers())
  return { advance, advanceUntil, advanceDuring }

  /** Lets `ms` milliseconds pass, one by one, and what waits for each of them go on. */
  async function advance(ms: number): Promise<void> {
    await flushPromises()
    for (let n = 0; n < ms; n++) {
      jest.advanceTimersByTime(1)
      await flushPromises()
    }
  }

  /** Lets time pass until it holds; milliseconds that passed. @throws Error after `maxMs` */
  async function advanceUntil(holds: () => boolean, maxMs = 60_000): Promise<number> {
    for (let ms = 0; ms <= maxMs; ms++) {
      await flushPromises()
      if (holds()) return ms
      jest.advanceTimersByTime(1)
    }
    throw new Error(`did not happen within ${maxMs} ms`)
  }

  /** Lets time pass until work is done; what it resolves to. */
  async function advanceDuring<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const over = () => {
      isOver = true
    }
    work.then(over, over)
    await advanceUntil(() => isOver)
    return work
  }
}

/** Until work that waits for nothing but promises has gone on. */
export async function flushPromises(): Promise<void> {
  for (let n = 0; n < 3; n++) await new Promise<void>((resume) => setImmediate(resume))
}
