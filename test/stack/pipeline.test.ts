import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { findTrace } from '../../stack/clients/jaeger'
import { type LogLine, queryLines } from '../../stack/clients/loki'
import { queryPrometheus } from '../../stack/clients/prometheus'
import { isMissing } from '../requirements'
import { waitUntil } from '../wait-until'
import { startStack } from './start-stack'

/** Telemetry of other programs. The sampler stores only traces that one of its rules selects. */
describe.skipIf(isMissing('stack'))('the pipeline of collector.yaml', () => {
  let stack: Awaited<ReturnType<typeof startStack>>
  beforeAll(async () => {
    stack = await startStack({ TAIL_SAMPLE_PERCENT: '0' })
  }, 180_000)
  afterAll(() => stack.stop(), 180_000)

  test('takes thousands of logs and spans of 8 KB, and later ones', async () => {
    const stack = 'x'.repeat(8000)
    for (let batch = 0; batch < 5; batch++) {
      // Each line differs: a log server stores equal lines of one time once.
      const words = (n: number) => text(`${batch} ${n} ${stack}`)
      const records = Array.from({ length: 1000 }, (_, n) => ({ ...now(), severityNumber: 17, body: words(n) }))
      await send('logs', logs('large', records))
    }
    const trace = traceId()
    const root = spanOf(trace, { status: { code: 2 } })
    const spans = Array.from({ length: 1000 }, () =>
      spanOf(trace, { parentSpanId: root.spanId, attributes: [attribute('stack', stack)] }),
    )
    await send('traces', traces('large', [root, ...spans]))
    await send('logs', logs('small', [{ ...now(), body: text('after them') }]))

    expect((await untilLines('{service_name="small"}', 1))[0]?.line).toBe('after them')
    await waitUntil(async () => (await counted('{service_name="large"}')) >= 5000)
    await waitUntil(async () => (await findTrace(places().jaeger, trace)).length === 1001)
  }, 180_000)

  test('stores no e-mail address: not in a name, status, attribute, event or log line', async () => {
    const trace = traceId()
    const who = 'jane.doe@example.com'
    const output = {
      name: `GET /u/${who}`,
      status: { code: 2, message: `Duplicate entry '${who}'` },
      attributes: [attribute('user', who)],
    }
    await send(
      'traces',
      traces('leaky', [
        spanOf(trace, { ...output, events: [{ ...now(), name: 'e', attributes: [attribute('to', who)] }] }),
      ]),
    )
    await send(
      'logs',
      logs('leaky', [{ ...now(), body: text(`mail to ${who}`), attributes: [attribute('password', 'hunter2')] }]),
    )

    const stored = await untilSpans(trace)
    const lines = await untilLines('{service_name="leaky"}', 1)
    const all = JSON.stringify(stored) + JSON.stringify(lines.map(({ labels, line }) => [labels, line]))
    expect(all).not.toContain('jane')
    expect(all).not.toContain('hunter2')
    expect(all).toContain('Duplicate entry')
  }, 180_000)

  test('leaves an instance’s id and the numbers of orders as they are', async () => {
    const trace = traceId()
    const values = {
      'service.instance.id': '41234567-1234-4123-9123-412345678901',
      'order.number': '261125-TW7RKPMC',
      'http.route': '/product/:slug',
    }
    const attributes = Object.entries(values).map(([key, value]) => attribute(key, value))
    await send('traces', traces('plain', [spanOf(trace, { status: { code: 2 }, attributes })]))
    expect((await untilSpans(trace))[0]?.tags).toMatchObject(values)
  }, 180_000)

  test('keeps a trace whose root fails seven seconds after its first span', async () => {
    const trace = traceId()
    const rootId = trace.slice(16)
    await send('traces', traces('slow', [spanOf(trace, { name: 'child', parentSpanId: rootId })]))
    await Bun.sleep(7000)
    await send('traces', traces('slow', [{ ...spanOf(trace, { name: 'root', status: { code: 2 } }), spanId: rootId }]))
    const names = (await untilSpans(trace, 2)).map(({ name }) => name).sort()
    expect(names).toEqual(['child', 'root'])
  }, 180_000)

  test('drops traces of probes and traces without a reason, and counts requests except probes', async () => {
    const [probe, normal, failed] = [traceId(), traceId(), traceId()]
    const serverSpan = (trace: string, path: string) =>
      spanOf(trace, { kind: 2, name: `GET ${path}`, attributes: [attribute('url.path', path)] })
    const root = serverSpan(probe, '/ready')
    const query = spanOf(probe, { name: 'SELECT 1', kind: 3, parentSpanId: root.spanId, status: { code: 2 } })
    await send('traces', traces('probed', [root, query, serverSpan(normal, '/normal')]))
    await send('traces', traces('probed', [spanOf(failed, { status: { code: 2 } })]))

    await untilSpans(failed)
    expect(await findTrace(places().jaeger, normal)).toEqual([])
    expect(await findTrace(places().jaeger, probe)).toEqual([])
    await waitUntil(async () => (await calls('GET /normal')) === 1)
    expect(await calls('GET /ready')).toBe(0)
  }, 180_000)

  test('the log server can filter by event name', async () => {
    await send('logs', logs('eventful', [{ ...now(), eventName: 'fault.changed', body: text('a fault') }]))
    const lines = await untilLines('{service_name="eventful"} | event_name="fault.changed"', 1)
    expect(lines.map(({ line }) => line)).toEqual(['a fault'])
  }, 180_000)

  test('keeps the request duration of k6, and drops its unused parts', async () => {
    const parts = ['blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving']
    const names = ['http_req_duration', 'iterations', ...parts.map((part) => `http_req_${part}`)]
    await send('metrics', metrics('load', [...names.map((name) => `k6.${name}`), 'http_req_waiting']))

    const stored = async () => {
      const samples = await queryPrometheus(places().prometheus, '{job="load", __name__!="target_info"}')
      return samples.map(({ labels }) => labels.__name__).sort()
    }
    await waitUntil(async () => (await stored()).length >= 3)
    expect(await stored()).toEqual(['http_req_waiting', 'k6_http_req_duration', 'k6_iterations'])
  }, 180_000)

  const places = () => stack.endpoints

  async function send(signal: 'traces' | 'logs' | 'metrics', body: object): Promise<void> {
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(`${places().collector}/v1/${signal}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(200)
  }

  async function untilSpans(trace: string, count = 1) {
    await waitUntil(async () => (await findTrace(places().jaeger, trace)).length >= count)
    return findTrace(places().jaeger, trace)
  }

  async function untilLines(query: string, count: number): Promise<LogLine[]> {
    await waitUntil(async () => (await queryLines(places().loki, query)).length >= count)
    return queryLines(places().loki, query)
  }

  async function counted(selector: string): Promise<number> {
    const search = new URLSearchParams({ query: `sum(count_over_time(${selector}[10m]))` })
    const response = await fetch(`${places().loki}/loki/api/v1/query?${search}`)
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
    return Number(data.result[0]?.value[1] ?? 0)
  }

  async function calls(spanName: string): Promise<number> {
    const query = `sum(traces_span_metrics_calls_total{span_name="${spanName}"})`
    return (await queryPrometheus(places().prometheus, query))[0]?.value ?? 0
  }
})

const traceId = () => Bun.randomUUIDv7().replaceAll('-', '')
const text = (stringValue: string) => ({ stringValue })
const attribute = (key: string, value: string) => ({ key, value: text(value) })
const now = () => ({ timeUnixNano: `${Date.now()}000000` })
const resource = (service: string) => ({ attributes: [attribute('service.name', service)] })
const logs = (service: string, logRecords: object[]) => ({
  resourceLogs: [{ resource: resource(service), scopeLogs: [{ logRecords }] }],
})
const traces = (service: string, spans: object[]) => ({
  resourceSpans: [{ resource: resource(service), scopeSpans: [{ spans }] }],
})
const metrics = (service: string, names: string[]) => ({
  resourceMetrics: [
    {
      resource: resource(service),
      scopeMetrics: [{ metrics: names.map((name) => ({ name, gauge: { dataPoints: [{ ...now(), asDouble: 1 }] } })) }],
    },
  ],
})

let spans = 0
function spanOf(trace: string, more: object) {
  const endTimeUnixNano = now().timeUnixNano
  const spanId = (++spans).toString(16).padStart(16, '0')
  return { traceId: trace, spanId, name: 'span', kind: 1, startTimeUnixNano: endTimeUnixNano, endTimeUnixNano, ...more }
}
