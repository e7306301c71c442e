/**
 * `bun run loadtest [smoke|average|stress|spike|soak|breakpoint]` runs a load test on the running shop. It exits with the engine's
 * code: 0, 99 when a threshold fails, 75 when the engine was too late; 1 when the test could not start.
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
  'stock: unchanged; to fill it up, set USER_SERVICE_URL and PRODUCT_SERVICE_URL to the services behind --url'

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
  print(engineText(engine))
  await assertShopReady(settings.url)
  // Three of ten journeys buy, up to two pieces of one of ten products. The rest is a margin for chance.
  const pieces = 100 + Math.ceil(maxJourneys(settings) / 5)
  const stocked = options.stock ? await ensureStock(options.stock, pieces) : notStocked
  if (stocked) print(stocked)
  mkdirSync(outDir, { recursive: true })

  const isAccepted = await announce(options)
  const exitCode = await run(engine, options, isAccepted)
  if (isAccepted) await announce(options, exitCode)
  await report(engine, options)
  return exitCode
}

/** Emits the event of the start or end. Returns whether the endpoint accepts it, so that the engine can export metrics there. */
async function announce({ otlpEndpoint, settings }: Options, exitCode?: number): Promise<boolean> {
  try {
    await announceRun(otlpEndpoint, settings, exitCode)
    return true
  } catch (error) {
    print(`${otlpEndpoint} does not accept the results: ${(error as Error).message}`)
    return false
  }
}

async function run(engine: Engine, options: Options, isAccepted: boolean): Promise<number> {
  const [command, env] = engine.name === 'k6' ? k6(engine.path, options, isAccepted) : builtIn(options, isAccepted)
  const child = Bun.spawn(command, { env: { ...process.env, ...env }, stdout: 'inherit', stderr: 'inherit' })
  // A terminal sends Ctrl-C to the engine too, which then ends and writes its results.
  process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill('SIGTERM'))
  return child.exited
}

type Command = [command: string[], env: Record<string, string>]

function builtIn({ settings, outDir, otlpEndpoint }: Options, isAccepted: boolean): Command {
  const files = { RESULT: `${outDir}/result.json`, REQUESTS: `${outDir}/requests.jsonl` }
  const env = {
    ...settingsAsEnv(settings),
    ...files,
    RESULTS_ENDPOINT: isAccepted ? otlpEndpoint : '',
    // Bun's default is 256 concurrent requests. A stalled shop has more pending.
    BUN_CONFIG_MAX_HTTP_REQUESTS: '65336',
  }
  return [[process.execPath, `${import.meta.dir}/built-in/index.ts`], env]
}

function k6(path: string, { settings, outDir, otlpEndpoint }: Options, isAccepted: boolean): Command {
  const variables = { ...settingsAsEnv(settings), RESULT: `${outDir}/result.json` }
  const command = [
    ...[path, 'run', '--no-usage-report', '--address', ''],
    ...['--console-output', `${outDir}/requests.jsonl`, '--log-format', 'raw'],
    ...(process.stdout.isTTY ? [] : ['--quiet']),
    ...(isAccepted ? ['--out', 'opentelemetry'] : []),
    ...Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    `${import.meta.dir}/k6/shop.ts`,
  ]
  // By default garbage collection takes a sixth of k6's CPU time, which the shop needs.
  return [command, { GOGC: process.env.GOGC ?? '400', ...k6OtlpEnv(otlpEndpoint) }]
}

async function report(engine: Engine, { settings, outDir, otlpEndpoint, endpoints }: Options): Promise<void> {
  const result = Bun.file(`${outDir}/result.json`)
  if (!(await result.exists())) return print(`${engine.name} wrote no result`)
  const lines = await Bun.file(`${outDir}/requests.jsonl`)
    .text()
    .catch(() => '')
  const summary = summarizeRun(
    (await result.json()) as EngineResult,
    settings,
    lines.split('\n').flatMap(parseNotableRequest),
    engineLabel(engine),
  )
  const text = renderText(summary)
  await Bun.write(`${outDir}/summary.txt`, text)
  await Bun.write(`${outDir}/summary.json`, `${JSON.stringify(summary, null, 2)}\n`)
  const traces = await traceUrlPrefix(otlpEndpoint, endpoints)
  await Bun.write(`${outDir}/summary.html`, renderHtml(summary, traces))
  print(text)
  if (!summary.passed) print(`traces: ${traces}<id>`)
  print(`summaries: ${outDir}/summary.{txt,json,html}`)
}

/** Parses a notable request. Other lines of the file are log lines of the engine. */
function parseNotableRequest(line: string): NotableRequest[] {
  const start = line.indexOf('{')
  if (start < 0) return []
  try {
    const notable = JSON.parse(line.slice(start)) as NotableRequest
    return 'is_right' in notable ? [notable] : []
  } catch {
    return []
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
