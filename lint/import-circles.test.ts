import { expect, test } from 'bun:test'
import { findImportCircles } from './import-circles'
import { readSources } from './sources'

test('a circle is found through values, types, folders and dynamic imports', () => {
  const modules = new Map([
    ['a/page.tsx', "import { table } from './table'\nimport {\n  type Row,\n  rows,\n} from '../rows'\n"],
    ['a/table.ts', "import type { Page } from './page'\n"],
    ['rows/index.ts', "export const later = () => import('../a/more')\n"],
    ['a/more.ts', "export * from '../rows'\n"],
    ['entry.ts', "import './a/page'\nimport { test } from 'bun:test'\n"],
  ])

  expect(findImportCircles(modules)).toEqual([
    ['a/page.tsx', 'a/table.ts', 'a/page.tsx'],
    ['rows/index.ts', 'a/more.ts', 'rows/index.ts'],
  ])
})

test('a module that two others import is no circle', () => {
  const modules = new Map([
    ['a.ts', "import './b'\nimport './c'"],
    ['b.ts', "import './c'"],
    ['c.ts', "export const text = `import './a'`"],
  ])

  expect(findImportCircles(modules)).toEqual([])
})

test('the modules of the repository import each other in no circle', async () => {
  const sources = await readSources('ts', 'tsx')

  expect(sources.size).toBeGreaterThan(500)
  expect(findImportCircles(sources)).toEqual([])
})
