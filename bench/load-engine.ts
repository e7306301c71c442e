import { existsSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import type { EngineResult } from '../loadtest/report/summary'
import { settingsAsEnv } from '../loadtest/settings'
import { markdownTable, print } from './print'
import { startStaticServer } from './static-server'

const perS = 100

/**
 * Compares the built-in load engine with vegeta, in turn: the rate at which requests arrive, and the percentiles. Then measures
 * the 99th percentile of 30 s in which the server stalls for 5 s. vegeta comes from the `PATH`, or is built with Go into a cache.
 */
export async function loadEngine(seconds = 10, rounds = 5) {
  const vegeta = await findVegeta()
  const server = await startStaticServer()
  const all: Record<string, Measured[]> = { engine: [], vegeta: [] }
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries({ engine, vegeta: byVegeta(vegeta) })) {
      const measured = await run(server.url, perS, seconds)
      const { per_s } = await server.takeArrivals()
      // The first round warms the server up.
      if (round >= 0) all[name]?.push({ ...measured, per_s })
    }
  }
  await server.stop()
  const [ours, theirs] = [medians(all.engine ?? []), medians(all.vegeta ?? [])]
  const rows = columns.map((name) => [
    name,
    round2(ours[name]),
    round2(theirs[name]),
    percent(ours[name], theirs[name]),
  ])
  print(`${perS} requests/s for ${seconds} s to one address, medians of ${rounds} alternating rounds`)
  print(markdownTable(['', 'built-in', 'vegeta', 'difference'], rows))

  const stalling = await startStaticServer({ stallAfterS: 10 })
  const stalled = await engine(stalling.url, perS, 30)
  await stalling.stop()
  print(
    `30 s with a server that stalls once for 5 s: p99 ${Math.round(stalled.p99_ms)} ms, lag p99 ${round2(stalled.lag_p99_ms)} ms`,
  )
  return { engine: ours, vegeta: theirs, stalled }
}

interface Measured {
  p50_ms: number
  p99_ms: number
  /** Requests per second, as counted by the server. */
  per_s: number
  lag_p99_ms: number
}
const columns = ['per_s', 'p50_ms', 'p99_ms', 'lag_p99_ms'] as const

async function engine(url: string, perS: number, seconds: number): Promise<Measured> {
  const result = `/tmp/vitrine-bench-load-engine-${process.pid}.json`
  const settings = { shape: 'smoke', url, run: 'bench', journey: 'home', rate: perS, durationS: seconds } as const
  // This journey has no pauses, but the think time determines the limit of active journeys.
  const env = settingsAsEnv({ ...settings, thinkS: 1, p95Ms: undefined, maxLagMs: undefined })
  const child = Bun.spawn([process.execPath, 'loadtest/built-in/index.ts'], {
    env: { ...process.env, ...env, RESULT: result, BUN_CONFIG_MAX_HTTP_REQUESTS: '65336' },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  await child.exited
  const { metrics } = (await Bun.file(result).json()) as EngineResult
  rmSync(result)
  const value = (metric: string, aggregate: string) => metrics[metric]?.values[aggregate] ?? Number.NaN
  if (value('http_req_failed{phase:load}', 'rate') !== 0) throw new Error('requests of the built-in engine failed')
  return {
    p50_ms: value('http_req_duration{phase:load}', 'med'),
    p99_ms: value('http_req_duration{phase:load}', 'p(99)'),
    per_s: value('http_reqs{phase:load}', 'count') / seconds,
    lag_p99_ms: value('lag', 'p(99)'),
  }
}

const byVegeta = (vegeta: string) =>
  async function byVegeta(url: string, perS: number, seconds: number): Promise<Measured> {
    const attack = `echo "GET ${url}/" | "${vegeta}" attack -rate=${perS}/s -duration=${seconds}s | "${vegeta}" report -type=json`
    const child = Bun.spawn(['sh', '-c', attack], { stdout: 'pipe', stderr: 'inherit' })
    const report = (await new Response(child.stdout).json()) as {
      latencies: Record<'50th' | '99th', number>
      rate: number
      success: number
    }
    if (report.success !== 1) throw new Error('requests of vegeta failed')
    const { latencies, rate } = report
    return { p50_ms: latencies['50th'] / 1e6, p99_ms: latencies['99th'] / 1e6, per_s: rate, lag_p99_ms: Number.NaN }
  }

// MIT license. Only this bench needs it.
const vegetaModule = 'github.com/tsenart/vegeta/v12@v12.13.0'

async function findVegeta(): Promise<string> {
  const onPath = Bun.which('vegeta')
  if (onPath) return onPath
  const cache = `${process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`}/vitrine-bench/${vegetaModule.split('@')[1]}`
  if (existsSync(`${cache}/vegeta`)) return `${cache}/vegeta`
  if (!Bun.which('go')) throw new Error('this bench needs vegeta on the PATH, or Go to build it')
  const child = Bun.spawn(['go', 'install', vegetaModule], { env: { ...process.env, GOBIN: cache }, stdout: 'ignore' })
  if ((await child.exited) !== 0) throw new Error(`go install ${vegetaModule} failed`)
  return `${cache}/vegeta`
}

function medians(all: Measured[]): Measured {
  const median = (name: (typeof columns)[number]) =>
    all.map((one) => one[name]).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
  return {
    p50_ms: median('p50_ms'),
    p99_ms: median('p99_ms'),
    per_s: median('per_s'),
    lag_p99_ms: median('lag_p99_ms'),
  }
}

const round2 = (value: number) => (Number.isNaN(value) ? '' : String(Math.round(value * 100) / 100))
const percent = (ours: number, theirs: number) =>
  Number.isNaN(theirs) ? '' : `${(((ours - theirs) / theirs) * 100).toFixed(1)} %`
