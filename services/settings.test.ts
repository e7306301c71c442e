import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'

test.each(['frontend', 'user', 'product', 'order'])('.env.example names every setting that %s reads', (name) => {
  const source = readFileSync('src/settings.ts', 'utf8') + readFileSync(`services/${name}/index.ts`, 'utf8')
  const read = [...source.matchAll(/^ {2,4}([A-Z_]+): /gm)].map(([, setting]) => setting)
  const example = readFileSync('.env.example', 'utf8')

  expect(read).toContain('SHARE_PORT')
  expect(read.length).toBeGreaterThan(7)
  expect(read.filter((setting) => !new RegExp(`^#?${setting}=`, 'm').test(example))).toEqual([])
})
