// Corrections of the system clock (NTP, a laptop that slept) are followed from this size on. They are checked rarely:
// `Date.now()` costs more than the rest of this function.
const driftMs = 100
const callsBetweenChecks = 64

let originMs = performance.timeOrigin
let calls = 0

/**
 * Converts a `performance.now()` to milliseconds since the epoch, with fractions. The SDK corrects each span separately by
 * up to 1 ms, so that children seem to start before their parents.
 * @param started the start of an operation. Compute its end as `startMs + performance.now() - started`: then a change of
 * the system clock does not affect the duration.
 */
export function epochMs(started: number): number {
  const ms = originMs + started
  if (calls++ % callsBetweenChecks !== 0) return ms
  const offMs = Date.now() - ms
  if (Math.abs(offMs) < driftMs) return ms
  originMs += offMs
  return ms + offMs
}

export const nowMs = (): number => epochMs(performance.now())
