import { expect, onTestFinished, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runFiles } from './run-files'

const imports = "import { beforeAll, describe, expect, test } from 'bun:test'\n"
const passes = "test('one', () => {}); test('two', () => {}); test.skip('three', () => {})"

/** Runs files with such content. */
async function run(contents: Record<string, string>, options: { onlyCount?: boolean } = {}) {
  const cwd = mkdtempSync(`${tmpdir()}/vitrine-run-files-`)
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  for (const [name, text] of Object.entries(contents)) writeFileSync(`${cwd}/${name}.test.ts`, imports + text)
  const files = Object.keys(contents).map((name) => `${name}.test.ts`)
  const { output, ...counts } = await runFiles(files, { cwd, ...options })
  return { counts, output }
}

test('what passes, fails and is skipped is counted', async () => {
  const { counts, output } = await run({ good: passes, bad: "test('four', () => expect(1).toBe(2))" })

  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 1 })
  expect(output).toContain('Expected: 2')
  expect(output).toContain('(fail) four')
})

test('a file that does not load is one failure, and named', async () => {
  const { counts, output } = await run({ good: passes, broken: "throw new Error('no such thing')" })

  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 1 })
  expect(output).toContain('no such thing')
  expect(output).toContain('no result: broken.test.ts')
})

test('a process that crashes leaves no report: each of its files is a failure', async () => {
  const { counts, output } = await run({ good: passes, crash: "test('x', () => process.kill(process.pid, 'SIGKILL'))" })

  expect(counts).toEqual({ passed: 0, failed: 2, skipped: 0 })
  expect(output).toContain('no result: crash.test.ts (ended by SIGKILL)')
})

test('a process that exits in a test is not a success', async () => {
  const { counts } = await run({ exits: "test('x', () => process.exit(0))" })

  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('a hook that fails is a failure', async () => {
  const hook = "describe('d', () => { beforeAll(() => { throw new Error('no') }); test('x', () => {}) })"

  expect((await run({ hook })).counts).toMatchObject({ passed: 0, failed: 1 })
})

test('counting runs nothing', async () => {
  const { counts, output } = await run(
    { good: passes, hook: "describe('d', () => { beforeAll(() => { throw new Error('no') }); test('x', () => {}) })" },
    { onlyCount: true },
  )

  expect({ ...counts, output }).toMatchObject({ passed: 0, failed: 0, skipped: 4 })
})
