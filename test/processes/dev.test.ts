import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'

const names = ['frontend', 'user', 'product', 'order']

describe('bun run dev', () => {
  test('starts all services, says where they are, and leaves nothing after one Ctrl-C', async () => {
    const dev = startDev()
    await dev.saying('Vitrine is ready')
    for (const [index, name] of names.entries()) {
      expect(dev.output()).toContain(`${name.padEnd(8)}  http://localhost:${dev.basePort + index}`)
      expect((await fetch(`${dev.url(index)}/ready`)).status).toBe(200)
    }
    const pids = await dev.pids()
    expect(Object.keys(pids)).toEqual(['launcher', ...names])

    process.kill(-dev.pid, 'SIGINT')
    expect(await dev.exited).toBe(0)
    expect(Object.values(pids).filter(isAlive)).toEqual([])
    expect(dev.output()).toContain('"stopping"'.replaceAll('"', ''))
  })

  test('a killed launcher leaves no orphans', async () => {
    const dev = startDev()
    await dev.saying('Vitrine is ready')
    const pids = await dev.pids()
    process.kill(pids.launcher as number, 'SIGKILL')
    await eventually(() => Object.values(pids).every((pid) => !isAlive(pid)))
  })

  test('a killed `bun run` takes the launcher and the services with it', async () => {
    const dev = startDev()
    await dev.saying('Vitrine is ready')
    const pids = await dev.pids()
    process.kill(dev.pid, 'SIGKILL')
    await eventually(() => Object.values(pids).every((pid) => !isAlive(pid)))
  })

  test('says who holds a port that is taken, and starts nothing', async () => {
    const basePort = nextBasePort()
    const holder = Bun.serve({ hostname: '127.0.0.1', port: basePort + 2, fetch: () => new Response() })
    const dev = startDev(basePort)
    expect(await dev.exited).toBe(1)
    expect(dev.output()).toContain(`port ${basePort + 2} (product) is held by pid ${process.pid}`)
    expect(await fetch(dev.url(1)).catch(() => 'refused')).toBe('refused')
    holder.stop(true)
  })

  describe('one service', () => {
    let dev: ReturnType<typeof startDev>
    beforeAll(async () => {
      dev = startDev()
      await dev.saying('Vitrine is ready')
    })
    afterAll(() => dev.stop())

    test('stops and starts by name, and the others go on', async () => {
      const before = await dev.pids()
      expect(await dev.command('stop', 'product')).toEqual({ code: 0, said: 'product stopped\n' })
      expect(await fetch(dev.url(2)).catch(() => 'refused')).toBe('refused')
      expect((await dev.pids()).product).toBeNull()
      expect((await fetch(`${dev.url(3)}/ready`)).status).toBe(200)

      const started = await dev.command('start', 'product')
      expect(started.said).toContain(`product runs at http://localhost:${dev.basePort + 2}`)
      expect((await fetch(`${dev.url(2)}/ready`)).status).toBe(200)
      expect((await dev.pids()).order).toBe(before.order ?? -1)
    })

    test('is named when it dies, with how to start it again', async () => {
      const { user } = await dev.pids()
      process.kill(user as number, 'SIGKILL')
      await dev.saying('died (SIGKILL); start it again with: bun run dev start user')
    })

    test('that does not exist is refused with the names that do', async () => {
      const refused = await dev.command('stop', 'payment')
      expect(refused).toEqual({ code: 1, said: 'no service "payment"; there are frontend, user, product, order\n' })
    })
  })

  test('start and stop say what to do when nothing runs', async () => {
    const child = Bun.spawn([process.execPath, 'run', 'dev', 'stop', 'user'], {
      env: { ...process.env, VITRINE_DATA: '/nonexistent' },
      stderr: 'pipe',
    })
    expect(await child.exited).toBe(1)
    expect(await new Response(child.stderr).text()).toContain('start everything with `bun run dev`')
  })
})

let used = 0
function nextBasePort(): number {
  return 21000 + (process.pid % 280) * 40 + used++ * 4
}

function startDev(basePort = nextBasePort()) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-dev-`)
  const env = {
    ...process.env,
    VITRINE_BASE_PORT: String(basePort),
    VITRINE_DATA: dir,
    DEPLOYMENT_ENVIRONMENT: 'development',
  }
  // A process group of its own, as in a terminal.
  const child = Bun.spawn([process.execPath, 'run', 'dev'], { env, stdout: 'pipe', stderr: 'pipe', detached: true })
  let written = ''
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) written += new TextDecoder().decode(chunk)
  }
  const drained = Promise.all([collect(child.stdout), collect(child.stderr)])
  return {
    basePort,
    pid: child.pid,
    exited: child.exited.then(async (code) => {
      await drained
      return code
    }),
    output: () => written,
    url: (index: number) => `http://localhost:${basePort + index}`,
    pids: async () => (await Bun.file(`${dir}/dev.json`).json()) as Record<string, number | null>,
    saying: (text: string) =>
      eventually(
        () => written.includes(text),
        () => written,
      ),
    async command(command: string, name: string) {
      const asked = Bun.spawn([process.execPath, 'run', 'dev', command, name], { env, stdout: 'pipe', stderr: 'pipe' })
      const [out, err] = await Promise.all([new Response(asked.stdout).text(), new Response(asked.stderr).text()])
      const said = (out + err).replace(/^\$ .*\n|^error: script.*\n/gm, '')
      return { code: await asked.exited, said }
    },
    async stop() {
      process.kill(-child.pid, 'SIGINT')
      await child.exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function isAlive(pid: number | null): boolean {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function eventually(holds: () => boolean, show = () => ''): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (holds()) return
    await Bun.sleep(50)
  }
  throw new Error(`did not happen within 15 s\n${show()}`)
}
