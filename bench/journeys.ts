import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { hasEnded } from '../launch/program'
import type { LoadTestSummary } from '../loadtest/report/summary'
import { startServices } from '../test/service-processes'
import { markdownTable, print } from './print'
import { startReceiver } from './receiver'
import { cpuUs } from './wrk'

// CPU time is not measured at the start (registrations, cold code) and at the end (the engine's summary).
const maxWindowS = 20
const tailS = 5
const minSeconds = 20

/**
 * The full order journey (home, product, cart, payment, thank-you page) at a constant rate by the built-in load engine: the CPU
 * time of each program per journey, and the percentiles of each step. The four services run with telemetry, on SQLite, with a
 * receiver that accepts everything.
 * @param perS journeys per second
 */
export async function journeys(perS = 40, seconds = 40) {
  if (seconds < minSeconds)
    throw new Error(`${seconds} s are too short for a measurement after the warm-up: use ${minSeconds} or more`)
  const receiver = await startReceiver()
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const shop = await startServices({ ...endpoint, TRUSTED_PROXIES: '127.0.0.1', SEED_STOCK: '1000000' }, false)
  try {
    const { frontend, user, product, order } = shop
    const pids = { frontend: frontend.pid, user: user.pid, product: product.pid, order: order.pid }
    const { perSecond, summary } = await load(pids, perS, seconds, frontend.url, endpoint)
    const windowS = Math.min(maxWindowS, Math.floor(seconds / 2))
    const [from = {}, to = {}] = [perSecond.at(-1 - tailS - windowS), perSecond.at(-1 - tailS)]
    // On a slow machine fewer journeys end than start.
    const endedPerS = summary.journeys.made / seconds
    const cpuMs = Object.fromEntries(
      Object.keys(to).map((name) => [name, round2(((to[name] ?? 0) - (from[name] ?? 0)) / 1000 / windowS / endedPerS)]),
    )
    print(`the full order journey, ${perS}/s by the built-in engine, on SQLite: CPU ms per journey over ${windowS} s`)
    print(markdownTable(Object.keys(cpuMs), [Object.values(cpuMs).map(String)]))
    print(
      markdownTable(
        ['step', 'p50 ms', 'p95 ms'],
        summary.steps.map(({ step, p50_ms, p95_ms }) => [step, ms(p50_ms), ms(p95_ms)]),
      ),
    )
    const { journeys: all, lag } = summary
    print(
      `${all.made} journeys ended, ${round2(all.ended_share * 100)} % completed, ${all.dropped} dropped; lag of the engine p99 ${lag?.p99_ms} ms`,
    )
    return {
      cpu_ms: cpuMs,
      ...all,
      lag,
      p95_ms: Object.fromEntries(summary.steps.map(({ step, p95_ms }) => [step, round2(p95_ms)])),
    }
  } finally {
    await shop.stop()
    await receiver.stop()
  }
}

/** Runs a load test, and reads once a second the CPU time so far of the programs and the engine. */
async function load(pids: Pids, perS: number, seconds: number, url: string, env: Record<string, string>) {
  const out = `/tmp/vitrine-bench-journeys-${process.pid}`
  const args = [
    '--engine',
    'built-in',
    '--journey',
    'order',
    '--think',
    '0.1',
    '--rate',
    String(perS),
    '--duration',
    `${seconds}s`,
  ]
  const test = Bun.spawn([process.execPath, 'loadtest/run.ts', 'soak', ...args, '--url', url, '--out', out], {
    env: { ...process.env, ...env },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  const perSecond: Pids[] = []
  while (!hasEnded(test)) {
    const all = Object.entries({ ...pids, engine: engineOf(test.pid) })
    perSecond.push(Object.fromEntries(all.map(([name, pid]) => [name, isRunning(pid) ? cpuUs([pid]) : 0])))
    await Promise.race([test.exited, Bun.sleep(1000)])
  }
  const file = Bun.file(`${out}/summary.json`)
  if (!(await file.exists())) throw new Error(`the load test exited with ${test.exitCode} and wrote no summary`)
  const summary = (await file.json()) as LoadTestSummary
  rmSync(out, { recursive: true })
  return { perSecond, summary }
}

type Pids = Record<string, number>

/** The process of the load engine, 0 before it has started. */
function engineOf(pid: number): number {
  if (!isRunning(pid)) return 0
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return Number(children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('built-in/')) ?? 0)
}

const isRunning = (pid: number) => pid > 0 && existsSync(`/proc/${pid}`)
const round2 = (number: number) => Math.round(number * 100) / 100
const ms = (number: number) => number.toFixed(1)
