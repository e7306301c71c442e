import { install } from '../src/dev/install'

/**
 * `bun run verify`: format, lint, types and the in-process tests; under a minute, and nothing but Bun is needed. The steps
 * run side by side.
 */
const tests = (...paths: string[]) => [process.execPath, 'test', '--only-failures', '--timeout=30000', ...paths]
const steps: [title: string, command: string[]][] = [
  ['tests of the services', tests('./services', './test/journey.test.ts', './test/lambda.test.ts')],
  ['tests of the telemetry and of what services stand on', tests('./telemetry', './src')],
  ['tests of the console', tests('./console')],
  ['tests of what operators see', tests('./observability', './loadtest', './scenarios', './docs')],
  ['format and lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['types', ['tsc']],
]

const startMs = performance.now()
await install()
const outcomes = await Promise.all(steps.map(([title, command]) => step(title, command)))
const isFine = outcomes.every(Boolean)
process.stdout.write(`${isFine ? 'verified' : 'not verified'} in ${seconds(startMs)} s\n`)
process.exit(isFine ? 0 : 1)

async function step(title: string, command: string[]): Promise<boolean> {
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' })
  const [exitCode, out, err] = await Promise.all([child.exited, text(child.stdout), text(child.stderr)])
  const isFine = exitCode === 0
  process.stdout.write(`${isFine ? 'ok  ' : 'FAIL'} ${title} (${seconds(startMs)} s)${summary(out + err)}\n`)
  if (!isFine) process.stderr.write(`${out}${err}`)
  return isFine
}

function text(stream: ReadableStream): Promise<string> {
  return new Response(stream).text()
}

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(1)
}

function summary(output: string): string {
  const passed = /^ *(\d+) pass$/m.exec(output)?.[1]
  return passed ? `: ${passed} passed` : ''
}
