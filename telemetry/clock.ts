// A correction that the system clock made (NTP, a laptop that slept) is followed from this size on, and looked for now and
// then only: asking for the time of day costs more than all else here.
const driftMs = 100
const callsBetweenLooks = 64

let originMs = performance.timeOrigin
let calls = 0

/**
 * Milliseconds since the epoch, with fractions. The SDK would add a correction of up to a millisecond to each span's
 * `performance.now()`, and children would seem to start before their parents.
 * @param started of `performance.now()`: what ends later is `startMs + performance.now() - started`, so that a clock that is
 * set meanwhile changes no duration.
 */
export function epochMs(started: number): number {
  const ms = originMs + started
  if (calls++ % callsBetweenLooks !== 0) return ms
  const offMs = Date.now() - ms
  if (Math.abs(offMs) < driftMs) return ms
  originMs += offMs
  return ms + offMs
}

export const nowMs = (): number => epochMs(performance.now())
