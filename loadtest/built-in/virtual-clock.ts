import type { Clock } from './clock'

/** A clock for tests. It jumps to the next time that a caller sleeps until, plus `lateMs`. */
export function createVirtualClock(lateMs: () => number = () => 0) {
  let now = 0
  const sleeping: { untilMs: number; wake: () => void }[] = []
  const clock: Clock = {
    nowMs: () => now,
    sleepUntil: (untilMs) => new Promise((wake) => sleeping.push({ untilMs, wake })),
  }
  return {
    clock,
    /** Lets time pass until the promise is settled. */
    async runUntilSettled<T>(promise: Promise<T>): Promise<T> {
      let isSettled = false
      const settled = () => {
        isSettled = true
      }
      promise.then(settled, settled)
      for (;;) {
        // Runs everything that needs no time to pass.
        await new Promise((resolve) => setImmediate(resolve))
        if (isSettled) return promise
        const next = sleeping.toSorted((a, b) => a.untilMs - b.untilMs)[0]
        if (!next) throw new Error('the promise waits for something other than the clock')
        sleeping.splice(sleeping.indexOf(next), 1)
        now = Math.max(now, next.untilMs + lateMs())
        next.wake()
      }
    },
  }
}
