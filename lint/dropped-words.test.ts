import { expect, test } from 'bun:test'
import { findDroppedWords } from './dropped-words'
import { readSources } from './sources'

// The list itself, and this test.
const exempt = /^lint\/dropped-words\.(test\.)?ts$/

test('a dropped name is found in each folder, with what replaces it', () => {
  expect(findDroppedWords('src/a.ts', 'const a = 1\nwhoIs(token)')).toEqual([
    'src/a.ts:2: "whoIs": write findUserByToken',
  ])
})

test('a dropped word is found in names, prose and paths', () => {
  const text = "const firstAnswer = 1\n// Nobody reads it.\nexpect(at).toBe('at least 2')\n// It is put back."

  expect(findDroppedWords('test/shelf.ts', text)).toEqual([
    'test/shelf.ts:0: "shelf": write stock',
    'test/shelf.ts:1: "answer": write response; of a function: result',
    'test/shelf.ts:2: "nobody": write no client, no caller, no process, no operator',
    'test/shelf.ts:4: "put back": write restart; of a scenario: revert',
  ])
})

test('no file of the repository uses a dropped word', async () => {
  const sources = [...(await readSources('ts', 'tsx', 'js', 'grit', 'go', 'md', 'css', 'yaml', 'yml'))].filter(
    ([path]) => !exempt.test(path),
  )

  expect(sources.length).toBeGreaterThan(500)
  expect(sources.flatMap(([path, text]) => findDroppedWords(path, text))).toEqual([])
})
