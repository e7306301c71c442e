import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createLogServer } from '../../console/log-server/app'
import { freePort } from '../free-port'

const traceId = '7c95ed6a43752090fb98734171a165b6'

describe('bun run logs', () => {
  const { app, close } = createLogServer()
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: app.fetch })
  const url = server.url.origin

  beforeAll(async () => {
    for (const [service, text] of [
      ['frontend', 'checkout.started'],
      ['order-service', 'POST /api/order/checkout 201'],
      ['product-service', 'PUT /api/reservations/:orderId 200'],
      ['user-service', 'GET /api/user 200'],
    ] as const)
      await push(service, text, traceId)
    await push('order-service', 'refused: out of stock', 'f'.repeat(32))
  })
  afterAll(async () => {
    await server.stop(true)
    close()
  })

  test('prints the lines of a trace, of all services, oldest first', async () => {
    const { exitCode, out } = await logs(traceId.toUpperCase())
    expect(out.trim().split('\n')).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} frontend +INFO +checkout\.started$/),
      expect.stringMatching(/order-service +INFO +POST \/api\/order\/checkout 201$/),
      expect.stringContaining('product-service'),
      expect.stringContaining('user-service'),
    ])
    expect(exitCode).toBe(0)
  })

  test('prints the lines of a query with the trace of each, and the values of a metric query', async () => {
    expect((await logs('{service_name="order-service"} |= "refused"', '--since', '15m')).out).toMatch(
      /refused: out of stock trace_id=f{32}\n$/,
    )
    const { out } = await logs('sum by (service_name) (count_over_time({service_name=~".+"} [5m]))')
    expect(out).toContain('2  service_name="order-service"')
  })

  test('takes a traceparent, a long query, and lines that would move the cursor', async () => {
    expect((await logs(`00-${traceId}-00f067aa0ba902b7-01`)).out).toContain('checkout.started')
    const long = `{service_name="order-service"} |= "refused" != "${'word '.repeat(20_000)}"`
    expect((await logs(`# a comment\n(${long})`)).out).toContain('refused: out of stock')
    await push('terminal', 'red \x1b[31m', traceId)
    expect((await logs('{service_name="terminal"}')).out).toContain('red \\x1b[31m')
  })

  test('warns that there are more lines, and that a filter could not compare values', async () => {
    const more = await logs('{service_name=~".+"}', '--limit', '2')
    expect(more.out.trim().split('\n')).toHaveLength(2)
    expect(more.err).toBe('these are the newest 2 lines; older ones are omitted (--limit, --since)\n')
    const failed = await logs('{service_name="order-service"} | trace_id > 30ms')
    expect(failed.err).toContain('2 of these lines have LabelFilterErr, as "trace_id can\'t be compared:')
    expect(failed.exitCode).toBe(0)
  })

  test('with --follow prints new lines until it is stopped', async () => {
    const child = spawn('{service_name="follow"}', '--follow')
    const decoder = new TextDecoder()
    let out = ''
    for (let n = 0; !out.includes('later'); n++) {
      if (n < 2000) await push('follow', `later ${n}`, traceId)
      await Bun.sleep(50)
      if (n === 0) void read()
    }
    child.kill('SIGINT')
    await child.exited

    async function read(): Promise<void> {
      for await (const chunk of child.stdout) out += decoder.decode(chunk)
    }
  }, 120_000)

  test('prints what is wrong with a query or an option, and what to do if nothing is found or no server runs', async () => {
    const cases: [parameters: string[], exitCode: number, words: string][] = [
      [['{service_name="a"} | logfmt'], 2, 'not supported at character 22: logfmt'],
      [['{service_name="a"'], 2, 'column 18: the query ends; expected a comma or }'],
      [['{service_name="a"}', '--limit', '0'], 2, '--limit 0 must be a whole number from 1 to 5000'],
      [['{service_name="a"}', '--since', 'yesterday'], 2, 'since=yesterday is not a duration'],
      [[], 2, 'usage: bun run logs TRACE_ID'],
      [['--what'], 2, "Unknown option '--what'"],
      [['abcdef0123456789'], 2, 'a trace id has 32 hexadecimal digits, and abcdef0123456789 has 16'],
      [['{service_name="a"}', '--since', ''], 2, 'must be a duration with a unit'],
      [['{service_name="a"}', '--since', '15'], 2, '--since "15" must be a duration'],
      [['{service_name="a"} | order.id="x"'], 2, 'order_id for order.id'],
      [['rate({service_name="a"}[1m])', '--follow'], 2, '--follow applies to log queries'],
      [['{service_name="unknown"}'], 1, 'Services with lines: '],
      [['sum(rate({service_name="unknown"}[1m]))'], 1, 'no series'],
    ]
    for (const [parameters, exitCode, words] of cases) {
      const found = await logs(...parameters)
      expect(found).toEqual({ exitCode, out: '', err: expect.stringContaining(words) })
      expect(found.err).not.toContain('    at ')
    }
    const nothing = Bun.spawnSync([process.execPath, 'stack/logs/index.ts', traceId], {
      env: { ...process.env, LOKI_URL: `http://127.0.0.1:${freePort()}` },
    })
    expect(nothing.stderr.toString()).toContain('Start the shop with its console: bun run dev')
    expect(nothing.exitCode).toBe(2)
  }, 120_000)

  function spawn(...parameters: string[]) {
    return Bun.spawn([process.execPath, 'stack/logs/index.ts', ...parameters], {
      env: { ...process.env, LOKI_URL: url },
      stdout: 'pipe',
      stderr: 'pipe',
    })
  }

  async function logs(...parameters: string[]) {
    const child = spawn(...parameters)
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { exitCode: await child.exited, out, err }
  }

  async function push(service: string, text: string, traceId: string): Promise<void> {
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
    const logRecords = [
      {
        timeUnixNano: `${Date.now()}${String(Math.floor(performance.now() * 1000) % 1_000_000).padStart(6, '0')}`,
        ...{ severityNumber: 9, severityText: 'INFO', body: { stringValue: text }, traceId },
      },
    ]
    const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(`${url}/otlp/v1/logs`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(await response.text())
  }
})
