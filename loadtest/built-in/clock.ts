/** The clock of a load test. Tests inject a virtual one. */
export interface Clock {
  /** Milliseconds since an arbitrary origin, with fractions. */
  nowMs(): number
  /** Resolves at that time of `nowMs`, or as soon as possible if it has passed. */
  sleepUntil(ms: number): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  sleepUntil: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - performance.now()))),
}
