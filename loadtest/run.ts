/**
 * `bun run loadtest [smoke|average|stress|spike|soak|breakpoint]`: people come to the shop that runs here. The exit code is
 * the engine's (`exit-codes.ts`): 0, 99 when a threshold does not hold, 75 when the engine was too late; 1 when it could not begin.
 */
import { mkdirSync } from 'node:fs'
import { installPackages } from '../dev/install-packages'
import { readEndpoints } from '../stack/endpoints'
import { type Engine, engineLabel, engineText, findEngine } from './engines'
import type { NotableRequest } from './notable-request'
import { type Options, readOptions } from './options'
import { renderHtml } from './report/page'
import { type EngineResult, summarizeRun } from './report/summary'
import { renderText } from './report/text'
import { settingsAsEnv } from './settings'
import { maxJourneys } from './shapes'
import { assertShopReady } from './shop-ready'
import { ensureStock } from './stock'
import { announceRun, k6OtlpEnv, traceUrlPrefix } from './telemetry'

const notStocked =
  'stock: left as it is; to fill it up, USER_SERVICE_URL and PRODUCT_SERVICE_URL must name the services behind --url'

try {
  await installPackages()
  process.exit(await loadtest(readOptions(process.argv.slice(2), process.env, await readEndpoints(process.env))))
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function loadtest(options: Options): Promise<number> {
  const { settings, outDir } = options
  const engine = findEngine(options.engine, process.env)
  say(engineText(engine))
  await assertShopReady(settings.url)
  // Three of ten buy, two pieces of one of ten products; and luck.
  const pieces = 100 + Math.ceil(maxJourneys(settings) / 5)
  const stocked = options.stock ? await ensureStock(options.stock, pieces) : notStocked
  if (stocked) say(stocked)
  mkdirSync(outDir, { recursive: true })

  const isHeard = await tell(options)
  const exitCode = await run(engine, options, isHeard)
  if (isHeard) await tell(options, exitCode)
  await report(engine, options)
  return exitCode
}

/** Whether the endpoint accepts it. The engine then exports its metrics there too. */
async function tell({ otlpEndpoint, settings }: Options, exitCode?: number): Promise<boolean> {
  try {
    await announceRun(otlpEndpoint, settings, exitCode)
    return true
  } catch (error) {
    say(`${otlpEndpoint} does not take the results: ${(error as Error).message}`)
    return false
  }
}

async function run(engine: Engine, options: Options, isHeard: boolean): Promise<number> {
  const [command, env] = engine.name === 'k6' ? k6(engine.path, options, isHeard) : builtIn(options, isHeard)
  const child = Bun.spawn(command, { env: { ...process.env, ...env }, stdout: 'inherit', stderr: 'inherit' })
  // A terminal's Ctrl-C reaches the engine too, which then ends in order and reports what it has.
  const wait = () => {}
  const end = () => child.kill('SIGTERM')
  process.on('SIGINT', wait).on('SIGTERM', end)
  return child.exited
}

type Command = [command: string[], env: Record<string, string>]

function builtIn({ settings, outDir, otlpEndpoint }: Options, isHeard: boolean): Command {
  const files = { RESULT: `${outDir}/result.json`, REQUESTS: `${outDir}/requests.jsonl` }
  const env = {
    ...settingsAsEnv(settings),
    ...files,
    RESULTS_ENDPOINT: isHeard ? otlpEndpoint : '',
    // Bun sends 256 requests at a time by default, and a stalled shop has more that wait.
    BUN_CONFIG_MAX_HTTP_REQUESTS: '65336',
  }
  return [[process.execPath, `${import.meta.dir}/built-in/index.ts`], env]
}

function k6(path: string, { settings, outDir, otlpEndpoint }: Options, isHeard: boolean): Command {
  const given = { ...settingsAsEnv(settings), RESULT: `${outDir}/result.json` }
  const command = [
    ...[path, 'run', '--no-usage-report', '--address', ''],
    ...['--console-output', `${outDir}/requests.jsonl`, '--log-format', 'raw'],
    ...(process.stdout.isTTY ? [] : ['--quiet']),
    ...(isHeard ? ['--out', 'opentelemetry'] : []),
    ...Object.entries(given).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    `${import.meta.dir}/k6/shop.ts`,
  ]
  // Collecting its garbage would take a sixth of k6's time, on the processor that the shop needs.
  return [command, { GOGC: process.env.GOGC ?? '400', ...k6OtlpEnv(otlpEndpoint) }]
}

async function report(engine: Engine, { settings, outDir, otlpEndpoint, endpoints }: Options): Promise<void> {
  const result = Bun.file(`${outDir}/result.json`)
  if (!(await result.exists())) return say(`${engine.name} left no result`)
  const lines = await Bun.file(`${outDir}/requests.jsonl`)
    .text()
    .catch(() => '')
  const figures = summarizeRun(
    (await result.json()) as EngineResult,
    settings,
    lines.split('\n').flatMap(notableIn),
    engineLabel(engine),
  )
  const text = renderText(figures)
  await Bun.write(`${outDir}/summary.txt`, text)
  await Bun.write(`${outDir}/summary.json`, `${JSON.stringify(figures, null, 2)}\n`)
  const traces = await traceUrlPrefix(otlpEndpoint, endpoints)
  await Bun.write(`${outDir}/summary.html`, renderHtml(figures, traces))
  say(text)
  if (!figures.passed) say(`traces: ${traces}<id>`)
  say(`summaries: ${outDir}/summary.{txt,json,html}`)
}

/** A request that an engine reports; other lines of the file are the engine's. */
function notableIn(line: string): NotableRequest[] {
  const from = line.indexOf('{')
  if (from < 0) return []
  try {
    const notable = JSON.parse(line.slice(from)) as NotableRequest
    return 'is_right' in notable ? [notable] : []
  } catch {
    return []
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
