import { expect, test } from 'bun:test'
import { logRecordsIn } from '../testing'

// A generous limit: a busy machine is slow, and a process that ignores its deadline never ends.
const timeoutMs = 60_000

interface Received {
  path: string
  type: string | null
  body: Record<string, unknown>
}

/** An OTLP/HTTP receiver on a free port. */
function openReceiver(respond: (path: string) => Response | Promise<Response> = () => Response.json({})) {
  const received: Received[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname: path } = new URL(request.url)
      const bytes = new Uint8Array(await request.arrayBuffer())
      const isZipped = request.headers.get('content-encoding') === 'gzip'
      const text = new TextDecoder().decode(isZipped ? Bun.gunzipSync(bytes) : bytes)
      received.push({ path, type: request.headers.get('content-type'), body: JSON.parse(text) })
      return respond(path)
    },
  })
  return { received, url: server.url.href.slice(0, -1), [Symbol.asyncDispose]: () => server.stop(true) }
}

/** Runs a script with `telemetry` in its own process, because exporters read the process's environment. */
async function run(script: string, env: Record<string, string>) {
  const module = JSON.stringify(new URL('../index.ts', import.meta.url).pathname)
  const code = `import { createTelemetry } from ${module}
    const telemetry = createTelemetry({ serviceName: 'exporting', serviceVersion: '9.9.9' })
    ${script}`
  const child = Bun.spawn(['bun', '-e', code], {
    cwd: import.meta.dir,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  const lines = out.trim() === '' ? [] : out.trim().split('\n')
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), err, exitCode }
}

const emit = `
  telemetry.counter({ kind: 'counter', name: 'orders.checkout.completed', unit: '{order}', description: 'Orders' }).add(3)
  await telemetry.span('work', () => telemetry.log.info('working'))
`

test('all three signals have arrived when a flush resolves', async () => {
  await using receiver = openReceiver()

  const { err, exitCode } = await run(`${emit}; await telemetry.forceFlush(); process.exit(0)`, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    DEPLOYMENT_ENVIRONMENT: 'test',
  })

  expect([exitCode, err]).toEqual([0, ''])
  const body = (path: string) => JSON.stringify(receiver.received.filter((one) => one.path === path))
  expect(body('/v1/traces')).toContain('"name":"work"')
  expect(body('/v1/metrics')).toContain('"name":"orders.checkout.completed"')
  expect(body('/v1/metrics')).toContain('"process.memory.usage"')
  expect(body('/v1/logs')).toContain('"stringValue":"working"')
  for (const path of ['/v1/traces', '/v1/metrics', '/v1/logs']) {
    expect(body(path)).toContain('{"key":"service.name","value":{"stringValue":"exporting"}}')
    expect(body(path)).toContain('{"key":"deployment.environment.name","value":{"stringValue":"test"}}')
  }
  expect(new Set(receiver.received.map((one) => one.type))).toEqual(new Set(['application/json']))
})

test('a flush waits for an export in flight', async () => {
  const { promise: mayRespond, resolve: release } = Promise.withResolvers<void>()
  await using receiver = openReceiver(async (path) => {
    if (path === '/v1/traces') await mayRespond
    if (path === '/release') release()
    return Response.json({})
  })
  const script = `${emit}
    await Bun.sleep(100)
    let isFlushed = false
    const flushed = telemetry.forceFlush().then(() => { isFlushed = true })
    await Bun.sleep(200)
    console.log(JSON.stringify({ isFlushedEarly: isFlushed }))
    await fetch('${receiver.url}/release', { method: 'POST', body: '{}' })
    await flushed
    process.exit(0)`

  const { lines, exitCode } = await run(script, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '120000',
    OTEL_BSP_SCHEDULE_DELAY: '10',
  })

  expect(lines.at(-1)).toEqual({ isFlushedEarly: false })
  expect(exitCode).toBe(0)
})

test('a shutdown exports all queued signals', async () => {
  await using receiver = openReceiver()

  await run(`${emit}; await telemetry.shutdown(); process.exit(0)`, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })

  expect(new Set(receiver.received.map((one) => one.path))).toEqual(new Set(['/v1/traces', '/v1/metrics', '/v1/logs']))
})

test('signals are exported at the configured intervals', async () => {
  const count = (path: string) => receiver.received.filter((one) => one.path === path).length
  const { promise: haveCome, resolve: allHaveCome } = Promise.withResolvers<void>()
  await using receiver = openReceiver((path) => {
    if (count('/v1/traces') > 0 && count('/v1/logs') > 0 && count('/v1/metrics') > 1) allHaveCome()
    return path === '/end' ? haveCome.then(() => Response.json({})) : Response.json({})
  })

  await run(`${emit}; await fetch('${receiver.url}/end', { method: 'POST', body: '{}' }); process.exit(0)`, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: '50',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_BLRP_SCHEDULE_DELAY: '50',
  })

  expect([count('/v1/traces'), count('/v1/logs')]).toEqual([1, 1])
  expect(count('/v1/metrics')).toBeGreaterThan(1)
})

test('without a receiver there is one warning, and the process continues and stops in time', async () => {
  const script = `
    let turns = 0
    setInterval(() => turns++, 5)
    for (let i = 0; i < 20; i++) {
      await telemetry.span('work', () => telemetry.log.info('working'))
      await Bun.sleep(20)
    }
    const startMs = performance.now()
    await telemetry.shutdown(500)
    console.log(JSON.stringify({ turns, stoppedInMs: performance.now() - startMs }))
    process.exit(0)`

  const { lines, err, exitCode } = await run(script, {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '60',
    OTEL_BSP_SCHEDULE_DELAY: '30',
    OTEL_BLRP_SCHEDULE_DELAY: '30',
  })

  expect([exitCode, err]).toEqual([0, ''])
  const warnings = lines.filter((line) => line.level === 'warn')
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatchObject({
    message: 'telemetry is not accepted; is a receiver listening?',
    'otel.exporter.endpoint': 'http://127.0.0.1:1',
    'error.type': expect.stringMatching(/ECONNREFUSED|ConnectionRefused|TimeoutError/),
  })
  // At least one in each of the 20 pauses.
  expect(lines.at(-1)?.turns).toBeGreaterThanOrEqual(19)
  expect(lines.at(-1)?.stoppedInMs).toBeLessThan(timeoutMs)
})

test('a receiver that never responds does not keep the process running', async () => {
  await using receiver = openReceiver(() => new Promise(() => {}))
  const script = `${emit}
    const startMs = performance.now()
    await telemetry.shutdown(400)
    console.log(JSON.stringify({ stoppedInMs: performance.now() - startMs }))
    process.exit(0)`

  const { lines } = await run(script, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })

  expect(lines.at(-1)?.stoppedInMs).toBeWithin(300, timeoutMs)
})

test('the warning names the status with which a receiver refuses', async () => {
  await using receiver = openReceiver(() => new Response('no', { status: 400 }))

  const { lines, err } = await run(`${emit}; await telemetry.forceFlush(); process.exit(0)`, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  })

  const warnings = lines.filter((line) => line.level === 'warn')
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatchObject({ 'error.type': '400', 'otel.exporter.endpoint': receiver.url })
  expect(err).toBe('')
})

test('a disabled SDK exports nothing', async () => {
  await using receiver = openReceiver()

  const { exitCode } = await run(`${emit}; await telemetry.forceFlush(); await telemetry.shutdown(); process.exit(0)`, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_SDK_DISABLED: 'true',
  })

  expect(exitCode).toBe(0)
  expect(receiver.received).toEqual([])
})

test('an uncaught error is exported as a FATAL record, with all earlier signals', async () => {
  await using receiver = openReceiver()

  const { lines, exitCode } = await run(
    `process.on('uncaughtException', telemetry.crash)
     ${emit}
     setTimeout(() => { throw new RangeError('out of reach') }, 5)
     setInterval(() => {}, 1000)`,
    { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  )

  expect(exitCode).toBe(1)
  expect(lines.at(-1)).toMatchObject({ level: 'fatal', event: 'exception', 'exception.type': 'RangeError' })
  const records = receiver.received.filter(({ path }) => path === '/v1/logs').flatMap(({ body }) => logRecordsIn(body))
  expect(records.at(-1)).toMatchObject({ severityText: 'FATAL', severityNumber: 21, eventName: 'exception' })
  expect(records.at(-1)?.attributes['exception.stacktrace']).toContain('RangeError: out of reach')
  expect(receiver.received.map(({ path }) => path)).toContain('/v1/traces')
})

test('an unhandled rejection does the same, and ends in time without a receiver', async () => {
  const startMs = performance.now()

  const { lines, exitCode } = await run(
    `process.on('unhandledRejection', telemetry.crash)
     Promise.reject(new RangeError('out of reach'))
     setInterval(() => {}, 1000)`,
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
  )

  expect(exitCode).toBe(1)
  expect(lines[0]).toMatchObject({ level: 'fatal', 'exception.message': 'out of reach' })
  expect(performance.now() - startMs).toBeLessThan(timeoutMs)
})

test('two uncaught errors are both logged, even one that was logged before', async () => {
  await using receiver = openReceiver()

  const { exitCode } = await run(
    `process.on('unhandledRejection', telemetry.crash)
     const first = new RangeError('first')
     telemetry.recordException(first, 'warn')
     Promise.reject(first)
     Promise.reject(new RangeError('second'))
     setInterval(() => {}, 1000)`,
    { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  )

  expect(exitCode).toBe(1)
  const records = receiver.received.filter(({ path }) => path === '/v1/logs').flatMap(({ body }) => logRecordsIn(body))
  const fatal = records.filter(({ severityText }) => severityText === 'FATAL')
  expect(fatal.map(({ attributes }) => attributes['exception.message'])).toEqual(['first', 'second'])
})

test('telemetry does not keep the process running after shutdown', async () => {
  await using receiver = openReceiver()
  const startMs = performance.now()

  await run(`${emit}; await telemetry.shutdown()`, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })

  expect(performance.now() - startMs).toBeLessThan(timeoutMs)
})
