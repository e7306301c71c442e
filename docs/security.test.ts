import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'

const root = `${import.meta.dir}/..`
const page = readFileSync(`${import.meta.dir}/reference/security.md`, 'utf8')

interface Row {
  ids: string
  state: string
  evidence: string
}

const rows: Row[] = [...page.matchAll(/^\| (\d+\.\d+\.\d+\S*) \|[^|]+\|[^|]+\| ([^|]+) \| (.*) \|$/gm)].map(
  ([, ids = '', state = '', evidence = '']) => ({ ids, state, evidence }),
)

/** The number of requirements of levels 1 and 2 in each section of ASVS 5.0.0, where they come before those of level 3. */
const sections = `
  1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2
  5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2
  10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2
  13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2`
const requirements = [...sections.matchAll(/(\d+\.\d+):(\d+)/g)].flatMap(([, section, count]) =>
  Array.from({ length: Number(count) }, (_, index) => `${section}.${index + 1}`),
)

test('each requirement of levels 1 and 2 has one row, in the order of the standard', () => {
  const listed = rows.flatMap(({ ids }) => {
    const [first = '', last = first] = ids.split('–')
    const [from, to] = [requirements.indexOf(first), requirements.indexOf(last)]
    return from < 0 || to < from ? [`unknown: ${ids}`] : requirements.slice(from, to + 1)
  })
  expect(requirements).toHaveLength(253)
  expect(listed).toEqual(requirements)
})

test('each row has a state, and a test or a reason', () => {
  const states = ['met', 'partly', 'not met', 'operator', 'does not apply']
  expect(rows.filter(({ state, evidence }) => !states.includes(state) || evidence === '')).toEqual([])
  expect(rows.filter(({ state, evidence }) => state === 'met' && testsIn(evidence).length === 0)).toEqual([])
})

test('each named test exists', () => {
  const named = rows.flatMap(({ ids, evidence }) => testsIn(evidence).map((one) => ({ ids, ...one })))
  expect(named.length).toBeGreaterThan(100)
  const missing = named.filter(({ file, name }) => !existsSync(`${root}/${file}`) || !namesIn(file).includes(name))
  expect(missing).toEqual([])
})

function testsIn(evidence: string): { file: string; name: string }[] {
  return [...evidence.matchAll(/`([^`]+\.test\.tsx?)`: ((?:(?! · `).)+)/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  }))
}

/** The titles of a file's tests. */
function namesIn(file: string): string[] {
  const quoted = /(?:^|[^\w])(['"`])((?:(?!\1|\n)(?:\\.|.))+)\1,\s*(?:async\s*)?\(/g
  return [...readFileSync(`${root}/${file}`, 'utf8').matchAll(quoted)].map(([, , name = '']) => name)
}
