import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { isLauncherRunning, sendCommand } from './control'
import { formatLogLine } from './format-log-line'

// Guards against hanging only. Bun's own limit of 5 s would hide what was printed.
const outputDeadlineMs = 60_000
setDefaultTimeout(2 * outputDeadlineMs)

const dir = mkdtempSync('/tmp/vitrine-launch-')
afterAll(() => rmSync(dir, { recursive: true, force: true }))
let used = 0

test('a program that exits by itself is reported, with any exit code', async () => {
  const launched = start('setTimeout(() => process.exit(0), 400)')
  await launched.waitForOutput('one │ ended (exit 0); start it again with: launcher start one')
  await launched.end()
})

test('a program that is started while it stops runs afterwards', async () => {
  const launched = start(
    `process.on("SIGTERM", () => { console.log("stops"); setTimeout(() => process.exit(0), 500) })
     console.log("catches signals")
     setInterval(() => {}, 1000)`,
  )
  await launched.waitForOutput('one │ catches signals')
  const stopped = launched.send('stop')
  await launched.waitForOutput('one │ stops')
  expect(await launched.send('start')).toContain('one runs at')
  expect(await stopped).toBe('one stopped')
  await expect(launched.send('restart' as never)).rejects.toThrow('no command "restart"; there are start and stop')
  await launched.end()
})

test('a launcher that is stopped during the start prints nothing more', async () => {
  const launched = start('console.log("runs"); setInterval(() => {}, 1000)', 'false')
  await launched.waitForOutput('one │ runs')
  launched.child.kill('SIGHUP')
  expect(await launched.child.exited).toBe(0)
  expect(await launched.output).toBe('one │ runs\nstopping (SIGHUP)\n')
})

test('stopping one program during the start does not stop the others', async () => {
  const launched = start('console.log("runs"); setInterval(() => {}, 1000)', 'false')
  await launched.waitForOutput('one │ runs')
  expect(await launched.send('stop')).toBe('one stopped')
  await launched.waitForOutput('ready')
  await launched.end()
})

test('a suspended launcher counts as running', async () => {
  const launched = start('setInterval(() => {}, 1000)')
  await launched.waitForOutput('ready')
  launched.child.kill('SIGSTOP')
  expect(await isLauncherRunning(launched.socket)).toBe(true)
  launched.child.kill('SIGCONT')
  await launched.end()
  expect(await isLauncherRunning(launched.socket)).toBe(false)
})

test('a program that ends before it is ready is reported with its last lines', async () => {
  const launched = start('console.log("no such disk"); process.exit(3)', 'false', `${dir}/one.log`)
  expect(await launched.child.exited).toBe(1)
  expect(await launched.output).toContain('one │ died (exit 3)')
  expect(await launched.output).toContain('one │ no such disk')
  expect(await launched.output).toContain('one ended before it was ready')
})

test('a value of a log line cannot forge another line', () => {
  const value = 'run\n12:00:00.000 info  POST /login 200\u001b[31m'
  const record = { timestamp: '2026-11-30T12:00:00.000Z', level: 'info', message: `a${value}`, 'loadtest.run': value }

  const line = formatLogLine(JSON.stringify(record))

  expect(line).toContain('loadtest.run=run\\x0a12:00:00.000 info  POST /login 200\\x1b[31m')
  expect(line).toContain('arun\\x0a12')
  expect(line.split('\n')).toHaveLength(1)
})

test('a JSON log line is printed after the name of its program, as time, level, message and attributes', async () => {
  const line = JSON.stringify({
    ...{ level: 'error', timestamp: '2026-11-30T10:18:47.356Z', service: 'one-service', message: 'POST /cart 500' },
    ...{ trace_id: 'a3cf2ef3ced19faddbcaa75acad87116', span_id: '00f067aa0ba902b7', trace_flags: 1 },
    ...{ event: 'http.server.request', 'http.route': '/cart', 'http.server.request.duration': 0.0421, 'cart.size': 3 },
    ...{ 'product.slug': 'webcam-hd', 'exception.stacktrace': 'TypeError: no stock\n    at reserve (reserve.ts:4:1)' },
  })
  const launched = start(
    `console.log('{"not": "a log line"}'); console.log(${JSON.stringify(line)}); console.log('end')
    setInterval(() => {}, 1000)`,
    'false',
  )
  await launched.waitForOutput('one │ end')
  await launched.end()
  expect(await launched.output).toStartWith(`one │ {"not": "a log line"}
one │ 10:18:47.356 error POST /cart 500 42.1 ms cart.size=3 product.slug=webcam-hd trace=a3cf2ef3ced19faddbcaa75acad87116
one │ TypeError: no stock
one │     at reserve (reserve.ts:4:1)
one │ end
`)
})

test.each([
  [{}, '\x1b[33m10:18:47.356 warn  stock is low\x1b[39m'],
  [{ NO_COLOR: '1' }, '10:18:47.356 warn  stock is low'],
])('with %p a terminal shows a warning as %j', async (env, expected) => {
  const line = '{"timestamp":"2026-11-30T10:18:47.356Z","level":"warn","message":"stock is low"}'
  const code = `import { formatLogLine } from '${import.meta.dir}/format-log-line.ts'
    process.stdout.write(formatLogLine('${line}'))`
  const shown = await new Promise<string>((resolve) => {
    let text = ''
    const data = (_: unknown, bytes: Uint8Array) => {
      text += new TextDecoder().decode(bytes)
    }
    const terminal = { data, exit: () => resolve(text) }
    Bun.spawn([process.execPath, '-e', code], {
      env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...env },
      terminal,
    })
  })
  expect(shown).toBe(expected)
})

/** Starts a launcher of one program in its own process. */
function start(program: string, isReady = 'true', logFile?: string) {
  const socket = `${dir}/${used++}.sock`
  const programSource = `{ name: 'one', command: [process.execPath, '-e', ${JSON.stringify(program)}], env: {}, url: 'nowhere',
    ports: [], isReady: async () => ${isReady}, ${logFile ? `logFile: '${logFile}'` : ''} }`
  const script = `import { launch } from '${import.meta.dir}/launch.ts'
    await launch({ waves: [[${programSource}]], socket: '${socket}', command: 'launcher', pidFile: '${socket}.json',
      readyDeadlineMs: 120000, announce: () => { process.stdout.write('ready\\n') } })`
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', stderr: 'pipe' })
  let written = ''
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) written += new TextDecoder().decode(chunk)
  }
  const drained = Promise.all([collect(child.stdout), collect(child.stderr)])
  return {
    child,
    socket,
    output: drained.then(() => written),
    send: (action: 'start' | 'stop') => sendCommand({ socket, command: 'launcher' }, action, 'one'),
    async waitForOutput(text: string): Promise<void> {
      const endMs = performance.now() + outputDeadlineMs
      while (performance.now() < endMs) {
        if (written.includes(text)) return
        await Bun.sleep(25)
      }
      throw new Error(`"${text}" was not printed, but:\n${written}`)
    },
    async end(): Promise<void> {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}
