import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { isLauncherRunning, sendCommand } from './control'

const dir = mkdtempSync('/tmp/vitrine-launch-')
afterAll(() => rmSync(dir, { recursive: true, force: true }))
let used = 0

test('a program that ends by itself is named, whatever its exit code', async () => {
  const launched = start('setTimeout(() => process.exit(0), 400)')
  await launched.saying('one │ ended (exit 0); start it again with: launcher start one')
  await launched.end()
})

test('what is started while it is being stopped runs afterwards', async () => {
  const launched = start(
    `process.on("SIGTERM", () => { console.log("stops"); setTimeout(() => process.exit(0), 500) })
     console.log("catches signals")
     setInterval(() => {}, 1000)`,
  )
  await launched.saying('one │ catches signals')
  const stopped = launched.ask('stop')
  await launched.saying('one │ stops')
  expect(await launched.ask('start')).toContain('one runs at')
  expect(await stopped).toBe('one stopped')
  await expect(launched.ask('restart' as never)).rejects.toThrow('no command "restart"; there are start and stop')
  await launched.end()
})

test('stopped while it starts it says no more than that', async () => {
  const launched = start('console.log("runs"); setInterval(() => {}, 1000)', 'false')
  await launched.saying('one │ runs')
  launched.child.kill('SIGHUP')
  expect(await launched.child.exited).toBe(0)
  expect(await launched.said).toBe('one │ runs\nstopping (SIGHUP)\n')
})

test('one that somebody stops while it starts is no reason to stop the rest', async () => {
  const launched = start('console.log("runs"); setInterval(() => {}, 1000)', 'false')
  await launched.saying('one │ runs')
  expect(await launched.ask('stop')).toBe('one stopped')
  await launched.saying('ready')
  await launched.end()
})

test('a suspended launcher is there', async () => {
  const launched = start('setInterval(() => {}, 1000)')
  await launched.saying('ready')
  launched.child.kill('SIGSTOP')
  expect(await isLauncherRunning(launched.socket)).toBe(true)
  launched.child.kill('SIGCONT')
  await launched.end()
  expect(await isLauncherRunning(launched.socket)).toBe(false)
})

test('a program that cannot be ready is named with its last lines', async () => {
  const launched = start('console.log("no such disk"); process.exit(3)', 'false', `${dir}/one.log`)
  expect(await launched.child.exited).toBe(1)
  expect(await launched.said).toContain('one │ died (exit 3)')
  expect(await launched.said).toContain('one │ no such disk')
  expect(await launched.said).toContain('one ended before it was ready')
})

/** A launcher of one program, in a process of its own. */
function start(program: string, isReady = 'true', logFile?: string) {
  const socket = `${dir}/${used++}.sock`
  const planned = `{ name: 'one', command: [process.execPath, '-e', ${JSON.stringify(program)}], env: {}, url: 'nowhere',
    ports: [], isReady: async () => ${isReady}, ${logFile ? `logFile: '${logFile}'` : ''} }`
  const script = `import { launch } from '${import.meta.dir}/launch.ts'
    await launch({ waves: [[${planned}]], socket: '${socket}', command: 'launcher', pidFile: '${socket}.json',
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
    said: drained.then(() => written),
    ask: (verb: 'start' | 'stop') => sendCommand({ socket, command: 'launcher' }, verb, 'one'),
    async saying(text: string): Promise<void> {
      for (let attempt = 0; attempt < 4800; attempt++) {
        if (written.includes(text)) return
        await Bun.sleep(25)
      }
      throw new Error(`not said: ${text}, but:\n${written}`)
    },
    async end(): Promise<void> {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}
