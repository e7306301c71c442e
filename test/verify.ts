/**
 * `bun run verify`: format, lint, types and the in-process tests; under a minute, and nothing but Bun is needed. The steps
 * run side by side.
 */
import { installPackages } from '../dev/install-packages'
import { runFiles } from './run-files'
import { filesByPart, suite } from './suite'
import { findTestFiles } from './test-files'

interface Outcome {
  isFine: boolean
  /** What stands behind the name of the step. */
  summary: string
  /** Shown when the step fails. */
  output: string
}

const startMs = performance.now()
await installPackages()
const files = filesByPart(findTestFiles())
const parts = suite.filter((part) => part.runsIn === 'verify')
const outcomes = await Promise.all([
  ...parts.map((part) => step(`tests of ${part.name}`, () => tests(files.get(part) ?? []))),
  step('types', () => command('tsc')),
  step('format and lint', () => command('biome', 'check', '--error-on-warnings', '.')),
])
const isFine = outcomes.every(Boolean)
process.stdout.write(`${isFine ? 'verified' : 'not verified'} in ${seconds()} s\n`)
process.exit(isFine ? 0 : 1)

async function step(title: string, work: () => Promise<Outcome>): Promise<boolean> {
  const { isFine, summary, output } = await work()
  process.stdout.write(`${isFine ? 'ok  ' : 'FAIL'} ${title} (${seconds()} s)${summary}\n`)
  if (!isFine) process.stderr.write(output)
  return isFine
}

async function tests(paths: string[]): Promise<Outcome> {
  const { passed, failed, output } = await runFiles(paths)
  return { isFine: failed === 0, summary: `: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}`, output }
}

async function command(...words: string[]): Promise<Outcome> {
  const child = Bun.spawn(words, { stdout: 'pipe', stderr: 'pipe' })
  const [exitCode, out, err] = await Promise.all([child.exited, text(child.stdout), text(child.stderr)])
  return { isFine: exitCode === 0, summary: '', output: `${out}${err}` }
}

function text(stream: ReadableStream): Promise<string> {
  return new Response(stream).text()
}

function seconds(): string {
  return ((performance.now() - startMs) / 1000).toFixed(1)
}
