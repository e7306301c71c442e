import type { Telemetry } from '@vitrine/telemetry'

const quietMs = 60_000

/** Returns a function that logs the first error of a full disk, and the next one only after a minute without any. */
export function createStorageFullReporter({ log }: Telemetry): (error: unknown) => void {
  let lastMs = Number.NEGATIVE_INFINITY
  return function reportStorageFull(error) {
    const nowMs = performance.now()
    if (nowMs - lastMs > quietMs) log.exception('storage.full', error)
    lastMs = nowMs
  }
}
