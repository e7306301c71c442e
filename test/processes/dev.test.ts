import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { findFreeBasePort, isProcessRunning, startDev, waitUntil } from '../dev-process'

const names = ['frontend', 'user', 'product', 'order']

describe('bun run dev', () => {
  test('starts all services, says where they are, and leaves nothing after one Ctrl-C', async () => {
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
    expect(dev.output()).toContain('"stopping"'.replaceAll('"', ''))
  })

  test('a killed launcher leaves no orphans', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    const pids = await dev.pids()
    process.kill(pids.launcher as number, 'SIGKILL')
    await waitUntil(() => Object.values(pids).every((pid) => !isProcessRunning(pid)))
  })

  test('a killed `bun run` takes the launcher and the services with it', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    const pids = await dev.pids()
    process.kill(dev.pid, 'SIGKILL')
    await waitUntil(() => Object.values(pids).every((pid) => !isProcessRunning(pid)))
  })

  test('says who holds a port that is taken, and starts nothing', async () => {
    const basePort = findFreeBasePort()
    const holder = Bun.serve({ hostname: '127.0.0.1', port: basePort + 2, fetch: () => new Response() })
    const dev = startDev(basePort)
    expect(await dev.exited).toBe(1)
    expect(dev.output()).toContain(`port ${basePort + 2} (product) is taken by pid ${process.pid}`)
    expect(await fetch(dev.url(1)).catch(() => 'refused')).toBe('refused')
    holder.stop(true)
  })

  test('a second shop with the same data is refused, and the first can still be told what to do', async () => {
    const first = startDev()
    await first.waitForOutput('Vitrine is ready')
    const second = startDev(findFreeBasePort(), { VITRINE_DATA: first.dir })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain('bun run dev runs already with')
    expect((await first.command('stop', 'user')).output).toBe('user stopped\n')
    await first.stop()
  })

  test('without a console when it is turned off', async () => {
    const dev = startDev(findFreeBasePort(), { VITRINE_CONSOLE: 'off' })
    await dev.waitForOutput('Vitrine is ready')
    expect(Object.keys(await dev.pids())).toEqual(['launcher', ...names])
    await dev.stop()
  })

  test('the console sees the first request, with its logs, and what services send when they stop', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    const answer = await fetch(dev.url(0))
    const traceId = answer.headers.get('x-trace-id') ?? ''
    await untilSays(`${dev.url(4)}/traces/${traceId}`, ['product-service', 'http.server.request'])
    expect(await (await fetch(`${dev.url(4)}/`)).text()).toContain('Panier moyen')
    await dev.stop()
    expect(dev.output()).not.toContain('telemetry is not accepted')
  })

  test('a console that dies is named, and the shop does not notice', async () => {
    const dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    process.kill((await dev.pids()).console as number, 'SIGKILL')
    await dev.waitForOutput('died (SIGKILL); start it again with: bun run dev start console')
    for (let n = 0; n < 20; n++) expect((await fetch(dev.url(0))).status).toBe(200)
    expect((await dev.command('start', 'console')).output).toContain(`console runs at ${dev.url(4)}`)
    await dev.stop()
  })

  test('who holds the console’s port is let be and gets the signals; the console stands beside', async () => {
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

  test('a console that runs already shows this shop too; an endpoint of one’s own goes without', async () => {
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

    test('stops and starts by name, and the others go on', async () => {
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

    test('is named when it dies, with how to start it again', async () => {
      const { user } = await dev.pids()
      process.kill(user as number, 'SIGKILL')
      await dev.waitForOutput('died (SIGKILL); start it again with: bun run dev start user')
    })

    test('that does not exist is refused with the names that do', async () => {
      const refused = await dev.command('stop', 'payment')
      expect(refused).toEqual({
        exitCode: 1,
        output: 'no service "payment"; there are console, frontend, user, product, order\n',
      })
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

async function untilSays(url: string, words: string[]): Promise<void> {
  for (let attempt = 0; attempt < 2400; attempt++) {
    const answer = await fetch(url)
    const text = await answer.text()
    if (answer.ok && words.every((word) => text.includes(word))) return
    await Bun.sleep(50)
  }
  throw new Error(`${url} does not say ${words} within two minutes`)
}
