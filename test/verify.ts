import { install } from '../src/dev/install'

/** `bun run verify`: format, lint, types and the in-process tests; under a minute, and nothing but Bun is needed. */
const inProcess = ['./telemetry', './src', './services', './test/journey.test.ts']
const steps: [title: string, command: string[]][] = [
  ['format and lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['types', ['tsc']],
  ['in-process tests', [process.execPath, 'test', '--only-failures', ...inProcess]],
]

const startMs = performance.now()
await install()
for (const [title, command] of steps) await step(title, command)
process.stdout.write(`verified in ${seconds(startMs)} s\n`)

async function step(title: string, command: string[]): Promise<void> {
  const stepMs = performance.now()
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' })
  const [exitCode, out, err] = await Promise.all([child.exited, text(child.stdout), text(child.stderr)])
  process.stdout.write(`${exitCode === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds(stepMs)} s)${summary(out + err)}\n`)
  if (exitCode === 0) return
  process.stderr.write(`${out}${err}`)
  process.exit(1)
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
