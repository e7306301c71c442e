/**
 * Measures the storefront's home page with eight connections, the memory of the four services and the time they take to
 * start: `bun run bench`. Needs `wrk` (apt install wrk). All telemetry leaves for a
 * receiver that accepts everything; OTEL_SDK_DISABLED=true measures without. One run on a shared machine: compare ratios.
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
const receiver = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: acceptAll })
const shop = await startServices(
  {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.port}`,
    OTEL_SDK_DISABLED: process.env.OTEL_SDK_DISABLED ?? 'false',
  },
  false,
)
const readyS = (performance.now() - startMs) / 1000
say(`start: four services ready after ${readyS.toFixed(2)} s`)
say(`rss at rest: ${memory()}`)
await load(3)
const { requestsPerS, p50Ms, p95Ms } = await load(seconds)
say(
  `home page, 8 connections, ${seconds} s: ${requestsPerS.toFixed(0)} requests/s, p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms`,
)
say(`rss after load: ${memory()}`)
await shop.stop()
receiver.stop(true)

async function acceptAll(request: Request): Promise<Response> {
  await request.arrayBuffer()
  return Response.json({})
}

async function load(durationS: number) {
  const wrk = Bun.spawn(['wrk', '-t1', '-c8', `-d${durationS}s`, '-s', script, `${shop.frontend.url}/`])
  const text = await new Response(wrk.stdout).text()
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
