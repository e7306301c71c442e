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

/** Exit codes of a load test. The first three are k6's. */
const exitCodes = {
  passed: 0,
  thresholdsFailed: 99,
  /** Stopped by a signal, such as Ctrl-C. */
  stopped: 105,
  /** The engine was too late for meaningful results: EX_TEMPFAIL of sysexits.h. */
  invalid: 75,
} as const

export interface LoadTestOptions {
  settings: Settings
  clock: Clock
  send: Send
  /** Exports metrics during the run. */
  exporter?: { observer: Observer; flush(): Promise<void> } | undefined
  /** Writes progress. */
  write: (text: string) => void
  /** Width of the terminal; `undefined` where the output is no terminal. */
  columns: number | undefined
  /** Prints problems other than failed requests. */
  warn: (line: string) => void
}

export interface LoadTestOutcome {
  exitCode: number
  result: EngineResult
  notableRequests: NotableRequest[]
}

/** Creates a load test by the built-in engine: it signs shoppers in, runs the scenarios and evaluates the thresholds. */
export function createLoadTest({ settings, clock, send, exporter, write, columns, warn }: LoadTestOptions) {
  const thresholds = thresholdsOf(settings, stairsOf(settings))
  const metrics = createMetrics()
  const notableRequests = createNotableRequests()
  const observers = [metrics.observer, notableRequests.observer, { failure: warnOnce() }]
  if (exporter) observers.push(exporter.observer)
  const engine = createEngine({ settings, clock, send, observers })
  const totalS = withShapeDefaults(settings).durationS
  const progress = createProgress({ metrics, activeJourneys: engine.activeJourneys, totalS, columns, write })
  let wasStopped = false
  let hasEnded = false

  return {
    /** @throws Error when no shopper can sign in */
    async run(): Promise<LoadTestOutcome> {
      const shoppers = await engine.signInShoppers().catch(signInFailed)
      watch()
      await engine.run(shoppers)
      hasEnded = true
      progress.end()
      await flush()
      const result = engineResultOf(thresholds, metrics)
      return { exitCode: exitCodeOf(result), result, notableRequests: notableRequests.all() }
    },
    /** Ends the run now. `run` resolves with the results so far. */
    stop() {
      wasStopped = true
      engine.stop()
    },
  }

  function signInFailed(error: Error): Visitor[] {
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

  function exitCodeOf({ metrics: results }: EngineResult): number {
    if (wasStopped) return exitCodes.stopped
    if ((metrics.find('lag')?.value('p(99)') ?? 0) > maxLagMs(settings)) return exitCodes.invalid
    const thresholds = Object.values(results).flatMap((metric) => Object.values(metric?.thresholds ?? {}))
    return thresholds.every(({ ok }) => ok) ? exitCodes.passed : exitCodes.thresholdsFailed
  }

  async function flush(): Promise<void> {
    await exporter?.flush().catch((error: Error) => warn(`metrics are not exported: ${error.message}`))
  }

  /** Prints the first exception only, because the others are mostly equal. */
  function warnOnce() {
    let hasWarned = false
    return (error: Error) => {
      if (!hasWarned) warn(`a journey failed: ${error.message}`)
      hasWarned = true
    }
  }
}
