/** The time of a load test; tests inject one of their own. */
export interface Clock {
  /** Milliseconds from any origin, with fractions. */
  nowMs(): number
  /** Resolves at that time of `nowMs`, or as soon as possible where it has passed. */
  sleepUntil(ms: number): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  sleepUntil: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - performance.now()))),
}
