import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { undeclared } from '@vitrine/telemetry/testing'
import { declarationsByService } from '../../services/declarations'
import { setFault } from '../../src/faults/fault-file'
import { createShopper } from '../../stack/clients/shopper'
import { createFaultFile } from '../fault-file'
import { freePort } from '../free-port'
import { lastMetricValue, startOtlpReceiver } from '../otlp-receiver'
import { type ServiceProcess, startService, startServices } from '../service-processes'
import { jsonRequest, productId } from '../shop'
import { waitUntil } from '../wait-until'

// Guards against hanging only: a busy machine may be slow.
const stopTimeoutMs = 60_000

describe('four processes', () => {
  test('after an order, SIGTERM ends all with 0, and all telemetry is exported', async () => {
    const receiver = startOtlpReceiver()
    // So long that only the flush at the end can export.
    const slow = {
      OTEL_BSP_SCHEDULE_DELAY: '600000',
      OTEL_BLRP_SCHEDULE_DELAY: '600000',
      OTEL_METRIC_EXPORT_INTERVAL: '600000',
    }
    const shop = await startServices({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...slow })
    const alice = createShopper(shop.frontend.url)
    await alice.register('alice')
    const thanks = await alice.order([[productId(3), 1]])
    expect(thanks.path).toStartWith('/order/thank-you')
    expect(thanks.html).toContain('Merci pour votre commande')
    expect(receiver.traces).toEqual([])

    expect(await shop.stop()).toEqual([0, 0, 0, 0])
    const root = receiver.traces.find((span) => span.name === 'POST /checkout/process')
    const trace = receiver.traces.filter((span) => span.traceId === root?.traceId)
    expect(new Set(trace.map((span) => span.service)).size).toBe(4)
    expect(new Set(receiver.logs.filter((log) => log.traceId === root?.traceId).map((log) => log.service)).size).toBe(4)
    expect(lastMetricValue(receiver, 'order-service', 'orders.checkout.completed')).toBe(1)
    const onStdout = shop.order.logLines().filter((line) => line.trace_id === root?.traceId)
    expect(onStdout.map((line) => line.message)).toContain('POST /api/order/checkout 201')
    const { traces: spans, logs, metrics } = receiver
    expect(undeclared({ spans, logs, metrics }, declarationsByService)).toEqual([])
    receiver.stop()
  }, 180_000)

  test('requests in flight at SIGTERM get their responses', async () => {
    const user = startService('user', { DATABASE_URL: ':memory:' })
    await user.waitUntilReady()
    const wanted = jsonRequest('POST', { username: 'unknown', password: 'wrong' })
    const responses = Array.from({ length: 8 }, () => fetch(`${user.url}/api/user/login`, wanted))
    // The server accepts this connection after the eight others.
    expect((await fetch(`${user.url}/health`)).status).toBe(200)
    expect(await user.stop()).toBe(0)
    const statuses = (await Promise.all(responses)).map((response) => response.status)
    expect(statuses).toEqual(Array(8).fill(401))
  })

  test.each(['user', 'product', 'order', 'frontend'] as const)(
    'MAX_CONCURRENT_REQUESTS is the limit of %s',
    async (name) => {
      const urls = { USER_SERVICE_URL: 'http://127.0.0.1:1', PRODUCT_SERVICE_URL: 'http://127.0.0.1:1' }
      const faults = createFaultFile()
      setFault(faults, 'http-latency', { value: 300 })
      const service = startService(name, {
        DATABASE_URL: ':memory:',
        ...urls,
        MAX_CONCURRENT_REQUESTS: '1',
        FAULTS_FILE: faults,
      })
      await service.waitUntilReady()
      await waitUntil(async () => {
        const responses = await Promise.all(Array.from({ length: 4 }, () => fetch(`${service.url}/nowhere`)))
        return responses.some(({ status }) => status === 503)
      })
      expect(await service.stop()).toBe(0)
      const rejected = service.logLines().find((line) => line['problem.code'] === 'OVERLOADED')
      expect(rejected).toMatchObject({ 'shed.active_requests': 1, 'shed.limit': 1 })
    },
  )

  test('two instances that start at once on one new database both become ready', async () => {
    const file = `/tmp/vitrine-twice-${process.pid}-${Date.now()}.sqlite`
    const twins = [1, 2, 3].map(() =>
      startService('product', { DATABASE_URL: file, USER_SERVICE_URL: 'http://127.0.0.1:1' }),
    )
    await Promise.all(twins.map((twin) => twin.waitUntilReady()))
    const page = (await (await fetch(`${twins[0]?.url}/api/products`)).json()) as { items: unknown[] }
    expect(page.items).toHaveLength(10)
    expect(await Promise.all(twins.map((twin) => twin.stop()))).toEqual([0, 0, 0])
  })

  test.each(['a b', 'evil"><script>', 'x:99999', '[::1'])(
    'an invalid Host (%s) is a 400 with a trace',
    async (host) => {
      const user = startService('user', { DATABASE_URL: ':memory:' })
      await user.waitUntilReady()
      const response = await sendRaw(user.url, `GET /api/user HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      await user.stop()
      expect(response).toStartWith('HTTP/1.1 400')
      const [, traceId] = /^x-trace-id: ([0-9a-f]{32})/im.exec(response) ?? []
      expect(user.logLines().map((line) => line.trace_id)).toContain(traceId)
    },
  )

  test.each(['a b', 'x:99999', '[::1', '%', ''])(
    'the storefront’s response to an invalid Host (%s) is a page with 400, without any source',
    async (host) => {
      const frontend = startService('frontend', {})
      await frontend.waitUntilReady()
      const headers = `Host: ${host}\r\nConnection: close\r\n\r\n`
      const responses = [
        await sendRaw(frontend.url, `GET / HTTP/1.1\r\n${headers}`),
        await sendRaw(frontend.url, `POST /login HTTP/1.1\r\n${headers}`),
      ]
      await frontend.stop()
      for (const response of responses) {
        expect(response).toStartWith('HTTP/1.1 400')
        expect(response).toMatch(/^x-trace-id: [0-9a-f]{32}/im)
        expect(response).not.toMatch(/node_modules|\.tsx?:\d/)
      }
    },
  )

  test('a request without a Host, and a method of proxies, get no source either', async () => {
    const frontend = startService('frontend', {})
    await frontend.waitUntilReady()
    const requests = ['GET /robots.txt HTTP/1.0\r\n\r\n', 'CONNECT x:1 HTTP/1.1\r\nConnection: close\r\n\r\n']
    const responses = await Promise.all(requests.map((request) => sendRaw(frontend.url, request)))
    await frontend.stop()
    for (const response of responses) {
      expect(response).toMatch(/^HTTP\/1\.1 4\d\d/)
      expect(response).not.toMatch(/node_modules|\.tsx?:\d/)
    }
  })

  test('SIGUSR2 switches a running service to debug logs and back', async () => {
    const user = startService('user', { DATABASE_URL: ':memory:' })
    await user.waitUntilReady()
    const levels = () =>
      user
        .logLines()
        .map((line) => line['log.level'])
        .filter(Boolean)
    for (const expected of [['debug'], ['debug', 'info']]) {
      process.kill(user.pid, 'SIGUSR2')
      await waitUntil(() => levels().length >= expected.length)
      expect(levels()).toEqual(expected)
    }
    expect(await user.stop()).toBe(0)
  })

  test('missing settings in production are listed all at once, and the service does not start', async () => {
    const frontend = startService('order', { DEPLOYMENT_ENVIRONMENT: 'production', SERVICE_KEY: '', DATABASE_URL: '' })
    await expect(frontend.waitUntilReady()).rejects.toThrow()
    expect(await frontend.stop()).toBe(1)
    const output = frontend.output()
    for (const name of ['SERVICE_KEY', 'DATABASE_URL', 'USER_SERVICE_URL', 'PRODUCT_SERVICE_URL']) {
      expect(output).toContain(`  ${name}: `)
    }
  })
})

describe('nothing listens on the OTLP port', () => {
  let user: ServiceProcess
  const endpoint = `http://127.0.0.1:${freePort()}`

  beforeAll(async () => {
    // The first export is then that of a request's span, and starts inside the request.
    const quick = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_METRIC_EXPORT_INTERVAL: '600000', LOG_LEVEL: 'warn' }
    user = startService('user', { DATABASE_URL: ':memory:', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...quick })
    await user.waitUntilReady()
  })
  afterAll(async () => {
    await user.stop()
  })

  test('many failed exports give one warning with the endpoint, and requests succeed', async () => {
    for (let round = 0; round < 40; round++) {
      expect((await fetch(`${user.url}/api/user`)).status).toBe(401)
      await Bun.sleep(100)
    }
    const warnings = user.logLines().filter((line) => line.level === 'warn')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatchObject({ 'otel.exporter.endpoint': endpoint, 'error.type': 'ECONNREFUSED' })
    expect(warnings[0]).not.toHaveProperty('trace_id')
  }, 180_000)

  test('the process ends with 0 within its deadline', async () => {
    const startMs = performance.now()
    expect(await user.stop()).toBe(0)
    expect(performance.now() - startMs).toBeLessThan(stopTimeoutMs)
  })
})

// fetch() does not send an invalid Host.
async function sendRaw(url: string, request: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  await openConnection(url, request, resolve)
  return promise
}

function openConnection(url: string, request: string, onClose: (response: string) => void = () => {}) {
  const { hostname, port } = new URL(url)
  let response = ''
  return Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) => void socket.write(request),
      data: (_socket, bytes) => {
        response += bytes.toString()
      },
      close: () => onClose(response),
    },
  })
}
