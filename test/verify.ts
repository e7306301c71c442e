/**
 * `bun run verify`: format, lint, types, migrations and the tests in one process; under a minute on an idle machine. It needs
 * nothing but Bun. The steps run concurrently.
 */
import { installPackages } from '../dev/install-packages'
import { runFiles } from './run-files'
import { filesByPart, suite } from './suite'
import { findTestFiles } from './test-files'

interface Outcome {
  isFine: boolean
  /** Printed after the name of the step. */
  summary: string
  /** Printed when the step fails. */
  output: string
}

const startMs = performance.now()
await installPackages()
const files = filesByPart(findTestFiles())
const parts = suite.filter((part) => part.runsIn === 'verify')
const outcomes = await Promise.all([
  ...parts.map((part) => step(`tests of ${part.name}`, () => tests(files.get(part) ?? []))),
  step('migrations for MySQL', () => checkMigrations('mysql://check/only')),
  step('migrations for SQLite', () => checkMigrations(':memory:')),
  step('types', () => command(['tsc'])),
  step('format and lint', () => command(['biome', 'check', '--error-on-warnings', '.'])),
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

function checkMigrations(databaseUrl: string): Promise<Outcome> {
  return command(['bun', 'src/database/check-migrations.ts'], { DATABASE_URL: databaseUrl })
}

async function command(words: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const child = Bun.spawn(words, { env: { ...process.env, ...env }, stdout: 'pipe', stderr: 'pipe' })
  const [exitCode, out, err] = await Promise.all([child.exited, text(child.stdout), text(child.stderr)])
  return { isFine: exitCode === 0, summary: '', output: `${out}${err}` }
}

function text(stream: ReadableStream): Promise<string> {
  return new Response(stream).text()
}

function seconds(): string {
  return ((performance.now() - startMs) / 1000).toFixed(1)
}
