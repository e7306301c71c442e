import { expect, onTestFinished, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Runs a program that logs to the given `stdout`. It exports nothing, so that no failed export adds a line. */
async function run(script: string, stdout: 'pipe' | 'ignore' | ReturnType<typeof Bun.file> = 'pipe') {
  const module = JSON.stringify(new URL('../index.ts', import.meta.url).pathname)
  const code = `import { createTelemetry } from ${module}
    const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
    const telemetry = createTelemetry({ serviceName: 'shop', env, repeatLimit: { maxPerWindow: 0, windowMs: 1 } })
    ${script}`
  const child = Bun.spawn([process.execPath, '-e', code], {
    env: { PATH: process.env.PATH ?? '' },
    stdout,
    stderr: 'pipe',
  })
  const text = stdout === 'pipe' ? await new Response(child.stdout as ReadableStream).text() : ''
  return { exitCode: await child.exited, text, err: await new Response(child.stderr).text() }
}

const isoTime = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z'

const messages = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).message)

test('lines of one tick are written together, in order, and the last ones when the process exits', async () => {
  const { text } = await run(`
    for (let n = 0; n < 3; n++) telemetry.log.info('line ' + n)
    await new Promise((resume) => setTimeout(resume, 20))
    telemetry.log.info('last')
    process.exit(0)`)

  expect(messages(text)).toEqual(['line 0', 'line 1', 'line 2', 'last'])
})

test('a flush writes pending lines, so that a process that freezes or ends afterwards loses none', async () => {
  const { text } = await run(`
    telemetry.log.info('before the end')
    await telemetry.forceFlush()
    process.kill(process.pid, 'SIGKILL')`)

  expect(messages(text)).toEqual(['before the end'])
})

test('two services in one process write complete lines to one output', async () => {
  const { text } = await run(`
    const other = createTelemetry({ serviceName: 'other', env })
    for (let n = 0; n < 500; n++) { telemetry.log.info('a' + n); other.log.event('b' + n) }
    process.exit(0)`)

  expect(messages(text)).toHaveLength(1000)
})

test('a line has fixed members in a fixed order, then the attributes', async () => {
  const { text } = await run(`
    await telemetry.span('restock', () =>
      telemetry.log.event('stock.low', { 'product.slug': 'webcam-hd', left: 2 }, 'warn', 'Stock is low'))
    process.exit(0)`)

  const ids = '"trace_id":"[0-9a-f]{32}","span_id":"[0-9a-f]{16}","trace_flags":1'
  const fixed = `"timestamp":"${isoTime}","level":"warn","service":"shop","message":"Stock is low",${ids},"event":"stock.low"`
  expect(text).toMatch(new RegExp(`^\\{${fixed},"product.slug":"webcam-hd","left":2\\}\n$`))
})

test('lines beyond 8 MiB are dropped, and their number is logged', async () => {
  const { text } = await run(`
    for (let n = 0; n < 2000; n++) telemetry.log.info('line ' + n, { filling: 'x'.repeat(8000) })
    process.exit(0)`)

  const lines = text.trim().split('\n')
  expect(lines.length).toBeWithin(1000, 1100)
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
    timestamp: expect.stringMatching(new RegExp(`^${isoTime}$`)),
    level: 'warn',
    message: 'log lines dropped',
    count: 2001 - lines.length,
  })
})

test('a file receives all lines', async () => {
  const path = `${tmpdir()}/vitrine-lines-${process.pid}.txt`

  await run(`telemetry.log.info('to a file'); process.exit(0)`, Bun.file(path))

  expect(messages(readFileSync(path, 'utf8'))).toEqual(['to a file'])
})

test('a slow reader loses nothing, and the program does not wait for it', async () => {
  const { text } = await run(`
    const startMs = performance.now()
    for (let n = 0; n < 20000; n++) telemetry.log.info('line ' + n, { filling: 'x'.repeat(60) })
    await new Promise((resume) => setTimeout(resume, 50))
    telemetry.log.info('took', { ms: performance.now() - startMs })
    await new Promise((resume) => setTimeout(resume, 200))
    process.exit(0)`)

  expect(messages(text)).toHaveLength(20_001)
})

test('a stalled reader does not stop the program', async () => {
  const module = JSON.stringify(new URL('../index.ts', import.meta.url).pathname)
  const code = `import { createTelemetry } from ${module}
    const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
    const telemetry = createTelemetry({ serviceName: 'shop', env, repeatLimit: { maxPerWindow: 0, windowMs: 1 } })
    let turns = 0
    for (let n = 0; n < 3000; n++) telemetry.log.info('line ' + n, { filling: 'x'.repeat(60) })
    setInterval(() => ++turns === 20 && process.stderr.write('goes on'), 20)`
  // The shell passes on a blocking pipe; \`sleep\` never reads it.
  const child = Bun.spawn(['sh', '-c', '"$BUN" -e "$CODE" | sleep 1000'], {
    env: { PATH: process.env.PATH ?? '', BUN: process.execPath, CODE: code },
    stdout: 'ignore',
    stderr: 'pipe',
    detached: true,
  })
  onTestFinished(() => void process.kill(-child.pid, 'SIGKILL'))

  const { value } = await child.stderr.getReader().read()
  expect(new TextDecoder().decode(value)).toBe('goes on')
})

test('changes to an object after it was logged are not in the line', async () => {
  const { text } = await run(`
    const about = { step: 1, user: { id: 7 }, tags: ['a'] }
    telemetry.log.info('first', about)
    about.step = 2
    about.user.id = 8
    about.tags.push('b')
    about.password = 'hunter2'
    telemetry.log.info('second', about)
    process.exit(0)`)

  const [first, second] = text.trim().split('\n')
  expect(JSON.parse(first ?? '')).toMatchObject({ step: 1, user: { id: 7 }, tags: ['a'] })
  expect(JSON.parse(second ?? '')).toMatchObject({ step: 2, password: 'REDACTED' })
  expect(text).not.toContain('hunter2')
})

test('the program continues when the reader has closed the pipe', async () => {
  const { exitCode, err } = await run(`
    process.stdout.on?.('error', () => {})
    const { closeSync } = require('node:fs')
    closeSync(1)
    for (let n = 0; n < 10; n++) telemetry.log.info('unread')
    await new Promise((resume) => setTimeout(resume, 20))
    process.exit(7)`)

  expect([exitCode, err]).toEqual([7, ''])
})

test('any text is written unchanged', async () => {
  const odd = [
    '"quoted"',
    'back\\slash',
    'line\nbreak',
    'tab\t',
    'café « où »',
    '\u0000\u001f',
    '😀',
    '\ud800',
    '\u2028',
  ]

  const { text } = await run(`
    for (const message of ${JSON.stringify(odd)}) telemetry.log.info(message, { [message]: message })
    process.exit(0)`)

  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  // UTF-8 has no lone surrogates: JSON escapes them.
  expect(lines.map(({ message }) => message)).toEqual(odd)
  expect(lines.map((line) => line[line.message])).toEqual(odd)
})
