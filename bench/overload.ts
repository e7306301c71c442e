import { seedId } from '../services/product/seed'
import { createShopper } from '../stack/clients/shopper'
import { startServices } from '../test/service-processes'
import { type OpenLoopResult, sendOpenLoop } from './open-loop'
import { markdownTable, print } from './print'
import { startReceiver } from './receiver'
import { cpuUs } from './wrk'

/**
 * Pages of the shop at twice its capacity, with telemetry: excess requests get a 503 with `Retry-After`, and the others their page
 * in time. Each round measures the capacity with 32 connections, then sends twice that rate in an open loop. On a shared machine
 * the median of the ratios is the result.
 */
export async function overload(seconds = 2, rounds = 7) {
  const receiver = await startReceiver()
  const shop = await startServices(
    { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, MAX_CONCURRENT_REQUESTS_PER_CLIENT: '100000' },
    false,
  )
  const cookie = await cookieOfFullCart(shop.frontend.url)
  const pids = [shop.frontend.pid, shop.product.pid, shop.order.pid, shop.user.pid]
  const medians: Record<string, Result> = {}
  for (const path of pages) {
    const visit = { url: `${shop.frontend.url}${path}`, cookie: path === '/checkout' ? cookie : '' }
    await sendOpenLoop(visit.url, { seconds: 3, connections: 32, cookie: visit.cookie })
    const results: Result[] = []
    for (let round = 0; round < rounds; round++) results.push(await once(visit, seconds, () => cpuUs(pids)))
    const names = Object.keys(results[0] ?? {})
    medians[path] = Object.fromEntries(names.map((name) => [name, median(results.map((one) => one[name] ?? 0))]))
  }
  await shop.stop()
  await receiver.stop()
  print(`pages at twice the shop's capacity, medians of ${rounds} rounds of ${seconds} s`)
  const names = Object.keys(medians['/'] ?? {})
  const rows = names.map((name) => [
    name,
    ...pages.map((path) => String(Math.round((medians[path]?.[name] ?? 0) * 100) / 100)),
  ])
  print(markdownTable(['', ...pages], rows))
  return medians
}

// The home page, a product, and the cart of a signed-in shopper.
const pages = ['/', '/product/laptop-pro', '/checkout']

type Result = Record<string, number>

async function once(
  { url, cookie }: { url: string; cookie: string },
  seconds: number,
  cpu: () => number,
): Promise<Result> {
  const before = cpu()
  const alone = await sendOpenLoop(url, { seconds, connections: 32, cookie })
  const peakPerS = (alone.statuses[200] ?? 0) / seconds
  const between = cpu()
  const twice = await sendOpenLoop(url, { perS: 2 * peakPerS, seconds, connections: 1000, cookie })
  const pageUs = (between - before) / (alone.statuses[200] ?? 1)
  const shedUs = (cpu() - between - pageUs * (twice.statuses[200] ?? 0)) / (twice.statuses[503] ?? 1)
  return {
    ...resultOf(peakPerS, twice, seconds),
    'CPU µs per page': pageUs,
    'CPU µs per 503, with the extra cost of pages': shedUs,
  }
}

async function cookieOfFullCart(origin: string): Promise<string> {
  const alice = createShopper(origin)
  await alice.register('alice')
  await alice.post('/cart/add', { product_id: seedId(1), quantity: 2 })
  return alice.cookies.getCookieString(origin)
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

function resultOf(peakPerS: number, twice: OpenLoopResult, seconds: number): Record<string, number> {
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
    'other responses': others.reduce((sum, [, count]) => sum + count, 0),
    'not sent, no connection free': twice.unsent,
    'connection errors': twice.connectionErrors,
  }
}

const at = (sorted: number[], share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10
