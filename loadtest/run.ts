/**
 * `bun run loadtest [smoke|average|stress|spike|soak|breakpoint]`: people come to the shop that runs here. The exit code is
 * k6's: 0, 99 when a threshold does not hold, 1 when it could not begin.
 */
import { mkdirSync } from 'node:fs'
import { readPlaces } from '../observability/validate/places'
import { install } from '../src/dev/install'
import { findK6 } from './k6'
import type { Notable } from './notable'
import { type Options, readOptions } from './options'
import { type K6Summary, readFigures } from './report/figures'
import { asPage } from './report/page'
import { asText } from './report/text'
import { mostJourneys } from './shapes'
import { shopReady } from './shop-ready'
import { stockUp } from './stock'
import { announceRun, k6ToOtlp, tracePages } from './telemetry'

const notStocked =
  'stock: left as it is; to fill it up, USER_SERVICE_URL and PRODUCT_SERVICE_URL must name the services behind --url'

try {
  await install()
  process.exit(await loadtest(readOptions(process.argv.slice(2), process.env, await readPlaces(process.env))))
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function loadtest(options: Options): Promise<number> {
  const { settings, out } = options
  const k6 = await findK6(say)
  await shopReady(settings.url)
  // Three of ten buy, two pieces of one of ten products; and luck.
  const pieces = 100 + Math.ceil(mostJourneys(settings) / 5)
  const stocked = options.stock ? await stockUp(options.stock, pieces) : notStocked
  if (stocked) say(stocked)
  mkdirSync(out, { recursive: true })

  const isHeard = await tell(options)
  const exitCode = await run(k6, options, isHeard)
  if (isHeard) await tell(options, exitCode)
  await report(options)
  return exitCode
}

/** Whether somebody takes it: then k6's figures go there too. */
async function tell({ endpoint, settings }: Options, exitCode?: number): Promise<boolean> {
  try {
    await announceRun(endpoint, settings, exitCode)
    return true
  } catch (error) {
    say(`${endpoint} does not take the results: ${(error as Error).message}`)
    return false
  }
}

async function run(k6: string, { settings, out, endpoint }: Options, isHeard: boolean): Promise<number> {
  const given = {
    SHAPE: settings.shape,
    URL: settings.url,
    RUN: settings.run,
    JOURNEY: settings.journey,
    RATE: settings.rate,
    DURATION_S: settings.durationS,
    THINK_S: settings.thinkS,
    P95_MS: settings.p95Ms,
    RESULT: `${out}/k6.json`,
  }
  const command = [
    ...[k6, 'run', '--no-usage-report', '--address', ''],
    ...['--console-output', `${out}/requests.jsonl`, '--log-format', 'raw'],
    ...(process.stdout.isTTY ? [] : ['--quiet']),
    ...(isHeard ? ['--out', 'opentelemetry'] : []),
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : ['-e', `${name}=${value}`])),
    `${import.meta.dir}/shop.ts`,
  ]
  const child = Bun.spawn(command, {
    // Collecting its garbage would take a sixth of k6's time, on the processor that the shop needs.
    env: { GOGC: '400', ...process.env, ...k6ToOtlp(endpoint) },
    stdout: 'inherit',
    stderr: 'inherit',
  })
  // A terminal's Ctrl-C reaches k6 too, which then ends in order and says what it knows.
  const wait = () => {}
  const end = () => child.kill('SIGTERM')
  process.on('SIGINT', wait).on('SIGTERM', end)
  return child.exited
}

async function report({ settings, out, endpoint, places }: Options): Promise<void> {
  const result = Bun.file(`${out}/k6.json`)
  if (!(await result.exists())) return say('k6 left no result')
  const lines = await Bun.file(`${out}/requests.jsonl`)
    .text()
    .catch(() => '')
  const figures = readFigures((await result.json()) as K6Summary, settings, lines.split('\n').flatMap(notableIn))
  const text = asText(figures)
  await Bun.write(`${out}/summary.txt`, text)
  await Bun.write(`${out}/summary.json`, `${JSON.stringify(figures, null, 2)}\n`)
  const traces = await tracePages(endpoint, places)
  await Bun.write(`${out}/summary.html`, asPage(figures, traces))
  say(text)
  if (!figures.passed) say(`traces: ${traces}<id>`)
  say(`summaries: ${out}/summary.{txt,json,html}`)
}

/** What a virtual user said about a request; other lines of the file are k6's. */
function notableIn(line: string): Notable[] {
  const from = line.indexOf('{')
  if (from < 0) return []
  try {
    const notable = JSON.parse(line.slice(from)) as Notable
    return 'is_right' in notable ? [notable] : []
  } catch {
    return []
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
