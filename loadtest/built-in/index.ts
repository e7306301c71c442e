/**
 * The built-in load engine as a process of its own, which `bun run loadtest` starts: its settings are in the environment, and
 * its result is a file. @see ../README.md
 */
import { exitCodes } from '../exit-codes'
import { readSettings } from '../settings'
import { given, maxLagMs, stairsOf } from '../shapes'
import { thresholdsOf } from '../thresholds'
import { createBrowser } from './browser'
import { systemClock as clock } from './clock'
import { createEngine } from './engine'
import { isBeyondHope, resultOf } from './judge'
import { createMetrics } from './metrics'
import { createNotables } from './notables'
import { createExport } from './otlp'
import { createProgress } from './progress'

const abortChecksEveryS = 2
const exportsEveryS = 5

const settings = readSettings(process.env)
const thresholds = thresholdsOf(settings, stairsOf(settings))
const metrics = createMetrics()
const notables = createNotables()
const toOtlp = process.env.RESULTS_ENDPOINT ? createExport(process.env.RESULTS_ENDPOINT) : undefined
const observers = [metrics.observer, notables.observer, { failure: reportOnce() }]
if (toOtlp) observers.push(toOtlp.observer)
const engine = createEngine({ settings, clock, send: createBrowser(settings), observers })
const progress = createProgress({
  metrics,
  onTheWay: engine.onTheWay,
  totalS: given(settings).durationS,
  isTerminal: process.stdout.isTTY,
  write: (text) => process.stdout.write(text),
})

let wasStopped = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    wasStopped = true
    engine.stop()
  })

const shoppers = await engine.signInShoppers().catch((error: Error) => {
  process.stderr.write(`no shopper can sign in at ${settings.url}: ${error.message} failed\n`)
  process.exit(1)
})
let second = 0
const everySecond = setInterval(() => {
  progress.show(++second)
  if (second % abortChecksEveryS === 0 && isBeyondHope(thresholds, metrics, second)) engine.stop()
  if (second % exportsEveryS === 0) exportNow()
}, 1000)
await engine.run(shoppers)
clearInterval(everySecond)
progress.end()
await exportNow()

const result = resultOf(thresholds, metrics)
await Bun.write(process.env.RESULT ?? '/dev/stdout', JSON.stringify(result))
const lines = notables.all().map((one) => `${JSON.stringify(one)}\n`)
if (process.env.REQUESTS) await Bun.write(process.env.REQUESTS, lines.join(''))
process.exit(exitCode())

function exitCode(): number {
  if (wasStopped) return exitCodes.stopped
  if ((metrics.find('lag')?.value('p(99)') ?? 0) > maxLagMs(settings)) return exitCodes.invalid
  const judged = Object.values(result.metrics).flatMap((metric) => Object.values(metric?.thresholds ?? {}))
  return judged.every(({ ok }) => ok) ? exitCodes.held : exitCodes.broken
}

async function exportNow(): Promise<void> {
  await toOtlp?.flush().catch((error: Error) => process.stderr.write(`metrics are not exported: ${error.message}\n`))
}

/** The first exception only: the others are likely to be the same. */
function reportOnce() {
  let isReported = false
  return (error: Error) => {
    if (!isReported) process.stderr.write(`a journey failed: ${error.message}\n`)
    isReported = true
  }
}
