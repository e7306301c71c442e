/**
 * Measures the storefront's home page with eight connections, the memory of the four services and the time they take to
 * start: `bun run bench`. Needs `wrk` (apt install wrk). The numbers of one run on a shared machine; compare ratios.
 */
import { readFileSync } from 'node:fs'
import { startServices } from '../test/service-processes'

const seconds = Number(process.argv[2] ?? 10)
// wrk prints no 95th percentile by itself.
const percentiles = `done = function(_, latency) io.write(string.format("p50 %f p95 %f\\n", latency:percentile(50), latency:percentile(95))) end`

if (!Bun.which('wrk')) throw new Error('wrk is not here: apt install wrk')
const script = `/tmp/vitrine-bench-${process.pid}.lua`
await Bun.write(script, percentiles)

const startMs = performance.now()
const shop = await startServices({ OTEL_SDK_DISABLED: process.env.OTEL_SDK_DISABLED ?? 'false' })
const readyS = (performance.now() - startMs) / 1000
say(`start: four services ready after ${readyS.toFixed(2)} s`)
say(`rss at rest: ${memory()}`)
load(3)
const { requestsPerS, p50Ms, p95Ms } = load(seconds)
say(
  `home page, 8 connections, ${seconds} s: ${requestsPerS.toFixed(0)} requests/s, p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms`,
)
say(`rss after load: ${memory()}`)
await shop.stop()

function load(durationS: number) {
  const { stdout } = Bun.spawnSync(['wrk', '-t1', '-c8', `-d${durationS}s`, '-s', script, `${shop.frontend.url}/`])
  const text = stdout.toString()
  if (/Non-2xx/.test(text)) throw new Error(text)
  const [, p50 = 0, p95 = 0] = /p50 ([\d.]+) p95 ([\d.]+)/.exec(text) ?? []
  return {
    requestsPerS: Number(/Requests\/sec: +([\d.]+)/.exec(text)?.[1]),
    p50Ms: Number(p50) / 1000,
    p95Ms: Number(p95) / 1000,
  }
}

function memory(): string {
  const sizes = [shop.frontend, shop.user, shop.product, shop.order].map(({ name, pid }) => ({ name, mb: rssMb(pid) }))
  const total = sizes.reduce((sum, { mb }) => sum + mb, 0)
  return `${sizes.map(({ name, mb }) => `${name} ${mb.toFixed(0)}`).join(', ')}, in all ${total.toFixed(0)} MB`
}

function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
