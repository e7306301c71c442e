import { afterEach, expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { useFakeClock } from '../../test/clock'
import { createTelemetry, type TelemetryOptions } from '../telemetry'
import { logRecordsIn, metricsIn, spansIn } from '../testing'

const fixture = (name: string) => `${import.meta.dir}/fixtures/${name}.pem`

interface Received {
  path: string
  headers: Headers
  body: Uint8Array
  taken?: boolean
}

let stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops) await stop()
  stops = []
})

/** An OTLP/HTTP receiver on a free port. */
function openReceiver(
  respond: (request: Received, count: number) => Response | Promise<Response> = () => Response.json({}),
  tls?: Bun.TLSOptions,
) {
  const received: Received[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    ...(tls && { tls }),
    async fetch(request) {
      const { pathname: path } = new URL(request.url)
      const bytes = new Uint8Array(await request.arrayBuffer())
      const isZipped = request.headers.get('content-encoding') === 'gzip'
      const one = { path, headers: request.headers, body: isZipped ? gunzipSync(bytes) : bytes }
      received.push(one)
      return respond(one, received.length)
    },
  })
  stops.push(() => server.stop(true))
  return {
    received,
    at: (path: string) => received.filter((one) => one.path === path),
    url: server.url.href.slice(0, -1),
  }
}

/** The telemetry of a program, with one span, one log record and one count. */
function open(env: Record<string, string>, given: Partial<TelemetryOptions> = {}) {
  const lines: Record<string, unknown>[] = []
  const quiet = {
    OTEL_METRIC_EXPORT_INTERVAL: '600000',
    OTEL_BSP_SCHEDULE_DELAY: '600000',
    OTEL_BLRP_SCHEDULE_DELAY: '600000',
  }
  const telemetry = createTelemetry({
    serviceName: 'shop',
    env: { ...quiet, ...env },
    write: (line) => lines.push(JSON.parse(line)),
    ...given,
  })
  stops.push(() => telemetry.shutdown(100))
  const emit = async () => {
    telemetry.counter({ kind: 'counter', name: 'things', unit: '{thing}', description: 'Things' }).add(3)
    await telemetry.span('work', () => telemetry.log.info('working'))
  }
  return { telemetry, lines, emit }
}

const json = ({ body }: Received) => JSON.parse(new TextDecoder().decode(body))
const only = (all: Received[]) => {
  expect(all).toHaveLength(1)
  return all[0] as Received
}

test('each signal is sent to its own path, gzipped, with a Content-Length', async () => {
  const receiver = openReceiver()
  const { telemetry, emit } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })

  await emit()
  await telemetry.forceFlush()

  expect(spansIn(json(only(receiver.at('/v1/traces'))))).toMatchObject([{ name: 'work', service: 'shop' }])
  expect(logRecordsIn(json(only(receiver.at('/v1/logs'))))).toMatchObject([{ body: 'working' }])
  const metrics = metricsIn(json(only(receiver.at('/v1/metrics'))))
  expect(metrics.find(({ name }) => name === 'things')).toMatchObject({ unit: '{thing}', points: [{ value: 3 }] })
  for (const { headers } of receiver.received) {
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('content-encoding')).toBe('gzip')
    expect(Number(headers.get('content-length'))).toBeGreaterThan(50)
    expect(headers.get('traceparent')).toBeNull()
  }
})

test('endpoint, headers, timeout and compression can be set for one signal', async () => {
  const shared = openReceiver()
  const own = openReceiver()
  const { telemetry, emit } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${shared.url}/base/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=blue%20team, x-key = secret',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${own.url}/custom/path`,
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-key=other',
    OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'none',
  })

  await emit()
  await telemetry.forceFlush()

  const { headers } = only(own.at('/custom/path'))
  expect([headers.get('x-tenant'), headers.get('x-key'), headers.get('content-encoding')]).toEqual([
    'blue team',
    'other',
    null,
  ])
  expect(shared.received.map(({ path }) => path).sort()).toEqual(['/base/v1/logs', '/base/v1/metrics'])
  expect(shared.received.map(({ headers }) => headers.get('x-key'))).toEqual(['secret', 'secret'])
})

test('a signal without an exporter is not sent', async () => {
  const receiver = openReceiver()
  const { telemetry, emit } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
  })

  await emit()
  await telemetry.forceFlush()

  expect(receiver.received.map(({ path }) => path)).toEqual(['/v1/logs'])
})

test('protobuf can be selected', async () => {
  const receiver = openReceiver(() => new Response(new Uint8Array([0x0a, 0x02, 0x08, 0x01])))
  const { telemetry, emit } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  })

  await emit()
  await telemetry.forceFlush()

  for (const path of ['/v1/traces', '/v1/logs', '/v1/metrics']) {
    const { headers, body } = only(receiver.at(path))
    expect(headers.get('content-type')).toBe('application/x-protobuf')
    // Field 1, length-delimited: resource_spans, resource_logs, resource_metrics.
    expect(body[0]).toBe(0x0a)
    expect(new TextDecoder().decode(body)).toContain('service.name')
  }
  // The receiver's response is partial_success { rejected_spans: 1 }.
  expect(ProtobufTraceSerializer.deserializeResponse(new Uint8Array([0x0a, 0x02, 0x08, 0x01]))).toMatchObject({
    partialSuccess: { rejectedSpans: 1 },
  })
  expect(await exported(telemetry, receiver, 'span')).toEqual({ rejected: 1 })
})

test('TLS works with a private authority and with a client certificate', async () => {
  const cert = await Bun.file(fixture('certificate')).text()
  const key = await Bun.file(fixture('key')).text()
  const receiver = openReceiver(() => Response.json({}), {
    cert,
    key,
    ca: cert,
    requestCert: true,
    rejectUnauthorized: true,
  })
  const url = receiver.url.replace('127.0.0.1', 'localhost')
  const files = { OTEL_EXPORTER_OTLP_CERTIFICATE: fixture('certificate') }
  const client = {
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: fixture('certificate'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: fixture('key'),
  }

  for (const env of [{}, files, { ...files, ...client }]) {
    const { telemetry, emit } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env })
    await emit()
    await telemetry.forceFlush()
  }

  expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces'])
})

test.each([429, 502, 503, 504])('a %d is retried with the same bytes', async (status) => {
  const receiver = openReceiver((_, count) => (count === 1 ? new Response('not now', { status }) : Response.json({})))
  const { telemetry } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
  })

  await telemetry.span('work', () => {})
  await telemetry.forceFlush()
  await telemetry.forceFlush()

  expect(receiver.received).toHaveLength(2)
  expect(receiver.received[1]?.body).toEqual(receiver.received[0]?.body as Uint8Array)
})

test.each([400, 401, 404, 413, 500])('a %d is not retried', async (status) => {
  const receiver = openReceiver(() => new Response('no', { status }))
  const { telemetry, lines } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
  })

  await telemetry.span('work', () => {})
  await telemetry.forceFlush()
  await telemetry.forceFlush()

  expect(receiver.received).toHaveLength(1)
  expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
    {
      message: 'telemetry is not accepted; is a receiver listening?',
      'error.type': String(status),
      'otel.exporter.endpoint': receiver.url,
    },
  ])
})

test('a custom send() may refuse a batch, which is counted as refused', async () => {
  const receiver = openReceiver()
  const paths: string[] = []
  const send = async (url: string, init: RequestInit) => {
    paths.push(new URL(url).pathname)
    return url.endsWith('/v1/traces') ? new Response(null, { status: 400 }) : fetch(url, init)
  }
  const { telemetry, emit } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, { send })

  await emit()
  await telemetry.forceFlush()
  await telemetry.forceFlush()

  expect(receiver.at('/v1/traces')).toEqual([])
  expect(receiver.at('/v1/logs').length).toBeGreaterThan(0)
  expect(paths.filter((path) => path === '/v1/traces')).toHaveLength(1)
  const points = metricsIn(json(receiver.at('/v1/metrics').at(-1) as Received))
    .filter(({ name }) => name === 'otel.sdk.exporter.span.exported')
    .flatMap((metric) => metric.points)
    .filter(({ attributes }) => attributes['error.type'] === '400')
  expect(points.map(({ value }) => value)).toEqual([1])
})

test('Retry-After in seconds is respected', async () => {
  const clock = useFakeClock()
  const receiver = openReceiver((_, count) => {
    return count === 1 ? new Response('', { status: 503, headers: { 'Retry-After': '1' } }) : Response.json({})
  })
  const { telemetry } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
  })

  await telemetry.span('work', () => {})
  await telemetry.forceFlush()
  await clock.advance(999)
  expect(receiver.received).toHaveLength(1)

  await clock.advance(1)
  await telemetry.forceFlush()
  expect(receiver.received).toHaveLength(2)
})

test('a receiver that responds too late is retried', async () => {
  const clock = useFakeClock()
  const isAsked = Promise.withResolvers<void>()
  const receiver = openReceiver(async (_, count) => {
    isAsked.resolve()
    return count === 1 ? new Promise<Response>(() => {}) : Response.json({})
  })
  const { telemetry, lines } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
  })

  await telemetry.span('work', () => {})
  const flushed = telemetry.forceFlush()
  await isAsked.promise
  await clock.advance(500)
  await flushed
  await telemetry.forceFlush()

  expect(receiver.received).toHaveLength(2)
  expect(lines.map((line) => line['error.type'] ?? line.message)).toEqual([
    'TimeoutError',
    'telemetry is accepted again',
  ])
})

test('one line reports that signals are not accepted, one that they are again and how many were lost', async () => {
  let isAway = true
  const receiver = openReceiver((one) => {
    one.taken = !isAway
    return isAway ? new Response('', { status: 503 }) : Response.json({})
  })
  const { telemetry, lines } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_MAX_QUEUE_SIZE: '10',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
  })

  for (let n = 0; n < 30; n++) await telemetry.span('work', () => {})
  for (let n = 0; n < 3; n++) await telemetry.forceFlush()
  isAway = false
  for (let n = 0; n < 3; n++) await telemetry.forceFlush()

  const about = lines.filter(({ message }) => String(message).startsWith('telemetry is'))
  expect(about).toMatchObject([
    { level: 'warn', 'error.type': '503' },
    { level: 'info', message: 'telemetry is accepted again', 'otel.exporter.lost.logs': 0 },
  ])
  const arrived = receiver.at('/v1/traces').flatMap((one) => (one.taken ? spansIn(json(one)) : []))
  expect(about[1]?.['otel.exporter.lost.spans']).toBe(30 - arrived.length)
  expect(arrived.length).toBeWithin(5, 26)
})

test.each(['http/json', 'http/protobuf'])(
  'by %s, what can’t be written takes nothing else with it',
  async (protocol) => {
    const receiver = openReceiver(() => new Response(''))
    const { telemetry } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol })
    // Values that a JavaScript library may pass to the API.
    const hostile = Object.defineProperty({}, 'inside', {
      enumerable: true,
      get() {
        throw new TypeError('not yet loaded')
      },
    })
    const logger = telemetry.providers.logger.getLogger('a library')

    telemetry.log.event('before')
    logger.emit({ severityText: 'hostile', body: hostile as never })
    telemetry.log.event('after')
    await telemetry.forceFlush()

    const text = new TextDecoder().decode(only(receiver.at('/v1/logs')).body)
    expect(text).toContain('before')
    expect(text).not.toContain('hostile')
    expect(text).toContain('after')
    await telemetry.forceFlush()
    expect(new TextDecoder().decode(receiver.at('/v1/metrics').at(-1)?.body)).toContain('unserializable')
  },
)

test('attributes with throwing getters are left out, and nothing is thrown', async () => {
  const { telemetry, lines } = open({ OTEL_SDK_DISABLED: 'true' })
  const circle: Record<string, unknown> = { name: 'round' }
  circle.self = circle
  const unloaded = {
    id: 7,
    get name(): string {
      throw new TypeError('not yet loaded')
    },
  }

  telemetry.log.event('circle', { circle: circle as never, id: 1 })
  telemetry.log.event('unloaded', unloaded)
  telemetry.log.event('inside', { unloaded, id: 2 })
  await telemetry.span('work', () => telemetry.setAttribute('unloaded', unloaded as never), unloaded)

  expect(lines).toMatchObject([{ id: 1, circle: { name: 'round' } }, { id: 7 }, { id: 2, unloaded: { id: 7 } }])
})

test('metrics report what is queued, exported and lost, and why', async () => {
  let isAway = true
  const receiver = openReceiver(({ path }) =>
    isAway && path === '/v1/traces' ? new Response('', { status: 503 }) : Response.json({}),
  )
  const { telemetry } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_MAX_QUEUE_SIZE: '10',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
  })

  for (let n = 0; n < 33; n++) await telemetry.span('work', () => {})
  await telemetry.forceFlush()
  const during = metricsIn(json(receiver.at('/v1/metrics').at(-1) as Received))
  isAway = false
  await telemetry.forceFlush()
  await telemetry.forceFlush()
  await telemetry.forceFlush()
  const after = metricsIn(json(receiver.at('/v1/metrics').at(-1) as Received))

  const value = (metrics: typeof during, name: string, errorType?: string) =>
    metrics
      .find((metric) => metric.name === name)
      ?.points.find(({ attributes }) => attributes['error.type'] === errorType)?.value
  expect(value(during, 'otel.sdk.processor.span.queue.capacity')).toBe(10)
  const left =
    (value(during, 'otel.sdk.processor.span.queue.size') ?? 0) + (value(during, 'otel.sdk.exporter.span.inflight') ?? 0)
  expect(left + (value(during, 'otel.sdk.processor.span.processed', 'queue_full') ?? 0)).toBe(33)
  expect(value(after, 'otel.sdk.processor.span.queue.size')).toBe(0)
  const sent = value(after, 'otel.sdk.exporter.span.exported') ?? 0
  expect(sent).toBeWithin(5, 26)
  expect(sent + (value(after, 'otel.sdk.processor.span.processed', 'queue_full') ?? 0)).toBe(33)
})

test('an export is not traced as a part of the request', async () => {
  const receiver = openReceiver()
  const { telemetry, emit } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1' })

  await telemetry.span('request', emit)
  await telemetry.forceFlush()

  expect(spansIn(json(receiver.at('/v1/traces')[0] as Received)).map(({ name }) => name)).toEqual(['work'])
  expect(receiver.received.every(({ headers }) => headers.get('traceparent') === null)).toBe(true)
})

async function exported(
  telemetry: ReturnType<typeof createTelemetry>,
  receiver: ReturnType<typeof openReceiver>,
  item: string,
) {
  await telemetry.forceFlush()
  const { headers } = receiver.at('/v1/metrics').at(-1) as Received
  expect(headers.get('content-type')).toBe('application/x-protobuf')
  const text = new TextDecoder('latin1').decode((receiver.at('/v1/metrics').at(-1) as Received).body)
  expect(text).toContain(`otel.sdk.exporter.${item}.exported`)
  return text.includes('rejected') ? { rejected: 1 } : {}
}

test('a redirect to a login page counts as refused', async () => {
  const login = openReceiver(() => new Response('please log in'))
  const receiver = openReceiver(() => Response.redirect(`${login.url}/login`, 302))
  const { telemetry, lines } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })

  telemetry.log.event('before')
  await telemetry.forceFlush()

  expect(login.received).toEqual([])
  expect(lines.find(({ message }) => String(message).startsWith('telemetry is not accepted'))).toMatchObject({
    'error.type': '302',
  })
})

test('invalid headers are reported and ignored, ours take precedence, and credentials of the URL are sent', async () => {
  const receiver = openReceiver()
  const { telemetry, lines } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url.replace('://', '://me:secret@')}/otlp?tenant=a`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-name=Zo%C3%AB%E2%82%AC,x y=1,content-type=text/plain,X-Tok=a,x-tok=b,x-line=a%0Ab',
  })

  telemetry.log.event('before')
  await telemetry.forceFlush()

  const { headers, path } = only(receiver.at('/otlp/v1/logs'))
  expect(path).toBe('/otlp/v1/logs')
  expect(headers.get('content-type')).toBe('application/json')
  expect(headers.get('x-tok')).toBe('b')
  expect(headers.get('authorization')).toBe(`Basic ${btoa('me:secret')}`)
  expect(lines.filter(({ level }) => level === 'warn').map(({ message }) => String(message).split(';')[0])).toEqual(
    [
      'OTEL_EXPORTER_OTLP_HEADERS: x-name is not a valid header',
      'OTEL_EXPORTER_OTLP_HEADERS: x y is not a valid header',
      'OTEL_EXPORTER_OTLP_HEADERS: x-line is not a valid header',
    ].map((text) => text.replace('’', "'")),
  )
})

test('a receiver that fails intermittently is reported once', async () => {
  const receiver = openReceiver((_, count) => (count % 2 ? new Response('', { status: 400 }) : Response.json({})))
  const { telemetry, lines } = open({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_TRACES_EXPORTER: 'none',
  })

  for (let n = 0; n < 20; n++) {
    telemetry.log.event(`number ${n}`)
    await telemetry.forceFlush()
  }

  expect(lines.filter(({ message }) => String(message).startsWith('telemetry is'))).toHaveLength(2)
})

test('without compression bodies are plain', async () => {
  const receiver = openReceiver()
  const { telemetry } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_COMPRESSION: 'none' })

  telemetry.log.event('before')
  await telemetry.span('work', () => {})
  await telemetry.forceFlush()

  for (const { headers } of receiver.received) expect(headers.get('content-encoding')).toBeNull()
  expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/v1/traces', '/v1/logs', '/v1/metrics']))
})

test('sparse arrays and reserved keys leave batch and line readable', async () => {
  const receiver = openReceiver()
  const { telemetry, lines } = open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
  const holes = Object.assign(Array(3), { 0: 1, 2: 3 })

  telemetry.log.info('holes', { holes, message: 'mine', trace_id: 'mine', level: 7 })
  await telemetry.forceFlush()

  const [record] = logRecordsIn(JSON.parse(new TextDecoder().decode(only(receiver.at('/v1/logs')).body)))
  expect(record?.attributes).toMatchObject({ message: 'mine', holes: [1, null, 3] })
  expect(lines[0]).toMatchObject({ message: 'holes', level: 'info', 'attributes.message': 'mine' })
})
