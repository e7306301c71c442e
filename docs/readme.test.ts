import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'

const read = (path: string) => readFileSync(`${import.meta.dir}/../${path}`, 'utf8')

test('the trace in the README is the one that the journey’s test asks for', () => {
  const [, shown = ''] = /```\n(frontend POST \/checkout\/process\n[\s\S]*?)```/.exec(read('README.md')) ?? []
  const [, asked = ''] = /`\n(frontend POST \/checkout\/process\n[\s\S]*?)`/.exec(read('test/journey.test.ts')) ?? []
  expect(asked.split('\n').length).toBeGreaterThan(25)
  // What stands beside a span, two blanks away, is said by us.
  const spans = shown.split('\n').map((line) => line.replace(/(\S) {2,}.*$/, '$1'))
  expect(spans.join('\n').trim()).toBe(asked.trim())
})
