import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { problemsPage } from './problems'
import { fieldsOf, routesPage } from './routes'
import { scenariosPage } from './scenarios'
import { settingNames, settingsPage } from './settings'
import { telemetryPage } from './telemetry'

test.each([
  ['telemetry.md', telemetryPage],
  ['settings.md', settingsPage],
  ['routes.md', routesPage],
  ['problems.md', problemsPage],
  ['scenarios.md', scenariosPage],
])('%s is what bun run generate writes', (file, page) => {
  expect(readFileSync(`${import.meta.dir}/${file}`, 'utf8')).toBe(page())
})

test('a field that can be null has both types, and a field without a type is an error', () => {
  const weight = z.object({ id: z.uuid(), weight_g: z.int().nullable().optional() })

  expect(fieldsOf(weight)).toBe('`id` uuid, `weight_g?` integer or null')
  expect(() => fieldsOf(z.object({ brand: z.any().nullable() }))).toThrow('finds no type of "brand"')
})

const root = `${import.meta.dir}/../..`
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const files = (pattern: string) => [...new Bun.Glob(pattern).scanSync(root)]
const folders = '{console,dev,launch,loadtest,observability,scenarios,services,src,stack,telemetry,test}'

// Variables of tests and load shapes, and between a program and its own child process.
const internal = ['DIALECT', 'SERVICE', 'FIRST_SHOPPER', 'VITRINE_PROPERTY_PAIRS', 'VITRINE_PROPERTY_SEED']

test('settings.md has every variable that a program reads', () => {
  const sources = files(`${folders}/**/*.{ts,tsx}`).filter((path) => !/node_modules|\.test\.ts/.test(path))
  const found = sources.flatMap((path) =>
    [...read(path).matchAll(/\benv\??\.([A-Z][A-Z0-9_]+)|\b(?:read|get|given|optional)\('([A-Z][A-Z0-9_]+)'/g)].map(
      ([, property, argument]) => property ?? argument ?? '',
    ),
  )
  const names = settingNames()
  expect(new Set(found).size).toBeGreaterThan(50)
  expect([...new Set(found)].filter((name) => !names.includes(name) && !internal.includes(name))).toEqual([])
})

test('settings.md has every variable of the compose files', () => {
  const found = files('compose*.yaml').flatMap((path) =>
    [...read(path).matchAll(/(?<!\$)\$\{([A-Z_]+)[:}?-]/g)].map(([, name]) => name ?? ''),
  )
  const names = settingNames()
  expect(new Set(found).size).toBeGreaterThan(20)
  expect([...new Set(found)].filter((name) => !names.includes(name) && name !== 'NAME')).toEqual([])
})

test('settings.md has no variable that nothing reads', () => {
  const sources = files(`${folders}/**/*`)
    .filter((path) => /\.(tsx?|ya?ml)$|native\/install$/.test(path) && !path.includes('node_modules'))
    .concat(files('*.yaml'), '.env.example')
  const text = sources.map(read).join('\n')
  // Names that the code puts together from a prefix.
  const isComposed = (name: string) => /^(OTEL_|(USER|PRODUCT|ORDER)_DATABASE_)/.test(name)
  expect(settingNames().filter((name) => !isComposed(name) && !text.includes(name))).toEqual([])
})
