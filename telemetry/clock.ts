// A correction that the system clock made (NTP, a laptop that slept) is followed from this size on.
const driftMs = 100
let originMs = performance.timeOrigin

/**
 * Milliseconds since the epoch, with fractions that never run backwards within a request. The SDK would add a correction
 * of up to a millisecond to each span's `performance.now()`, and children would seem to start before their parents.
 */
export function nowMs(): number {
  const ms = originMs + performance.now()
  const offMs = Date.now() - ms
  if (Math.abs(offMs) < driftMs) return ms
  originMs += offMs
  return ms + offMs
}
