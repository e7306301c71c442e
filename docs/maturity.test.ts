import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const root = `${import.meta.dir}/..`
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const maturity = read('docs/maturity.md')
const postMortems = readdirSync(`${import.meta.dir}/post-mortems`)
  .filter((file) => !file.endsWith('.course.md'))
  .map((file) => `docs/post-mortems/${file}`)
const postMortem = read('docs/post-mortems/2026-11-25-order-service-killed.md')
const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
const run = read('docs/post-mortems/2026-11-25-order-service-killed.course.md')
const [course = ''] = run.match(/### ✓ kill-order-service\n[\s\S]*$/) ?? []

const rows = [...maturity.matchAll(/^\| (?!criterion)(.+?) \| (.+) \|$/gm)].map(([, criterion = '', shown = '']) => ({
  criterion,
  shown,
}))
const shownRows = rows.filter(({ shown }) => !shown.startsWith('*not yet*'))
const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, found = '']) => found)
const isFile = (text: string) => /^\.?[\w-]+(\/[\w.-]*)+$|^[\w-]+\.(yaml|md)$/.test(text)

test('every criterion is shown by a test or a command, or is not yet', () => {
  expect(rows.length).toBeGreaterThan(30)
  const unshown = shownRows.filter(({ shown }) => !/`[\w./-]+\.ts`: `|`bun run /.test(shown))
  expect(unshown).toEqual([])
  const unexplained = rows.filter(({ shown }) => shown.startsWith('*not yet*') && !/^\*not yet\*: .{20}/.test(shown))
  expect(unexplained).toEqual([])
})

test('every test that is named is in its file', () => {
  const named = shownRows.flatMap(({ shown }) =>
    [...shown.matchAll(/`([\w./-]+\.ts)`: ((?:`[^`]+`(?:, )?)+)/g)].flatMap(([, file = '', names = '']) =>
      quoted(names).map((name) => ({ file, name })),
    ),
  )
  expect(named.length).toBeGreaterThan(30)
  const missing = named.filter(({ file, name }) => !["'", '"', '`'].some((q) => read(file).includes(q + name + q)))
  expect(missing).toEqual([])
})

test.each(['docs/maturity.md', ...postMortems])('files, commands and links of %s are there', (page) => {
  const text = read(page)
  const commands = quoted(text).filter((one) => one.startsWith('bun run '))
  expect(commands.filter((one) => !scripts.includes(one.split(' ')[2] ?? ''))).toEqual([])
  const played = commands.flatMap((one) => one.match(/^bun run scenario ([a-z][a-z-]*)$/)?.[1] ?? [])
  expect(played.filter((name) => !existsSync(`${root}/scenarios/catalog/${name}.ts`))).toEqual([])
  expect(quoted(text).filter((one) => isFile(one) && !existsSync(`${root}/${one}`))).toEqual([])
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path)
  const folder = page.slice(0, page.lastIndexOf('/'))
  expect(links.filter((path) => !existsSync(`${root}/${folder}/${path}`))).toEqual([])
})

test('the timeline of the post-mortem is the one of the run', () => {
  const told = [...postMortem.matchAll(/^\| ([\d.]+) \|/gm)].map(([, time]) => time)
  const seen = [...course.matchAll(/^- ([\d,]+)\ss\s: /gm)].map(([, time = '']) => time.replace(',', '.'))
  expect(seen.length).toBeGreaterThan(10)
  expect(told).toEqual(seen)
})

test('every figure of the post-mortem is one of the run', () => {
  // What it says of the whole run, of this scenario and of the one before.
  const told = run.match(/^(25 novembre.*|\| kill-(order|user)-service .*)$/gm) ?? []
  expect(told).toHaveLength(3)
  const inRun = new Set(
    [...told, course]
      .join('\n')
      .replaceAll(/(\d),(\d)/g, '$1.$2')
      .match(/\d+(?:\.\d+)?/g),
  )
  const prose = postMortem.replaceAll(/\]\([^)]*\)/g, ']')
  const figures = prose.match(/\d+(?:\.\d+)?/g) ?? []
  expect(figures.length).toBeGreaterThan(40)
  expect(figures.filter((figure) => !inRun.has(figure))).toEqual([])
})
