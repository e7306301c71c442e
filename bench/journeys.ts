import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { hasEnded } from '../launch/program'
import type { LoadTestSummary } from '../loadtest/report/summary'
import { startServices } from '../test/service-processes'
import { markdownTable, print } from './print'
import { startReceiver } from './receiver'
import { cpuUs } from './wrk'

// CPU is not looked at in the beginning, with registrations and cold code, and at the end, when the engine sums up.
const mostWindowS = 20
const tailS = 5
const leastSeconds = 20

/**
 * The full order journey (window, product, into the cart, cart, payment, thanks) at a steady rate by the built-in load engine: the CPU that each
 * program takes for one, and the percentiles of each step over the whole run. The four services with telemetry, on SQLite,
 * before a receiver that accepts everything.
 * @param perS journeys that begin in a second
 */
export async function journeys(perS = 40, seconds = 40) {
  if (seconds < leastSeconds)
    throw new Error(`${seconds} s are too few to be past the beginning: ${leastSeconds} at least`)
  const receiver = await startReceiver()
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const shop = await startServices({ ...endpoint, TRUSTED_PROXIES: '127.0.0.1', SEED_STOCK: '1000000' }, false)
  try {
    const { frontend, user, product, order } = shop
    const pids = { frontend: frontend.pid, user: user.pid, product: product.pid, order: order.pid }
    const { perSecond, figures } = await load(pids, perS, seconds, frontend.url, endpoint)
    const windowS = Math.min(mostWindowS, Math.floor(seconds / 2))
    const [from = {}, to = {}] = [perSecond.at(-1 - tailS - windowS), perSecond.at(-1 - tailS)]
    // Where the machine is too slow, fewer are made than begin.
    const madePerS = figures.journeys.made / seconds
    const cpuMs = Object.fromEntries(
      Object.keys(to).map((name) => [name, round2(((to[name] ?? 0) - (from[name] ?? 0)) / 1000 / windowS / madePerS)]),
    )
    print(`the full order journey, ${perS}/s by the built-in engine, on SQLite: CPU ms a journey over ${windowS} s`)
    print(markdownTable(Object.keys(cpuMs), [Object.values(cpuMs).map(String)]))
    print(
      markdownTable(
        ['step', 'p50 ms', 'p95 ms'],
        figures.steps.map(({ step, p50_ms, p95_ms }) => [step, ms(p50_ms), ms(p95_ms)]),
      ),
    )
    const { journeys: all, lag } = figures
    print(
      `${all.made} journeys made, ${round2(all.ended_share * 100)} % to their end, ${all.dropped} could not begin; the engine’s own lag p99 ${lag?.p99_ms} ms`,
    )
    return {
      cpu_ms: cpuMs,
      ...all,
      lag,
      p95_ms: Object.fromEntries(figures.steps.map(({ step, p95_ms }) => [step, round2(p95_ms)])),
    }
  } finally {
    await shop.stop()
    await receiver.stop()
  }
}

/** Runs a load test, and records each second the CPU time of the programs so far, the engine's too. */
async function load(pids: Pids, perS: number, seconds: number, url: string, env: Record<string, string>) {
  const out = `/tmp/vitrine-bench-journeys-${process.pid}`
  const how = [
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
  const test = Bun.spawn([process.execPath, 'loadtest/run.ts', 'soak', ...how, '--url', url, '--out', out], {
    env: { ...process.env, ...env },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  const perSecond: Pids[] = []
  while (!hasEnded(test)) {
    const all = Object.entries({ ...pids, engine: engineOf(test.pid) })
    perSecond.push(Object.fromEntries(all.map(([name, pid]) => [name, isThere(pid) ? cpuUs([pid]) : 0])))
    await Promise.race([test.exited, Bun.sleep(1000)])
  }
  const summary = Bun.file(`${out}/summary.json`)
  if (!(await summary.exists())) throw new Error(`the load test ended with ${test.exitCode}, and left no summary`)
  const figures = (await summary.json()) as LoadTestSummary
  rmSync(out, { recursive: true })
  return { perSecond, figures }
}

type Pids = Record<string, number>

/** The process of the load engine, 0 before it has started. */
function engineOf(pid: number): number {
  if (!isThere(pid)) return 0
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return Number(children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('built-in/')) ?? 0)
}

const isThere = (pid: number) => pid > 0 && existsSync(`/proc/${pid}`)
const round2 = (number: number) => Math.round(number * 100) / 100
const ms = (number: number) => number.toFixed(1)
