import { jest, onTestFinished } from 'bun:test'

/**
 * Replaces the clock until the test ends: timers, `performance.now()`, `Date` and `AbortSignal.timeout` advance only by
 * the returned functions. Sockets and files work in real time.
 */
export function useFakeClock() {
  jest.useFakeTimers()
  onTestFinished(() => void jest.useRealTimers())
  return { advance, advanceUntil, advanceDuring }

  /** Advances the clock by `ms` milliseconds, one by one, and runs the callbacks of each. */
  async function advance(ms: number): Promise<void> {
    await flushPromises()
    for (let n = 0; n < ms; n++) {
      jest.advanceTimersByTime(1)
      await flushPromises()
    }
  }

  /** Advances the clock until `holds()`. @returns the milliseconds that passed @throws Error after `maxMs` */
  async function advanceUntil(holds: () => boolean, maxMs = 60_000): Promise<number> {
    for (let ms = 0; ms <= maxMs; ms++) {
      await flushPromises()
      if (holds()) return ms
      jest.advanceTimersByTime(1)
    }
    throw new Error(`the condition did not hold within ${maxMs} ms`)
  }

  /** Advances the clock until the work is done. @returns what it resolves to */
  async function advanceDuring<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    const done = () => {
      isDone = true
    }
    work.then(done, done)
    await advanceUntil(() => isDone)
    return work
  }
}

/** Lets code continue that waits for promises only. */
export async function flushPromises(): Promise<void> {
  for (let n = 0; n < 3; n++) await new Promise<void>((resume) => setImmediate(resume))
}
