import { describe, expect, test } from 'bun:test'
import { parseRequired } from './requirements'
import { selectParts } from './select-parts'
import { filesByPart, suite } from './suite'

const partsOf = (file: string) =>
  [...filesByPart([file])].filter(([, files]) => files.length > 0).map(([{ name }]) => name)

describe('a test file', () => {
  test.each([
    ['src/database/database.test.ts', ['foundation', 'mariadb', 'mysql']],
    ['console/logs/logs.test.ts', ['console']],
    ['test/processes/dev.test.ts', ['processes']],
    ['test/processes/console.test.ts', ['promised-times']],
    ['test/stack/rules.test.ts', ['alerting']],
    ['test/stack/another.test.ts', ['stack']],
    ['test/repository.test.ts', ['repository']],
    ['somewhere/new/a.test.ts', ['repository']],
  ])('%s runs in %p', (file, names) => {
    expect(partsOf(file)).toEqual(names)
  })
})

describe('the words after bun run test', () => {
  const names = (...words: string[]) => selectParts(words).selected.map(({ name }) => name)

  test('none: what is quick, and the rest is named as left out', () => {
    const { selected, deferred } = selectParts([])
    expect([...selected, ...deferred].toSorted()).toEqual(suite.toSorted())
    expect(deferred.map(({ name }) => name)).toContain('scenarios')
    expect(names()).toContain('browser')
  })

  test('all: everything, or what needs something, or the rest', () => {
    expect(names('all')).toHaveLength(suite.length)
    expect(names('all', 'with', 'browser')).toEqual(['browser'])
    const phases = [...names('without', 'stack'), ...names('with', 'stack'), ...names('long')]
    expect(phases.toSorted()).toEqual(suite.map(({ name }) => name).toSorted())
  })

  test('names of parts', () => {
    expect(names('console', 'image')).toEqual(['console', 'image'])
  })

  test.each([[['everything']], [['all', 'but', 'stack']], [['console', 'nothing']], [['with', 'nothing']]])(
    'others are refused: %p',
    (words) => {
      expect(() => selectParts(words)).toThrow(/^usage: .* parts by name: services, foundation/)
    },
  )
})

test('VITRINE_REQUIRE names what exists; k6 is never required', () => {
  expect(parseRequired('mysql,stack')).toEqual(['mysql', 'stack'])
  expect(() => parseRequired('mysql,k6')).toThrow(
    'VITRINE_REQUIRE names k6; it can name mariadb, mysql, browser, stack, node, go, registry, schemathesis',
  )
})
