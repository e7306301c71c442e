import { startServices } from '../test/service-processes'
import { type Arrivals, arrive } from './open-loop'
import { startReceiver } from './receiver'
import { say, table } from './say'
import { cpuUs } from './wrk'

/**
 * The home page at twice what it can do, with telemetry: what is one too many gets 503 with `Retry-After`, and the others
 * their page in time. In turn: how much it can do, with 32 connections; then visitors who don't wait for each other. Where
 * others share the machine, what counts is the median of the ratios.
 */
export async function overload(seconds = 2, rounds = 11) {
  const receiver = await startReceiver()
  const shop = await startServices({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, false)
  const url = `${shop.frontend.url}/`
  const cpu = () => cpuUs([shop.frontend.pid, shop.product.pid])
  await arrive(url, { seconds: 3, connections: 32 })
  const results: Record<string, number>[] = []
  for (let round = 0; round < rounds; round++) {
    const before = cpu()
    const alone = await arrive(url, { seconds, connections: 32 })
    const peakPerS = (alone.statuses[200] ?? 0) / seconds
    const between = cpu()
    const twice = await arrive(url, { perS: 2 * peakPerS, seconds, connections: 1000 })
    const pageUs = (between - before) / (alone.statuses[200] ?? 1)
    const shedUs = (cpu() - between - pageUs * (twice.statuses[200] ?? 0)) / (twice.statuses[503] ?? 1)
    results.push({ ...resultOf(peakPerS, twice, seconds), 'CPU µs a page': pageUs, 'CPU µs a 503': shedUs })
  }
  await shop.stop()
  await receiver.stop()
  const names = Object.keys(results[0] ?? {})
  const medians = Object.fromEntries(names.map((name) => [name, median(results.map((result) => result[name] ?? 0))]))
  say(`home page at twice what it can do, medians of ${rounds} rounds of ${seconds} s`)
  say(
    table(
      ['', 'median'],
      names.map((name) => [name, String(Math.round((medians[name] ?? 0) * 100) / 100)]),
    ),
  )
  return medians
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

function resultOf(peakPerS: number, twice: Arrivals, seconds: number): Record<string, number> {
  const good = (twice.statuses[200] ?? 0) / seconds
  const shed = twice.statuses[503] ?? 0
  const others = Object.entries(twice.statuses).filter(([status]) => status !== '200' && status !== '503')
  return {
    'peak, pages/s': Math.round(peakPerS),
    'offered, requests/s': Math.round(2 * peakPerS),
    'goodput, pages/s': Math.round(good),
    'goodput / peak': Math.round((good / peakPerS) * 100) / 100,
    'pages, p50 ms': at(twice.okMs, 0.5),
    'pages, p95 ms': at(twice.okMs, 0.95),
    '503/s': Math.round(shed / seconds),
    'of these with Retry-After': twice.retryAfter,
    '503, p95 ms': at(twice.shedMs, 0.95),
    'other answers': others.reduce((sum, [, count]) => sum + count, 0),
    'not sent, no connection free': twice.unsent,
    'connections broken': twice.broken,
  }
}

const at = (sorted: number[], share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10
