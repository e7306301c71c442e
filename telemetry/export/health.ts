import type { Logger } from '../logs/logger'
import { outside } from '../scope'
import type { Endpoint, Signal } from '../settings/endpoint'
import { items } from './report'

/**
 * Says in one line that receivers stopped taking signals, and in one that all of them do again.
 * @param lost how many items each signal has lost so far.
 */
export function createHealth(log: Logger, lost: () => Record<Signal, number>) {
  const failing = new Map<Signal, string>()
  let lostBefore: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  let sinceMs = 0

  return {
    /** Whether a receiver fails now. */
    isFailing: () => failing.size > 0,
    /** What became of an attempt. */
    heard({ signal, url }: Endpoint, failure?: string): void {
      const wasFailing = failing.size > 0
      if (failure === undefined) failing.delete(signal)
      else failing.set(signal, failure)
      if (failure !== undefined && !wasFailing) outside(() => stopped(url, failure))
      if (wasFailing && failing.size === 0) outside(resumed)
    },
  }

  function stopped(url: string, failure: string): void {
    sinceMs = performance.now()
    log.warn('telemetry is not taken; is a receiver listening?', {
      'otel.exporter.endpoint': new URL(url).origin,
      'error.type': failure,
    })
  }

  function resumed(): void {
    const now = lost()
    const seconds = Math.round((performance.now() - sinceMs) / 1000)
    log.info('telemetry is taken again', {
      'otel.exporter.outage_s': seconds,
      ...Object.fromEntries(
        (Object.keys(items) as Signal[]).map((signal) => [
          `otel.exporter.lost.${items[signal]}s`,
          now[signal] - lostBefore[signal],
        ]),
      ),
    })
    lostBefore = now
  }
}
