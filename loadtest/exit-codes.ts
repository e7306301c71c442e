/** How a load test ends. The first three are k6's own. */
export const exitCodes = {
  passed: 0,
  /** A threshold does not hold. */
  thresholdsFailed: 99,
  /** Stopped from outside, by Ctrl-C for example. */
  stopped: 105,
  /** The engine itself was too late for its figures to mean anything: "try again" in sysexits.h. */
  invalid: 75,
} as const
