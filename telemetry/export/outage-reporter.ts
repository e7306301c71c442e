import { withoutContext } from '../active-context'
import type { Logger } from '../logs/logger'
import type { Endpoint, Signal } from '../settings/endpoint'
import { itemNames } from './exporter-metrics'

// Limits the log lines about a receiver that fails intermittently.
const minPauseMs = 30_000

/**
 * Logs one warning when a receiver stops accepting signals, and one line when all receivers accept them again: at most one
 * such pair every 30 s.
 * @param countLost the spans, data points and log records lost so far.
 */
export function createOutageReporter(log: Logger, countLost: () => Record<Signal, number>) {
  const failing = new Map<Signal, [url: string, failure: string]>()
  let lostBefore: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  let isReported = false
  let reportedMs = Number.NEGATIVE_INFINITY
  let sinceMs = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    /** Whether a receiver is failing now. */
    isFailing: () => failing.size > 0,
    /** Records an attempt. @param failure why it failed; `undefined` for a success. */
    recordAttempt({ signal, url }: Endpoint, failure?: string): void {
      if (failing.size === 0 && failure !== undefined) sinceMs = performance.now()
      if (failure === undefined) failing.delete(signal)
      else failing.set(signal, [url, failure])
      withoutContext(update)
    },
  }

  function update(): void {
    const [first] = failing.values()
    if (!first) {
      if (isReported) reportRecovery()
      return
    }
    if (isReported || timer) return
    const pauseMs = reportedMs + minPauseMs - performance.now()
    if (pauseMs > 0) timer = setTimeout(onTimer, pauseMs).unref()
    else reportOutage(...first)
  }

  function onTimer(): void {
    timer = undefined
    update()
  }

  function reportOutage(url: string, failure: string): void {
    isReported = true
    reportedMs = performance.now()
    log.warn('telemetry is not accepted; is a receiver listening?', {
      'otel.exporter.endpoint': new URL(url).origin,
      'error.type': failure,
    })
  }

  function reportRecovery(): void {
    isReported = false
    const now = countLost()
    const seconds = Math.round((performance.now() - sinceMs) / 1000)
    log.info('telemetry is accepted again', {
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
