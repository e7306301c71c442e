import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'

describe('generated files are up to date', () => {
  test.each(['mysql://check/only', ':memory:'])('migrations, with DATABASE_URL=%s', (url) => {
    const env = { ...process.env, DATABASE_URL: url }
    const { exitCode, stdout } = Bun.spawnSync([process.execPath, 'src/database/check-migrations.ts'], { env })
    expect([exitCode, stdout.toString()]).toEqual([0, ''])
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
