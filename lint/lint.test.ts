import { describe, expect, test } from 'bun:test'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'

describe('lint rejects, and names what to use instead', () => {
  test.each([
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
    [
      'services/order/order.test.ts',
      "export { users } from '../user/schema'",
      'call user through serviceClient<Api>()',
    ],
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
    [
      'services/order/place-order.ts',
      "export const q = (db) => db.select().from(1).for('update')",
      'runs on MySQL only',
    ],
    ['services/order/place-order.ts', 'export const q = (i) => i.onDuplicateKeyUpdate({})', 'runs on MySQL only'],
  ])('%s: %s', (file, source, advice) => {
    const { exitCode, output } = lint(file, source)
    expect(output).toContain(advice)
    expect(exitCode).toBe(1)
  })

  test.each([
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
  ])('accepts: %s: %s', (file, source) => {
    expect(lint(file, source)).toEqual({ exitCode: 0, output: expect.any(String) })
  })
})

// In a folder with the configuration and this one file.
function lint(file: string, source: string): { exitCode: number; output: string } {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-lint-`)
  cpSync('biome.json', `${dir}/biome.json`)
  cpSync('lint', `${dir}/lint`, { recursive: true })
  mkdirSync(`${dir}/${dirname(file)}`, { recursive: true })
  writeFileSync(`${dir}/${file}`, `${source}\n`)
  const biome = `${process.cwd()}/node_modules/.bin/biome`
  const { exitCode, stdout, stderr } = Bun.spawnSync([biome, 'lint', '--vcs-enabled=false', file], { cwd: dir })
  rmSync(dir, { recursive: true })
  return { exitCode, output: `${stdout}${stderr}` }
}
