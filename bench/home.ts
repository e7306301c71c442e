import { readFileSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { freePort } from '../test/free-port'
import { startMariaDb } from '../test/mariadb'
import { findProgram } from '../test/requirements'
import { type ServiceName, startServices } from '../test/service-processes'
import { markdownTable } from './print'
import { startReceiver } from './receiver'
import { type WrkResult, wrk } from './wrk'

const turnedOff = { OTEL_SDK_DISABLED: 'true', LOG_LEVEL: 'error' }
const variants = ['on', 'off', 'bare'] as const
type Variant = (typeof variants)[number]
type Round = Record<Variant, WrkResult>

/**
 * Loads the storefront's home page with eight connections, in turn with telemetry, without it, and as the bare pair; on MariaDB
 * where it is installed. All variants run, and one is loaded at a time. A shared machine drifts, so the result is the median of
 * the ratios of each round. Needs `wrk` (apt install wrk).
 */
export async function home(seconds = 1, rounds = 21, printText: (text: string) => void) {
  if (!Bun.which('wrk')) throw new Error('wrk is not installed: apt install wrk')
  const receiver = await startReceiver()
  const databases = await startDatabases()
  const startMs = performance.now()
  const on = await startServices({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, false, await databases.of('on'))
  const readyS = (performance.now() - startMs) / 1000
  const off = await startServices(turnedOff, false, await databases.of('off'))
  const bare = await startBare(off.product.databaseUrl)
  const shops = { on: pairOf(on), off: pairOf(off), bare }
  const idleMb = memoryMb(on)

  const results: Round[] = []
  for (let round = -2; round < rounds; round++) {
    const loads = {} as Round
    // A different variant is first in each round.
    for (let n = 0; n < variants.length; n++) {
      const variant = variants[(n + round + variants.length) % variants.length] as Variant
      loads[variant] = await wrk(shops[variant].url, shops[variant].pids, seconds)
    }
    if (round >= 0) results.push(loads)
  }
  const afterLoad = memoryMb(on)
  const [lowRate, lowRateBare] = await measureLowRate([shops.on.url, shops.bare.url])
  await bare.stop()
  await Promise.all([on.stop(), off.stop()])
  await databases.stop()
  await receiver.stop()

  const of = (variant: Variant, metric: keyof WrkResult) => median(results.map((round) => round[variant][metric]))
  const ratio = (a: Variant, b: Variant, metric: keyof WrkResult) =>
    median(results.map((round) => round[a][metric] / round[b][metric]))
  const row = (title: string, metric: keyof WrkResult, digits: number) => [
    title,
    ...variants.map((variant) => of(variant, metric).toFixed(digits)),
    ratio('on', 'off', metric).toFixed(3),
    ratio('on', 'bare', metric).toFixed(3),
  ]
  printText(`\nhome page on ${databases.name}, 8 connections, ${rounds} rounds of ${seconds} s each in turn; medians`)
  printText(
    markdownTable(
      ['', 'telemetry on', 'off', 'bare pair', 'on / off', 'on / bare'],
      [
        row('requests/s', 'requestsPerS', 0),
        row('p50, ms', 'p50Ms', 2),
        row('p95, ms', 'p95Ms', 2),
        row('CPU µs per request, storefront and product-service', 'cpuUsPerRequest', 0),
      ],
    ),
  )
  const percentiles = ({ p50Ms, p95Ms }: typeof lowRate) => `p50 ${p50Ms.toFixed(2)} ms, p95 ${p95Ms.toFixed(2)} ms`
  printText(`at 10 requests/s: ${percentiles(lowRate)}; bare pair: ${percentiles(lowRateBare)}`)
  printText(`four services ready after ${readyS.toFixed(2)} s; RSS idle ${idleMb} MB, after load ${afterLoad} MB`)
  return {
    on: Math.round(of('on', 'requestsPerS')),
    off: Math.round(of('off', 'requestsPerS')),
    bare: Math.round(of('bare', 'requestsPerS')),
    on_to_off: round3(ratio('on', 'off', 'requestsPerS')),
    on_to_bare: round3(ratio('on', 'bare', 'requestsPerS')),
    cpu_on_to_bare: round3(ratio('on', 'bare', 'cpuUsPerRequest')),
    p95_ms: of('on', 'p95Ms'),
    p95_ms_at_10_per_s: round3(lowRate.p95Ms),
    bare_p95_ms_at_10_per_s: round3(lowRateBare.p95Ms),
  }
}

type Shop = Awaited<ReturnType<typeof startServices>>
type DatabaseOf = (name: ServiceName) => string

const pairOf = ({ frontend, product }: Shop) => ({ url: `${frontend.url}/`, pids: [frontend.pid, product.pid] })

// All shops share one server, with a database for each service of each shop.
async function startDatabases() {
  if (!findProgram('mariadb')) return { name: 'SQLite', of: async () => undefined, stop: async () => {} }
  const server = await startMariaDb()
  const connection = await createConnection({ uri: server.url })
  return {
    name: 'MariaDB',
    async of(shop: string): Promise<DatabaseOf> {
      for (const name of ['user', 'product', 'order']) await connection.query(`CREATE DATABASE ${shop}_${name}`)
      return (name) => `${server.url}${shop}_${name}`
    },
    async stop() {
      await connection.end()
      await server.stop()
    },
  }
}

/** @param databaseUrl of the catalog */
async function startBare(databaseUrl: string) {
  const ports = { product: freePort(), frontend: freePort() }
  const start = (name: 'product' | 'frontend') =>
    Bun.spawn([process.execPath, `${import.meta.dir}/bare.ts`, name], {
      env: {
        PATH: process.env.PATH,
        PORT: String(ports[name]),
        DATABASE_URL: databaseUrl,
        PRODUCT_SERVICE_URL: `http://127.0.0.1:${ports.product}`,
      },
      stdout: 'ignore',
      stderr: 'inherit',
    })
  const url = `http://127.0.0.1:${ports.frontend}/`
  const product = start('product')
  // Starts first: without a catalog the storefront logs an error.
  await untilOk(`http://127.0.0.1:${ports.product}/api/products?limit=1`)
  const children = [product, start('frontend')]
  await untilOk(url)
  return {
    url,
    pids: children.map(({ pid }) => pid),
    async stop() {
      for (const child of children) child.kill()
      await Promise.all(children.map(({ exited }) => exited))
    },
  }
}

async function untilOk(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))?.ok) await Bun.sleep(20)
}

/** Ten requests per second by one client, for ten seconds at each address in turn, four times. */
async function measureLowRate<const A extends string[]>(urls: A) {
  const timesMs = urls.map((): number[] => [])
  for (let round = 0; round < 4; round++)
    for (const [index, url] of urls.entries()) await visit(url, timesMs[index] ?? [])
  const at = (times: number[], share: number) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0
  return timesMs.map((times) => ({ p50Ms: at(times, 0.5), p95Ms: at(times, 0.95) })) as {
    [K in keyof A]: { p50Ms: number; p95Ms: number }
  }
}

async function visit(url: string, timesMs: number[]): Promise<void> {
  for (let n = 0; n < 100; n++) {
    await Bun.sleep(100)
    const startMs = performance.now()
    await (await fetch(url)).text()
    timesMs.push(performance.now() - startMs)
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const round3 = (value: number) => Math.round(value * 1000) / 1000

function memoryMb({ frontend, user, product, order }: Shop): string {
  const sizes = [frontend, user, product, order].map(
    ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
  )
  return `${sizes.map((size) => size.toFixed(0)).join(' + ')} = ${sizes.reduce((sum, size) => sum + size, 0).toFixed(0)}`
}
