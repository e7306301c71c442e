import { afterAll, expect, test } from 'bun:test'
import type { Case, Request } from './case'
import { grafana } from './grafana'
import { labelFilters } from './label-filters'
import { lineFilters } from './line-filters'
import { mapping } from './mapping'
import { metrics } from './metrics'
import { pipelines } from './pipelines'
import { ranges } from './ranges'
import { refusals } from './refusals'
import { selectors } from './selectors'
import { openServer, timeOf } from './server'

const url = process.env.VITRINE_LOKI_URL
const parts = { selectors, lineFilters, labelFilters, pipelines, metrics, ranges, mapping, refusals, grafana }
const cases = Object.entries(parts).flatMap(([part, all]) => all.map((one) => ({ part, ...one })))
const runs = cases.filter(({ only }) => !url || only === undefined)

const server = openServer(url)
const run = crypto.randomUUID().slice(0, 8)
const base = BigInt(Math.floor(Date.now() / 60_000) - 10) * 60_000_000_000n
afterAll(server.close)

for (const [index, one] of runs.entries()) {
  test(`${one.part}: ${one.name}`, async () => {
    const fill = filler(`conformance-${run}-${index}`)
    if (one.logs) await server.push(fill('$service'), base, filled(one.logs, fill))
    const response = await server.send(filled(one.request, fill) as Request)
    one.expect({
      status: response.status,
      contentType: response.headers.get('Content-Type') ?? '',
      text: await response.text(),
      fill,
    })
  }, 120_000)
}

test('every case has a name of its own', () => {
  const names = cases.map(({ part, name }) => `${part}: ${name}`)
  expect(names).toEqual([...new Set(names)])
})

test('the README has the number of cases', async () => {
  const readme = await Bun.file(`${import.meta.dir}/README.md`).text()
  expect(readme).toContain(`${counts(cases)}.`)
})

process.stdout.write(`${report(runs)}\n`)

function counts(all: Case[]): string {
  const unconfirmed = all.filter(({ citation }) => !citation)
  const own = unconfirmed.filter(({ only }) => only)
  const cited = `${all.length - unconfirmed.length} cite public documentation`
  return `${all.length} cases: ${cited}, ${own.length} are refusals of this server's own, ${unconfirmed.length - own.length} are unconfirmed`
}

/** Lists the cases that no citation confirms. */
function report(all: (Case & { part: string })[]): string {
  const unconfirmed = all.filter(({ citation, only }) => !citation && !only)
  return [
    `Against ${url ?? 'the log server in this process'}, ${counts(all)}:`,
    ...unconfirmed.map(
      ({ part, name, fromMemory }) => `  unconfirmed ${part}: ${name}${fromMemory ? ` (look at ${fromMemory})` : ''}`,
    ),
  ].join('\n')
}

function filler(service: string): (text: string) => string {
  return (text) =>
    text
      .replaceAll('$service', service)
      .replaceAll(/\$(t|s|rfc)\((-?[\d.]+)\)/g, (_, format: string, at: string) => time(format, timeOf(base, at)))
}

function time(format: string, timeNs: bigint): string {
  if (format === 't') return String(timeNs)
  const seconds = timeNs / 1_000_000_000n
  const fraction = String(timeNs % 1_000_000_000n).padStart(9, '0')
  if (format === 's') return `${seconds}.${fraction}`
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}

/** The same value with every text filled in. */
function filled<T>(value: T, fill: (text: string) => string): T {
  if (typeof value === 'string') return fill(value) as T
  if (Array.isArray(value)) return value.map((one) => filled(one, fill)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, fill)])) as T
}
