import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { matchers, recordTelemetry } from '../testing'
import { readSettings } from './settings'

expect.extend(matchers)

function open(env: Record<string, string>) {
  const seen = recordTelemetry()
  const requests: Request[] = []
  const telemetry = seen.telemetry('shop', { env })
  const far = telemetry.client({
    fetch: (request) => {
      requests.push(request)
      return new Response()
    },
  })
  const app = new Hono().use(telemetry.middleware()).get('/', async (c) => {
    await far('http://far.test/')
    return c.text('ok')
  })
  return { seen, app, requests, telemetry }
}

test('without settings everything has its documented default', () => {
  const queue = { delayMs: 1000, maxBatchSize: 512, maxQueueSize: 32_768 }
  const endpoint = { headers: {}, timeoutMs: 2500, compression: 'gzip', protocol: 'http/json', tls: undefined } as const
  const to = (signal: 'traces' | 'metrics' | 'logs') => ({
    signal,
    url: `http://localhost:4318/v1/${signal}`,
    ...endpoint,
  })
  expect(readSettings('shop', {})).toEqual({
    settings: {
      disabled: false,
      serviceName: 'shop',
      resourceAttributes: {},
      environmentName: 'production',
      sampling: { parentBased: true, ratio: 1, rules: [], maxTracesPerSecond: Number.POSITIVE_INFINITY },
      spanLimits: { attributeCount: 128, attributeValueLength: 8192, eventCount: 128, linkCount: 128 },
      spanQueue: queue,
      logQueue: queue,
      metricIntervalMs: 5000,
      temporality: 'cumulative',
      endpoints: { traces: to('traces'), metrics: to('metrics'), logs: to('logs') },
      logLevel: 'info',
      isServerless: false,
    },
    warnings: [],
  })
})

test('an empty value is treated as unset', () => {
  const empty = { OTEL_SERVICE_NAME: '', OTEL_TRACES_SAMPLER: '', OTEL_TRACES_SAMPLER_ARG: ' ', LOG_LEVEL: '' }

  expect(readSettings('shop', empty)).toEqual(readSettings('shop', {}))
})

test.each([
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ['OTEL_TRACES_SAMPLER_ARG', 'half'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '0'],
  ['OTEL_BSP_SCHEDULE_DELAY', '-1'],
  ['OTEL_BLRP_SCHEDULE_DELAY', '1e99'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', 'NaN'],
  ['LOG_LEVEL', 'loud'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'novalue'],
  ['OTEL_RESOURCE_ATTRIBUTES', '=1'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz'],
])('%s=%p is replaced by its default, with a warning', (name, value) => {
  const { settings, warnings } = readSettings('shop', { [name]: value })

  expect(settings).toEqual(readSettings('shop', {}).settings)
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain(name)
})

test('a warning about settings is logged', () => {
  const { seen } = open({ OTEL_TRACES_SAMPLER: 'sometimes' })

  expect(seen.lines()).toMatchObject([{ level: 'warn', message: expect.stringContaining('OTEL_TRACES_SAMPLER') }])
})

test('name, attributes and environment are in the resource of every signal', async () => {
  const { seen, app } = open({
    OTEL_SERVICE_NAME: 'renamed',
    OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=vitrine, team = a%20b ,service.name=ignored',
    DEPLOYMENT_ENVIRONMENT: 'staging',
  })

  await app.request('/')

  const wanted = {
    'service.name': 'renamed',
    'service.namespace': 'vitrine',
    'service.version': '0.0.0',
    'deployment.environment.name': 'staging',
    'process.runtime.name': 'bun',
    team: 'a b',
  }
  expect(seen.span('GET /').resource).toHaveAttributes(wanted)
  expect(seen.logs('http.server.request')[0]?.resource).toHaveAttributes(wanted)
  expect(seen.lines()[0]).toMatchObject({ service: 'renamed' })
  expect(seen.span('GET /').resource.attributes).not.toHaveProperty('process.command_args')
})

test('with a ratio of 0 there are no spans, the sampled flag is not set, and metrics and logs are complete', async () => {
  const { seen, app, requests } = open({
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0',
  })

  const response = await app.request('/')

  expect(seen.spans()).toEqual([])
  expect(requests[0]?.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
  expect(requests[0]?.headers.get('traceparent')).toContain(response.headers.get('x-trace-id') as string)
  expect(await seen.metric('http.server.request.duration')).toBe(1)
  expect(seen.lines()[0]).toMatchObject({ trace_id: response.headers.get('x-trace-id'), trace_flags: 0 })
  expect(seen.logs('http.server.request')).toHaveLength(1)
})

test.each([
  ['always_on', '0', 20, 20],
  ['always_off', '1', 0, 0],
  ['traceidratio', '1', 20, 20],
  ['TraceIdRatio', '0.5', 20, 80],
])('the sampler %p with %p samples %p to %p spans', async (sampler, ratio, min, max) => {
  const { seen, telemetry } = open({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio })
  const times = min === max ? 20 : 100

  for (let i = 0; i < times; i++) await telemetry.span('work', () => {})

  expect(seen.spans().length).toBeWithin(min, max + 1)
})

test('with OTEL_SDK_DISABLED the service works and logs lines, and no signal is exported', async () => {
  const { seen, app } = open({ OTEL_SDK_DISABLED: 'TRUE' })

  const response = await app.request('/')

  expect(response.status).toBe(200)
  expect([seen.spans(), seen.logs()]).toEqual([[], []])
  expect(seen.lines()).toMatchObject([{ event: 'http.server.request', 'http.response.status_code': 200 }])
})
