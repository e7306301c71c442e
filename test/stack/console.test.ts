import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createTelemetry } from '@vitrine/telemetry'
import { createConsole } from '../../console/app'
import { createForwarder } from '../../console/forward'
import { openStore } from '../../console/store'
import { freePort } from '../free-port'
import { startOtlpReceiver } from '../otlp-receiver'
import { findProgram, isMissing } from '../requirements'
import { waitUntil } from '../wait-until'

describe.skipIf(isMissing('stack'))('the console with other senders', () => {
  const store = openStore()
  const app = createConsole({ store })
  let server: ReturnType<typeof Bun.serve>
  beforeAll(() => {
    server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch })
  })
  afterAll(async () => {
    await server.stop(true)
    store.close()
  })

  test.each(['json', 'proto'])(
    'stores what a real collector forwards, in %s',
    async (encoding) => {
      const serviceName = `through-a-collector-in-${encoding}`
      const collector = await startForwarding(encoding)
      const telemetry = createTelemetry({
        serviceName,
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
        write: () => {},
      })
      await telemetry.span('checkout_process', () => telemetry.log.event('checkout.started', { 'cart.size': 3 }))
      telemetry
        .histogram({
          kind: 'histogram',
          name: 'orders.basket.value',
          unit: 'EUR',
          description: 'Baskets',
          buckets: [10, 100],
        })
        .record(42)
      await telemetry.shutdown()
      await waitUntil(
        () =>
          store.services().includes(serviceName) &&
          found(serviceName).logs.length > 0 &&
          found(serviceName).series.length > 0,
      )
      await collector.stop()

      const { spans, logs, series } = found(serviceName)
      expect(spans).toMatchObject([{ name: 'checkout_process' }])
      expect(logs).toMatchObject([{ event_name: 'checkout.started', attributes: '{"cart.size":3}' }])
      expect(logs[0]?.trace_id).toMatch(/^[0-9a-f]{32}$/)
      expect(series.find(({ name }) => name === 'orders.basket.value')).toMatchObject({
        kind: 'histogram',
        unit: 'EUR',
        bounds: '[10,100]',
      })
      expect(store.lastErrors).toEqual({})
    },
    180_000,
  )

  test.skipIf(isMissing('k6'))(
    'stores the metrics of k6',
    async () => {
      const script = `${import.meta.dir}/k6-once.js`
      const env = {
        PATH: process.env.PATH ?? '',
        K6_OTEL_EXPORTER_PROTOCOL: 'http/protobuf',
        K6_OTEL_HTTP_EXPORTER_ENDPOINT: `127.0.0.1:${server.port}`,
        K6_OTEL_HTTP_EXPORTER_INSECURE: 'true',
        K6_OTEL_SERVICE_NAME: 'k6',
        K6_OTEL_FLUSH_INTERVAL: '200ms',
        K6_OTEL_EXPORT_INTERVAL: '200ms',
        TARGET: `http://127.0.0.1:${server.port}/ready`,
      }
      const child = Bun.spawn([findProgram('k6') ?? '', 'run', '--quiet', '--out', 'opentelemetry', script], {
        env,
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const output = await new Response(child.stderr).text()
      expect({ code: await child.exited, output }).toMatchObject({ code: 0 })

      const names = found('k6').series.map(({ name }) => name)
      expect(names).toContain('http_reqs')
      expect(names.some((name) => name?.startsWith('http_req_duration'))).toBe(true)
      expect(store.lastErrors).toEqual({})
    },
    180_000,
  )

  test('forwards telemetry unchanged, and shows when the receiver is unreachable', async () => {
    const receiver = startOtlpReceiver()
    const forwarder = createForwarder(receiver.url)
    const between = createConsole({ store: openStore(), forwarder })
    const middle = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: between.fetch })
    const telemetry = createTelemetry({
      serviceName: 'far',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: middle.url.href },
      write: () => {},
    })
    await telemetry.span('work', () => {})
    await telemetry.forceFlush()
    await waitUntil(() => receiver.traces.length > 0)
    expect(receiver.traces).toMatchObject([{ name: 'work', service: 'far' }])
    expect(forwarder.state).toMatchObject({ dropped: 0, lastError: undefined })

    await receiver.stop()
    await telemetry.span('lost', () => {})
    await telemetry.forceFlush()
    await waitUntil(() => forwarder.state.lastError !== undefined)
    expect(forwarder.state.dropped).toBeGreaterThan(0)
    expect(await (await fetch(`${middle.url.href}traces`)).text()).toMatch(/Forwarded to .* lost \(ECONNREFUSED\)/)
    await telemetry.shutdown()
    await middle.stop(true)
  }, 180_000)

  test('two consoles that forward to each other forward each request once', async () => {
    const forwarders: ReturnType<typeof createForwarder>[] = []
    const ports = [freePort(), freePort()]
    const servers = ports.map((port, at) => {
      const forwarder = createForwarder(`http://127.0.0.1:${ports[1 - at]}`)
      forwarders.push(forwarder)
      const { fetch } = createConsole({ store: openStore(), forwarder })
      return Bun.serve({ port, hostname: '127.0.0.1', fetch })
    })
    const headers = { 'Content-Type': 'application/json' }
    await fetch(`http://127.0.0.1:${ports[0]}/v1/logs`, { method: 'POST', headers, body: '{}' })
    await waitUntil(() => forwarders[0]?.state.sent === 1)
    await Bun.sleep(100)

    expect(forwarders.map(({ state }) => state.sent)).toEqual([1, 0])
    for (const one of servers) await one.stop(true)
  })

  function found(service: string) {
    const rows = (table: string) =>
      store.db
        .query(`SELECT t.* FROM ${table} t JOIN resources r ON r.id = t.resource WHERE r.service = ?`)
        .all(service) as Record<string, string>[]
    return { spans: rows('spans'), logs: rows('logs'), series: rows('series') }
  }

  /** A collector that takes OTLP and sends it on to the console. */
  async function startForwarding(encoding: string) {
    const port = freePort()
    const env = { OTLP_PORT: String(port), CONSOLE: `http://127.0.0.1:${server.port}`, ENCODING: encoding }
    const config = `--config=${import.meta.dir}/to-console.yaml`
    const child = Bun.spawn([findProgram('stack') ?? '', config], { env, stdout: 'ignore', stderr: 'ignore' })
    const url = `http://127.0.0.1:${port}`
    const ask = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
    for (let attempt = 0; attempt < 4800; attempt++) {
      if ((await fetch(`${url}/v1/logs`, ask).catch(() => undefined))?.ok) break
      await Bun.sleep(25)
    }
    return {
      url,
      async stop() {
        child.kill('SIGTERM')
        await child.exited
      },
    }
  }
})
