/**
 * The process of the built-in load engine, which `bun run loadtest` starts. It reads its settings from the environment and writes
 * its result to a file. @see ../README.md
 */
import { readSettings } from '../settings'
import { createBrowser } from './browser'
import { systemClock } from './clock'
import { createLoadTest } from './load-test'
import { createMetricExporter } from './metric-exporter'

const { RESULT, REQUESTS, RESULTS_ENDPOINT } = process.env
const settings = readSettings(process.env)
const loadTest = createLoadTest({
  settings,
  clock: systemClock,
  send: createBrowser(settings),
  exporter: RESULTS_ENDPOINT ? createMetricExporter(RESULTS_ENDPOINT) : undefined,
  write: (text) => process.stdout.write(text),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  warn: (line) => process.stderr.write(`${line}\n`),
})
process.on('SIGINT', loadTest.stop).on('SIGTERM', loadTest.stop)

try {
  const { exitCode, result, notableRequests } = await loadTest.run()
  if (RESULT) await Bun.write(RESULT, JSON.stringify(result))
  if (REQUESTS) await Bun.write(REQUESTS, notableRequests.map((one) => `${JSON.stringify(one)}\n`).join(''))
  process.exit(exitCode)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
