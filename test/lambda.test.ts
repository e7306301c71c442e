import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createTelemetry, type Telemetry } from '@vitrine/telemetry'
import { lambdaHandler } from '@vitrine/telemetry/aws-lambda'
import type { ExecutionContext } from 'hono'
import { createFrontendApp } from '../services/frontend/app'
import { createOrderApp } from '../services/order/app'
import { createProductApp } from '../services/product/app'
import { seedCatalog } from '../services/product/seed'
import { createUserApp } from '../services/user/app'
import { serviceClient } from '../src/service-client'
import { openTestDatabase } from './database'
import { startOtlpReceiver } from './otlp-receiver'
import { serviceKey } from './shop'

const receiver = startOtlpReceiver()
afterAll(() => receiver.stop())
beforeAll(() => receiver.clear())

/** Telemetry as on Lambda, with timers so slow that only an invocation's end exports. */
function onLambda(serviceName: string): Telemetry {
  const slow = {
    OTEL_BSP_SCHEDULE_DELAY: '600000',
    OTEL_BLRP_SCHEDULE_DELAY: '600000',
    OTEL_METRIC_EXPORT_INTERVAL: '600000',
  }
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AWS_LAMBDA_FUNCTION_NAME: serviceName, ...slow }
  return createTelemetry({ serviceName, env, write: () => {} })
}

const event = (method: string, path: string) => ({
  version: '2.0',
  rawPath: path,
  rawQueryString: '',
  headers: { host: 'shop.test', 'content-type': 'application/json' },
  requestContext: { http: { method, path } },
  body: null,
  isBase64Encoded: false,
})

/** Invokes a service once. @returns what had arrived when the invocation ended */
async function invoke(app: Parameters<typeof lambdaHandler>[0], path: string) {
  receiver.clear()
  const response = (await lambdaHandler(app)(event('GET', path) as never)) as {
    statusCode: number
    headers: Record<string, string>
  }
  const { traces, logs, metrics } = receiver
  return { response, traces: [...traces], logs: [...logs], metrics: [...metrics] }
}

const own = (service: string) => ({ telemetry: onLambda(service), serviceKey })
const unreachable = (telemetry: Telemetry, peer: string) =>
  serviceClient({ telemetry, serviceKey, peer, url: 'http://127.0.0.1:1' })

const services: Record<
  string,
  () => Promise<{ app: Parameters<typeof lambdaHandler>[0]; path: string; route: string; status: number }>
> = {
  'user-service': async () => {
    const { telemetry } = own('user-service')
    const app = createUserApp({ ...(await openTestDatabase('user', telemetry)), serviceKey })
    return { app, path: '/api/user', route: '/api/user', status: 401 }
  },
  'product-service': async () => {
    const { telemetry } = own('product-service')
    const database = await openTestDatabase('product', telemetry)
    await seedCatalog(database.database.db, 25)
    const app = createProductApp({ ...database, serviceKey, users: unreachable(telemetry, 'user-service') as never })
    return { app, path: '/api/product/laptop-pro', route: '/api/product/:slugOrId', status: 200 }
  },
  'order-service': async () => {
    const { telemetry } = own('order-service')
    const peers = {
      users: unreachable(telemetry, 'user-service') as never,
      products: unreachable(telemetry, 'product-service') as never,
    }
    const app = createOrderApp({ ...(await openTestDatabase('order', telemetry)), serviceKey, ...peers })
    return { app, path: '/api/order', route: '/api/order', status: 401 }
  },
  frontend: async () => {
    const { telemetry } = own('frontend')
    const peer = (name: string) => unreachable(telemetry, name) as never
    const peers = { users: peer('user-service'), products: peer('product-service'), orders: peer('order-service') }
    const app = createFrontendApp({ telemetry, serviceKey, sessionSecret: 'a-secret-for-tests', ...peers })
    return { app, path: '/login', route: '/login', status: 200 }
  },
}

test.each(Object.keys(services))(
  '%s on Lambda exports its three signals before an invocation ends',
  async (service) => {
    const { app, path, route, status } = await (services[service] as (typeof services)[string])()

    const first = await invoke(app, path)
    const second = await invoke(app, path)

    for (const { response, traces, logs } of [first, second]) {
      expect(response.statusCode).toBe(status)
      const server = traces.find((span) => span.name === `GET ${route}`)
      expect(server?.service).toBe(service)
      expect(response.headers['x-trace-id']).toBe(server?.traceId as string)
      expect(logs.filter((log) => log.eventName === 'http.server.request')).toHaveLength(1)
    }
    // Delta temporality: each export has the values of its own invocation.
    for (const { metrics } of [first, second]) {
      const requests = metrics.filter(({ name }) => name === 'http.server.request.duration')
      expect(requests.flatMap(({ points }) => points).reduce((sum, { value }) => sum + value, 0)).toBe(1)
    }
  },
)

test('an invocation waits for each waitUntil(), nested ones and after an error too', async () => {
  const done: string[] = []
  const app = {
    fetch(_request: Request, _env: object, { waitUntil }: Pick<ExecutionContext, 'waitUntil'>): Response {
      waitUntil(Bun.sleep(10).then(() => waitUntil(Bun.sleep(10).then(() => void done.push('late')))))
      throw new RangeError('out of reach')
    },
  }

  await expect(lambdaHandler(app)(event('GET', '/') as never)).rejects.toThrow('out of reach')

  expect(done).toEqual(['late'])
})

test('an invocation does not wait longer than its remaining time', async () => {
  const app = {
    fetch(_request: Request, _env: object, { waitUntil }: Pick<ExecutionContext, 'waitUntil'>): Response {
      waitUntil(new Promise(() => {}))
      return new Response('hello')
    },
  }
  const context = { getRemainingTimeInMillis: () => 300 }

  expect(await lambdaHandler(app)(event('GET', '/') as never, context as never)).toMatchObject({ statusCode: 200 })
})
