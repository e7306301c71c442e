import { exitCodes } from '../exit-codes'
import type { NotableRequest } from '../notable-request'
import type { EngineResult } from '../report/summary'
import { maxLagMs, type Settings, stairsOf, withShapeDefaults } from '../shapes'
import { thresholdsOf } from '../thresholds'
import type { Visitor } from '../visit'
import type { Clock } from './clock'
import { createEngine, type Send } from './engine'
import { engineResultOf, shouldAbort } from './evaluate-thresholds'
import { createMetrics } from './metrics'
import { createNotableRequests } from './notable-requests'
import type { Observer } from './observer'
import { createProgress } from './progress'

const abortChecksEveryS = 2
const exportsEveryS = 5

export interface LoadTestOptions {
  settings: Settings
  clock: Clock
  send: Send
  /** Takes the metrics while the run lasts. */
  exporter?: { observer: Observer; flush(): Promise<void> } | undefined
  /** Writes progress. */
  write: (text: string) => void
  /** Width of the terminal that it writes to, if it is one. */
  columns: number | undefined
  /** Writes what went wrong beside the requests. */
  warn: (line: string) => void
}

export interface LoadTestOutcome {
  exitCode: number
  result: EngineResult
  notableRequests: NotableRequest[]
}

/** One load test by the built-in engine: signs shoppers in, runs the scenarios, judges the thresholds. */
export function createLoadTest({ settings, clock, send, exporter, write, columns, warn }: LoadTestOptions) {
  const thresholds = thresholdsOf(settings, stairsOf(settings))
  const metrics = createMetrics()
  const notables = createNotableRequests()
  const observers = [metrics.observer, notables.observer, { failure: complainOnce() }]
  if (exporter) observers.push(exporter.observer)
  const engine = createEngine({ settings, clock, send, observers })
  const totalS = withShapeDefaults(settings).durationS
  const progress = createProgress({ metrics, activeJourneys: engine.activeJourneys, totalS, columns, write })
  let wasStopped = false
  let hasEnded = false

  return {
    /** @throws Error when no shopper can sign in */
    async run(): Promise<LoadTestOutcome> {
      const shoppers = await engine.signInShoppers().catch(refused)
      watch()
      await engine.run(shoppers)
      hasEnded = true
      progress.end()
      await flush()
      const result = engineResultOf(thresholds, metrics)
      return { exitCode: exitCodeOf(result), result, notableRequests: notables.all() }
    },
    /** Ends the run now; `run` resolves with what was measured. */
    stop() {
      wasStopped = true
      engine.stop()
    },
  }

  function refused(error: Error): Visitor[] {
    if (wasStopped) return []
    throw new Error(`no shopper can sign in at ${settings.url}: ${error.message} failed`)
  }

  async function watch(): Promise<void> {
    const startMs = clock.nowMs()
    for (let second = 1; ; second++) {
      await clock.sleepUntil(startMs + second * 1000)
      if (hasEnded) return
      progress.show(second)
      if (second % abortChecksEveryS === 0 && shouldAbort(thresholds, metrics, second)) engine.stop()
      if (second % exportsEveryS === 0) flush()
    }
  }

  function exitCodeOf({ metrics: judged }: EngineResult): number {
    if (wasStopped) return exitCodes.stopped
    if ((metrics.find('lag')?.value('p(99)') ?? 0) > maxLagMs(settings)) return exitCodes.invalid
    const thresholds = Object.values(judged).flatMap((metric) => Object.values(metric?.thresholds ?? {}))
    return thresholds.every(({ ok }) => ok) ? exitCodes.passed : exitCodes.thresholdsFailed
  }

  async function flush(): Promise<void> {
    await exporter?.flush().catch((error: Error) => warn(`metrics are not exported: ${error.message}`))
  }

  /** The first exception only: the others are likely to be the same. */
  function complainOnce() {
    let hasComplained = false
    return (error: Error) => {
      if (!hasComplained) warn(`a journey failed: ${error.message}`)
      hasComplained = true
    }
  }
}
