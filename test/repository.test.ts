import { describe, expect, test } from 'bun:test'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'

describe('generated files are up to date', () => {
  const services = ['user', 'product', 'order']
  test.each(services.flatMap((service) => [`${service} mysql`, `${service} sqlite`]))('migrations of %s', (both) => {
    const [service = '', dialect = ''] = both.split(' ')
    // drizzle-kit takes a relative folder only, and its exit code is always 0.
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

  test.each([['lint/biome-boundaries.json', 'lint/write-import-boundaries.ts']])('%s', (file, generator) => {
    const before = readFileSync(file, 'utf8')
    expect(Bun.spawnSync([process.execPath, generator]).exitCode).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})

test('the lock file names no registry', () => {
  expect(readFileSync('bun.lock', 'utf8')).not.toMatch(/https?:\/\//)
})
