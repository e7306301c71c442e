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

const turnedOff = { OTEL_SDK_DISABLED: 'true', LOG_LEVEL: 'error' }

/**
 * The storefront's home page with eight connections, telemetry on and off in turn: two shops stand beside each other, one is
 * loaded at a time. A shared machine drifts, so the difference is the median of the differences pair by pair. Needs `wrk`
 * (apt install wrk).
 */
export async function home(seconds = 1, rounds = 21, tell: (text: string) => void) {
  if (!Bun.which('wrk')) throw new Error('wrk is not here: apt install wrk')
  const receiver = await startReceiver()
  const startMs = performance.now()
  const on = await startServices({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, false)
  const readyS = (performance.now() - startMs) / 1000
  const off = await startServices(turnedOff, false)
  const atRest = memoryMb(on)
  const pairs: { on: Load; off: Load }[] = []
  for (let round = -2; round < rounds; round++) {
    // Neither always goes first.
    const first = round % 2 === 0 ? await load(on, seconds) : undefined
    const second = await load(off, seconds)
    const pair = { on: first ?? (await load(on, seconds)), off: second }
    if (round >= 0) pairs.push(pair)
  }
  const afterLoad = memoryMb(on)
  await Promise.all([on.stop(), off.stop()])
  await receiver.stop()

  const of = (which: 'on' | 'off', what: keyof Load) => median(pairs.map((pair) => pair[which][what]))
  const difference = (what: keyof Load) => median(pairs.map((pair) => pair.on[what] / pair.off[what] - 1)) * 100
  const row = (title: string, what: keyof Load, digits: number) => [
    title,
    of('on', what).toFixed(digits),
    of('off', what).toFixed(digits),
    `${difference(what).toFixed(1)} %`,
  ]
  tell(
    `\nhome page, 8 connections, ${rounds} rounds of ${seconds} s each in turn; medians, and the median difference of a pair`,
  )
  tell(
    table(
      ['', 'telemetry on', 'off', 'difference'],
      [
        row('requests/s', 'requestsPerS', 0),
        row('p50, ms', 'p50Ms', 2),
        row('p95, ms', 'p95Ms', 2),
        row('CPU µs a request, four services', 'cpuUsPerRequest', 0),
      ],
    ),
  )
  tell(`four services ready after ${readyS.toFixed(2)} s; RSS at rest ${atRest} MB, after load ${afterLoad} MB`)
  return {
    on: Math.round(of('on', 'requestsPerS')),
    off: Math.round(of('off', 'requestsPerS')),
    p95_ms: of('on', 'p95Ms'),
    difference_percent: Math.round(difference('requestsPerS') * 10) / 10,
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
