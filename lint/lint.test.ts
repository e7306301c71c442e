import { afterAll, expect, test } from 'bun:test'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'

/** A file, a line in it, and a part of the message that lint gives. */
const rejected: [file: string, source: string, advice: string][] = [
  ['services/order/place-order.ts', "export { Hono } from 'hono'", 'throw a DomainError'],
  ['services/order/app.ts', "export { eq } from 'drizzle-orm'", 'put the query into a verb file'],
  ['services/order/app.ts', "export { users } from '../user/schema'", 'call user through serviceClient<Api>()'],
  [
    'services/order/app.ts',
    "export const m = () => import('../user/schema')",
    'call user through serviceClient<Api>()',
  ],
  ['services/order/app.ts', "export { createUserApp } from '../user/app'", 'only the type of its API'],
  ['services/order/app.ts', "export { trace } from '@opentelemetry/api'", 'from @vitrine/telemetry'],
  ['services/order/app.ts', "export { errorType } from '../../telemetry/errors'", 'telemetry/ has one entry point'],
  ['services/order/app.ts', "export { routeOf } from '../../telemetry/http/route'", 'telemetry/ has one entry point'],
  ['docs/generate-telemetry.ts', "export { trace } from '@opentelemetry/api'", 'from @vitrine/telemetry'],
  ['bench/home.ts', "export { trace } from '@opentelemetry/api'", 'from @vitrine/telemetry'],
  ['console/store.ts', "export { trace } from '@opentelemetry/api'", 'knows OTLP, not our telemetry'],
  ['console/app.tsx', "export { seed } from '../services/product/seed'", 'knows nothing of the shop'],
  ['console/map/page.tsx', "export { defaultPort } from '../../src/settings'", 'pass what it needs as data'],
  ['services/order/order.test.ts', "export { users } from '../user/schema'", 'use shop.users.request() of openShop()'],
  ['services/user/user.test.ts', "export { routes } from '../frontend/routes'", 'use shop.frontend.request()'],
  ['services/authenticate.ts', "export { portsOf } from '../stack/endpoints'", 'put what services share into src/'],
  ['src/service.test.ts', "export { users } from '../services/user/schema'", 'knows nothing of the shop'],
  ['telemetry/http/server.test.ts', "export { openShop } from '../../test/shop'", 'imports nothing of Vitrine'],
  ['launch/program.ts', "export { portsOf } from '../stack/endpoints'", 'starts any program and knows none'],
  ['stack/links.ts', "export { scenarios } from '../scenarios/catalog'", 'is used by programs and does not use them'],
  ['dev/programs.ts', "export { orders } from '../services/order/app'", 'as processes'],
  ['observability/slo.ts', "export { scenarios } from '../scenarios/catalog'", 'endpoints from stack/'],
  ['loadtest/run.ts', "export { seedId } from '../services/product/seed'", 'over HTTP'],
  ['scenarios/load.test.ts', "export { openShop } from '../test/shop'", 'take clients from stack/clients'],
  ['bench/home.ts', "export { scenarios } from '../scenarios/catalog'", 'injects no faults'],
  ['test/shop.ts', "export { freePort } from '../bench/home'", 'move what both need to test/'],
  ['services/order/app.ts', 'export const url = process.env.ORDER_URL', 'Only entry points read the environment'],
  ['stack/endpoints.ts', 'export const all = Object.keys(process.env)', 'Only entry points read the environment'],
  ['src/service.ts', "export { users } from '../services/user/schema'", 'knows nothing of the shop'],
  ['telemetry/http/server.ts', "export { DomainError } from '../../src/problem'", 'imports nothing of Vitrine'],
  ['services/order/place-order.ts', "export const q = (db) => db.select().from(1).for('update')", 'runs on MySQL only'],
  ['services/order/place-order.ts', 'export const upsert = (i) => i.onDuplicateKeyUpdate({})', 'runs on MySQL only'],
]

const accepted: [file: string, source: string][] = [
  ['services/order/context.ts', "export type { ProductApi } from '../product/app'"],
  ['bench/hono-otel.ts', "export { trace } from '@opentelemetry/api'"],
  ['telemetry/http/server.ts', "export { trace } from '@opentelemetry/api'"],
  ['services/order/place-order.ts', "export const s = Symbol.for('x')"],
  ['services/order/orders.test.ts', "export { openShop } from '../../test/shop'"],
  ['services/declarations.ts', "export { own } from './order/declarations'"],
  ['services/order/index.ts', 'export const url = process.env.ORDER_URL'],
  ['src/database/write-schema.ts', 'export const url = process.env.ORDER_URL'],
  ['launch/child.ts', 'export const env = { ...process.env, PORT: 1 }'],
  ['loadtest/thresholds.ts', "export { objectives } from '../observability/slo.ts'"],
  ['observability/slo.ts', "export { serviceNames } from '../services/names'"],
  ['lint/write-import-boundaries.ts', "export { serviceNames } from '../services/names'"],
]

interface Diagnostic {
  message: string
  location: { path: string; start: { line: number } }
}

const dir = mkdtempSync(`${tmpdir()}/vitrine-lint-`)
afterAll(() => rmSync(dir, { recursive: true }))

// All cases of a file are lines of it, so that one run of Biome is enough.
const linesByFile = Map.groupBy([...rejected, ...accepted], ([file]) => file)
const diagnostics = lintFiles()

test.each(rejected)('lint rejects, and names what to use instead: %s: %s', (file, source, advice) => {
  expect(messagesOf(file, source)).toEqual([expect.stringContaining(advice)])
})

test.each(accepted)('lint accepts: %s: %s', (file, source) => {
  expect(messagesOf(file, source)).toEqual([])
})

function messagesOf(file: string, source: string): string[] {
  const line = 1 + (linesByFile.get(file) ?? []).findIndex(([, text]) => text === source)
  const own = diagnostics.filter(({ location }) => location.path === file && location.start.line === line)
  return own.map(({ message }) => message)
}

function lintFiles(): Diagnostic[] {
  cpSync('biome.json', `${dir}/biome.json`)
  cpSync('lint', `${dir}/lint`, { recursive: true })
  for (const [file, cases] of linesByFile) {
    mkdirSync(dirname(`${dir}/${file}`), { recursive: true })
    writeFileSync(`${dir}/${file}`, cases.map(([, source]) => `${source}\n`).join(''))
  }
  const biome = `${process.cwd()}/node_modules/.bin/biome`
  const options = ['--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none']
  const { stdout } = Bun.spawnSync([biome, 'lint', ...options, ...linesByFile.keys()], { cwd: dir })
  return JSON.parse(stdout.toString()).diagnostics
}
