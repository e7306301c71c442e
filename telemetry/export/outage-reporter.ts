import { withoutContext } from '../active-context'
import type { Logger } from '../logs/logger'
import type { Endpoint, Signal } from '../settings/endpoint'
import { itemNames } from './exporter-metrics'

// A receiver that takes every second batch would fill the log with its moods.
const quietMs = 30_000

/**
 * Says in one line that receivers stopped taking signals, and in one that all of them do again; each pair of these at most
 * every half minute.
 * @param lost how many items each signal has lost so far.
 */
export function createOutageReporter(log: Logger, lost: () => Record<Signal, number>) {
  const failing = new Map<Signal, [url: string, failure: string]>()
  let lostBefore: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  let hasSaidSo = false
  let saidMs = Number.NEGATIVE_INFINITY
  let sinceMs = 0
  let later: ReturnType<typeof setTimeout> | undefined

  return {
    /** Whether a receiver fails now. */
    isFailing: () => failing.size > 0,
    /** What became of an attempt. */
    recordAttempt({ signal, url }: Endpoint, failure?: string): void {
      if (failing.size === 0 && failure !== undefined) sinceMs = performance.now()
      if (failure === undefined) failing.delete(signal)
      else failing.set(signal, [url, failure])
      withoutContext(consider)
    },
  }

  function consider(): void {
    const [first] = failing.values()
    if (!first) {
      if (hasSaidSo) resumed()
      return
    }
    if (hasSaidSo || later) return
    const restMs = saidMs + quietMs - performance.now()
    if (restMs > 0) later = setTimeout(reconsider, restMs).unref()
    else stopped(...first)
  }

  function reconsider(): void {
    later = undefined
    consider()
  }

  function stopped(url: string, failure: string): void {
    hasSaidSo = true
    saidMs = performance.now()
    log.warn('telemetry is not taken; is a receiver listening?', {
      'otel.exporter.endpoint': new URL(url).origin,
      'error.type': failure,
    })
  }

  function resumed(): void {
    hasSaidSo = false
    const now = lost()
    const seconds = Math.round((performance.now() - sinceMs) / 1000)
    log.info('telemetry is taken again', {
      'otel.exporter.outage_s': seconds,
      ...Object.fromEntries(
        (Object.keys(itemNames) as Signal[]).map((signal) => [
          `otel.exporter.lost.${itemNames[signal]}s`,
          now[signal] - lostBefore[signal],
        ]),
      ),
    })
    lostBefore = now
  }
}
