import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { isProcessRunning, startDev } from '../dev-process'
import { findFreeBasePort } from '../free-port'
import { waitUntil } from '../wait-until'

const names = ['frontend', 'user', 'product', 'order']

describe('bun run dev', () => {
  test('starts all services, prints their addresses, and leaves no process after Ctrl-C', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    for (const [index, name] of names.entries()) {
      expect(dev.output()).toContain(`${name.padEnd(8)}  http://localhost:${dev.basePort + index}`)
      expect((await fetch(`${dev.url(index)}/ready`)).status).toBe(200)
    }
    const pids = await dev.pids()
    expect(Object.keys(pids)).toEqual(['launcher', 'console', ...names])

    process.kill(-dev.pid, 'SIGINT')
    expect(await dev.exited).toBe(0)
    expect(Object.values(pids).filter(isProcessRunning)).toEqual([])
    expect(dev.output()).toContain('stopping')
  })

  test('a killed launcher leaves no orphans', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    const pids = await dev.pids()
    process.kill(pids.launcher as number, 'SIGKILL')
    await waitUntil(() => Object.values(pids).every((pid) => !isProcessRunning(pid)))
  })

  test('a killed `bun run` stops the launcher and the services', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    const pids = await dev.pids()
    process.kill(dev.pid, 'SIGKILL')
    await waitUntil(() => Object.values(pids).every((pid) => !isProcessRunning(pid)))
  })

  test('names the process that holds a taken port, and starts nothing', async () => {
    const basePort = findFreeBasePort()
    const holder = Bun.serve({ hostname: '127.0.0.1', port: basePort + 2, fetch: () => new Response() })
    const dev = startDev(basePort)
    expect(await dev.exited).toBe(1)
    expect(dev.output()).toContain(`port ${basePort + 2} (product) is taken by pid ${process.pid}`)
    expect(await fetch(dev.url(1)).catch(() => 'refused')).toBe('refused')
    holder.stop(true)
  })

  test('a second shop with the same data is refused, and the first still takes commands', async () => {
    const first = startDev()
    await first.waitForOutput('Vitrine is ready')
    const second = startDev(findFreeBasePort(), { VITRINE_DATA: first.dir })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain('bun run dev runs already with')
    expect((await first.command('stop', 'user')).output).toBe('user stopped\n')
    await first.stop()
  })

  test('starts no console with VITRINE_CONSOLE=off', async () => {
    const dev = startDev(findFreeBasePort(), { VITRINE_CONSOLE: 'off' })
    await dev.waitForOutput('Vitrine is ready')
    expect(Object.keys(await dev.pids())).toEqual(['launcher', ...names])
    await dev.stop()
  })

  test('the console receives the first request with its logs, and the last exports of services that stop', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    const response = await fetch(dev.url(0))
    const traceId = response.headers.get('x-trace-id') ?? ''
    await waitForPage(`${dev.url(4)}/traces/${traceId}`, ['product-service', 'http.server.request'])
    expect(await (await fetch(`${dev.url(4)}/`)).text()).toContain('Average basket')
    await dev.stop()
    expect(dev.output()).not.toContain('telemetry is not accepted')
  })

  test('a dead console is reported, and the shop keeps responding', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    process.kill((await dev.pids()).console as number, 'SIGKILL')
    await dev.waitForOutput('died (SIGKILL); start it again with: bun run dev start console')
    for (let n = 0; n < 20; n++) expect((await fetch(dev.url(0))).status).toBe(200)
    expect((await dev.command('start', 'console')).output).toContain(`console runs at ${dev.url(4)}`)
    await dev.stop()
  })

  test('another program on the console’s port gets the telemetry; the console starts on the next port', async () => {
    const basePort = findFreeBasePort()
    const paths: string[] = []
    const receive = (request: Request) => {
      paths.push(new URL(request.url).pathname)
      return Response.json({})
    }
    const holder = Bun.serve({ hostname: '127.0.0.1', port: basePort + 4, fetch: receive })
    const dev = startDev(basePort)
    await dev.waitForOutput('Vitrine is ready')
    expect(dev.output()).toContain(`port ${basePort + 4} is taken by pid ${process.pid}`)
    expect((await fetch(`${dev.url(6)}/traces`)).status).toBe(200)
    await fetch(dev.url(0))
    await waitUntil(() => paths.includes('/v1/traces'))
    await dev.stop()
    await holder.stop(true)
  })

  test('a running console shows this shop too; with OTEL_EXPORTER_OTLP_ENDPOINT no console starts', async () => {
    const first = startDev()
    await first.waitForOutput('Vitrine is ready')
    const second = startDev(findFreeBasePort(), { VITRINE_CONSOLE_PORT: String(first.basePort + 4) })
    await second.waitForOutput('Vitrine is ready')
    expect(second.output()).toContain(`the console that runs at ${first.url(4)} shows this shop too`)
    const third = startDev(findFreeBasePort(), { OTEL_EXPORTER_OTLP_ENDPOINT: first.url(4) })
    await third.waitForOutput('Vitrine is ready')
    expect(third.output()).toContain('no console')
    expect(Object.keys(await third.pids())).toEqual(['launcher', ...names])
    await Promise.all([first, second, third].map((dev) => dev.stop()))
  })

  describe('one service', () => {
    let dev: ReturnType<typeof startDev>
    beforeAll(async () => {
      dev = startDev()
      await dev.waitForOutput('Vitrine is ready')
    })
    afterAll(() => dev.stop())

    test('stops and starts by name, and the others keep running', async () => {
      const before = await dev.pids()
      expect(await dev.command('stop', 'product')).toEqual({ exitCode: 0, output: 'product stopped\n' })
      expect(await fetch(dev.url(2)).catch(() => 'refused')).toBe('refused')
      expect((await dev.pids()).product).toBeNull()
      expect((await fetch(`${dev.url(3)}/ready`)).status).toBe(200)

      const started = await dev.command('start', 'product')
      expect(started.output).toContain(`product runs at http://localhost:${dev.basePort + 2}`)
      expect((await fetch(`${dev.url(2)}/ready`)).status).toBe(200)
      expect((await dev.pids()).order).toBe(before.order ?? -1)
    })

    test('is reported when it dies, with the command that starts it again', async () => {
      const { user } = await dev.pids()
      process.kill(user as number, 'SIGKILL')
      await dev.waitForOutput('died (SIGKILL); start it again with: bun run dev start user')
    })

    test('that does not exist is refused with the names of those that do', async () => {
      const refused = await dev.command('stop', 'payment')
      expect(refused).toEqual({
        exitCode: 1,
        output: 'no service "payment"; there are console, frontend, user, product, order\n',
      })
    })
  })

  test('start and stop print what to do when nothing runs', async () => {
    const child = Bun.spawn([process.execPath, 'run', 'dev', 'stop', 'user'], {
      env: { ...process.env, VITRINE_DATA: '/nonexistent' },
      stderr: 'pipe',
    })
    expect(await child.exited).toBe(1)
    expect(await new Response(child.stderr).text()).toContain('start everything with `bun run dev`')
  })
})

async function waitForPage(url: string, words: string[]): Promise<void> {
  await waitUntil(
    async () => {
      const response = await fetch(url)
      const text = await response.text()
      return response.ok && words.every((word) => text.includes(word))
    },
    { describe: () => `${url} does not contain ${words}` },
  )
}
