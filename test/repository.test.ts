import { describe, expect, test } from 'bun:test'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'

describe('lint keeps the boundaries, and says what to use instead', () => {
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
    ['services/order/app.ts', "export { errorType } from '../../telemetry/errors'", 'telemetry/ has one door'],
    ['services/order/app.ts', "export { routeOf } from '../../telemetry/http/route'", 'telemetry/ has one door'],
    ['docs/reference/telemetry.ts', "export { trace } from '@opentelemetry/api'", 'from @vitrine/telemetry'],
    ['bench/home.ts', "export { trace } from '@opentelemetry/api'", 'from @vitrine/telemetry'],
    ['console/store.ts', "export { trace } from '@opentelemetry/api'", 'it knows the protocol, not our telemetry'],
    ['console/app.tsx', "export { seed } from '../services/product/seed'", 'know nothing of the shop'],
    ['src/service.ts', "export { users } from '../services/user/schema'", 'know nothing of the shop'],
    ['telemetry/http/server.ts', "export { DomainError } from '../../src/problem'", 'imports nothing of Vitrine'],
    [
      'services/order/place-order.ts',
      "export const q = (db) => db.select().from(1).for('update')",
      'runs on MySQL only',
    ],
    ['services/order/place-order.ts', 'export const q = (i) => i.onDuplicateKeyUpdate({})', 'runs on MySQL only'],
  ])('%s: %s', (file, source, advice) => {
    const { exitCode, said } = lint(file, source)
    expect(said).toContain(advice)
    expect(exitCode).toBe(1)
  })

  test.each([
    ['services/order/context.ts', "export type { ProductApi } from '../product/app'"],
    ['bench/hono-otel.ts', "export { trace } from '@opentelemetry/api'"],
    ['telemetry/http/server.ts', "export { trace } from '@opentelemetry/api'"],
    ['services/order/place-order.ts', "export const s = Symbol.for('x')"],
  ])('and lets pass what is right: %s: %s', (file, source) => {
    expect(lint(file, source)).toEqual({ exitCode: 0, said: expect.any(String) })
  })
})

describe('what is generated is fresh', () => {
  const services = ['user', 'product', 'order']
  test.each(services.flatMap((service) => [`${service} mysql`, `${service} sqlite`]))('migrations of %s', (both) => {
    const [service = '', dialect = ''] = both.split(' ')
    // drizzle-kit takes a relative folder only, and answers 0 whatever happens.
    const out = `.cache/migrations/${service}-${dialect}`
    rmSync(out, { recursive: true, force: true })
    cpSync(`services/${service}/migrations/${dialect}`, out, { recursive: true })
    const before = readdirSync(out)
    const command = [process.execPath, '--bun', 'drizzle-kit', 'generate', '--config=src/database/drizzle.config.ts']
    const { stdout } = Bun.spawnSync(command, {
      env: { ...process.env, SERVICE: service, DIALECT: dialect, OUT: out },
    })
    expect(stdout.toString()).toContain('No schema changes')
    expect(readdirSync(out)).toEqual(before)
  })

  test.each([['biome.json', 'lint/write-import-boundaries.ts']])('%s', (file, generator) => {
    const before = readFileSync(file, 'utf8')
    expect(Bun.spawnSync([process.execPath, generator]).exitCode).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})

test('the lock file names no registry', () => {
  expect(readFileSync('bun.lock', 'utf8')).not.toMatch(/https?:\/\//)
})

// In a copy of the house with nothing in it but the configuration and one file.
function lint(file: string, source: string): { exitCode: number; said: string } {
  const house = mkdtempSync(`${tmpdir()}/vitrine-lint-`)
  cpSync('biome.json', `${house}/biome.json`)
  cpSync('lint', `${house}/lint`, { recursive: true })
  mkdirSync(`${house}/${dirname(file)}`, { recursive: true })
  writeFileSync(`${house}/${file}`, `${source}\n`)
  const biome = `${process.cwd()}/node_modules/.bin/biome`
  const { exitCode, stdout, stderr } = Bun.spawnSync([biome, 'lint', '--vcs-enabled=false', file], { cwd: house })
  rmSync(house, { recursive: true })
  return { exitCode, said: `${stdout}${stderr}` }
}
