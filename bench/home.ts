import { readFileSync } from 'node:fs'
import { startServices } from '../test/service-processes'
import { startReceiver } from './receiver'
import { table } from './say'

type Shop = Awaited<ReturnType<typeof startServices>>

interface Load {
  requestsPerS: number
  p50Ms: number
  p95Ms: number
  /** CPU of the four services. */
  cpuUsPerRequest: number
}

const off = { OTEL_SDK_DISABLED: 'true', LOG_LEVEL: 'error' }

/**
 * The storefront's home page with eight connections, telemetry on and off in turn: two shops stand beside each other, one is
 * loaded at a time. Needs `wrk` (apt install wrk). Answers medians.
 */
export async function home(seconds = 3, rounds = 5, tell: (text: string) => void) {
  if (!Bun.which('wrk')) throw new Error('wrk is not here: apt install wrk')
  const receiver = await startReceiver()
  const on = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const startMs = performance.now()
  const shops = { on: await startServices(on, false), off: await startServices(off, false) }
  const readyS = (performance.now() - startMs) / 2000
  const atRest = memoryMb(shops.on)
  const loads: Record<keyof typeof shops, Load[]> = { on: [], off: [] }
  for (let round = -1; round < rounds; round++) {
    for (const name of ['on', 'off'] as const) {
      const one = await load(shops[name], seconds)
      if (round >= 0) loads[name].push(one)
    }
  }
  const afterLoad = memoryMb(shops.on)
  await Promise.all([shops.on.stop(), shops.off.stop()])
  await receiver.stop()

  const [withIt, without] = [middle(loads.on), middle(loads.off)]
  const row = (what: string, pick: (load: Load) => number, digits: number) => [
    what,
    pick(withIt).toFixed(digits),
    pick(without).toFixed(digits),
    `${((pick(withIt) / pick(without) - 1) * 100).toFixed(1)} %`,
  ]
  tell(`\nhome page, 8 connections, medians of ${rounds} rounds of ${seconds} s, in turn`)
  tell(
    table(
      ['', 'telemetry on', 'off', 'difference'],
      [
        row('requests/s', (one) => one.requestsPerS, 0),
        row('p50, ms', (one) => one.p50Ms, 2),
        row('p95, ms', (one) => one.p95Ms, 2),
        row('CPU µs a request, four services', (one) => one.cpuUsPerRequest, 0),
      ],
    ),
  )
  tell(`four services ready after ${readyS.toFixed(2)} s; RSS at rest ${atRest} MB, after load ${afterLoad} MB`)
  return {
    on: Math.round(withIt.requestsPerS),
    off: Math.round(without.requestsPerS),
    p95_ms: withIt.p95Ms,
    cpu_us: { on: Math.round(withIt.cpuUsPerRequest), off: Math.round(without.cpuUsPerRequest) },
  }
}

async function load(shop: Shop, seconds: number): Promise<Load> {
  const before = cpuUs(shop)
  const script = `/tmp/vitrine-bench-${process.pid}.lua`
  // wrk prints no 95th percentile by itself.
  await Bun.write(
    script,
    'done = function(_, l) io.write(string.format("p50 %f p95 %f\\n", l:percentile(50), l:percentile(95))) end',
  )
  const wrk = Bun.spawn(['wrk', '-t1', '-c8', `-d${seconds}s`, '-s', script, `${shop.frontend.url}/`])
  const text = await new Response(wrk.stdout).text()
  if (/Non-2xx/.test(text)) throw new Error(text)
  const [, p50 = 0, p95 = 0] = /p50 ([\d.]+) p95 ([\d.]+)/.exec(text) ?? []
  const requests = Number(/(\d+) requests in/.exec(text)?.[1])
  return {
    requestsPerS: Number(/Requests\/sec: +([\d.]+)/.exec(text)?.[1]),
    p50Ms: Number(p50) / 1000,
    p95Ms: Number(p95) / 1000,
    cpuUsPerRequest: (cpuUs(shop) - before) / requests,
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

function middle(loads: Load[]): Load {
  const of = (pick: (load: Load) => number) => median(loads.map(pick))
  return {
    requestsPerS: of((one) => one.requestsPerS),
    p50Ms: of((one) => one.p50Ms),
    p95Ms: of((one) => one.p95Ms),
    cpuUsPerRequest: of((one) => one.cpuUsPerRequest),
  }
}

const processes = ({ frontend, user, product, order }: Shop) => [frontend, user, product, order]

// Ticks of 10 ms, as the kernel of any usual Linux counts them.
function cpuUs(shop: Shop): number {
  const ticks = processes(shop).map(({ pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, one) => sum + one, 0) * 10_000
}

function memoryMb(shop: Shop): string {
  const sizes = processes(shop).map(
    ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
  )
  return `${sizes.map((size) => size.toFixed(0)).join(' + ')} = ${sizes.reduce((sum, size) => sum + size, 0).toFixed(0)}`
}
