import { describe, expect, onTestFinished, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createLogServer, type LogServerOptions } from './app'

const atMs = 1_796_000_000_000
const atNs = BigInt(atMs) * 1_000_000n
const traceId = 'a'.repeat(32)

interface SentRecord {
  timeNs?: bigint
  body?: string
  traceId?: string
  attributes?: Record<string, string>
}

function openServer(options: LogServerOptions = {}) {
  const { app, close } = createLogServer({ nowMs: () => atMs + 1000, ...options })
  let isOpen = true
  onTestFinished(closeOnce)
  return { push, pushed, pushProtobuf, lines, close: closeOnce, get, status }

  function closeOnce(): void {
    if (isOpen) close()
    isOpen = false
  }

  async function push(...records: SentRecord[]): Promise<void> {
    expect((await pushed(...records)).status).toBe(200)
  }

  async function pushProtobuf(body: Uint8Array<ArrayBuffer>): Promise<Response> {
    const headers = { 'Content-Type': 'application/x-protobuf' }
    return app.request('http://log-server/otlp/v1/logs', { method: 'POST', headers, body })
  }

  async function status(path: string): Promise<number> {
    return (await app.request(`http://log-server${path}`)).status
  }

  async function pushed(...records: SentRecord[]): Promise<Response> {
    const logRecords = records.map(({ timeNs = atNs, body = '', attributes = {}, ...rest }) => ({
      ...{ timeUnixNano: String(timeNs), body: { stringValue: body }, ...rest },
      attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    }))
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
    const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
    const headers = { 'Content-Type': 'application/json' }
    return app.request('http://log-server/otlp/v1/logs', { method: 'POST', headers, body })
  }

  async function lines(query: string, parameters: Record<string, string> = {}): Promise<string[]> {
    const search = new URLSearchParams({ query, direction: 'forward', ...parameters })
    const { data } = JSON.parse(await get(`/loki/api/v1/query_range?${search}`))
    return data.result.flatMap(({ values }: { values: [string, string][] }) => values.map(([, line]) => line))
  }

  async function get(path: string): Promise<string> {
    return (await app.request(`http://log-server${path}`)).text()
  }
}

/** A protobuf field with a message in it. */
function nested(tag: number, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = []
  for (let rest = message.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) return new Uint8Array([tag, ...length, ...message])
  }
}

function folder(): string {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-log-server-`)
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

describe('a line', () => {
  test('is stored once, however often its request is sent', async () => {
    const { push, lines, get } = openServer({ blockRows: 2 })
    for (let time = 0; time < 5; time++) await push({ body: 'one', traceId }, { body: 'two' }, { body: 'three' })
    expect((await lines('{service_name="shop"}')).sort()).toEqual(['one', 'three', 'two'])
    expect(await get('/metrics')).toContain('log_server_duplicates_total 12')
  })

  test('with the same time and text is another line when any attribute or id differs', async () => {
    const { push, lines } = openServer()
    await push({ body: 'x', traceId }, { body: 'x', traceId: 'b'.repeat(32) }, { body: 'x', attributes: { item: '1' } })
    await push({ body: 'x', attributes: { item: '2' } }, { body: 'x' })
    expect(await lines('{service_name="shop"}')).toHaveLength(5)
  })

  test('is found by its trace, even when another attribute has the value "trace_id"', async () => {
    const { push, lines } = openServer({ blockRows: 1 })
    await push({ body: 'x', traceId, attributes: { by: 'trace_id' } })
    expect(await lines(`{service_name="shop"} | trace_id="${traceId}"`)).toEqual(['x'])
  })

  test('is found by labels with names of Object.prototype', async () => {
    const { push, lines } = openServer({ blockRows: 1 })
    await push({ body: 'x', attributes: { valueOf: 'v', toString: 't' } }, { body: 'y' })
    expect(await lines('{service_name="shop"} | valueOf="v" | toString="t"')).toEqual(['x'])
    expect(await lines('{service_name="shop"} | hasOwnProperty=""')).toEqual(['x', 'y'])
  })
})

describe('blocks', () => {
  test('that overlap in time return their lines in order, in both directions, up to the limit', async () => {
    const { push, lines } = openServer({ blockRows: 10 })
    const moments = Array.from({ length: 95 }, (_, n) => (n * 37) % 95)
    for (let from = 0; from < moments.length; from += 5) {
      await push(...moments.slice(from, from + 5).map((n) => ({ timeNs: atNs + BigInt(n), body: String(n) })))
    }
    const inOrder = Array.from({ length: 95 }, (_, n) => String(n))
    // Lines without metadata are one stream, so that the response keeps their order.
    expect(await lines('{service_name="shop"}')).toEqual(inOrder)
    expect(await lines('{service_name="shop"}', { direction: 'backward', limit: '30' })).toEqual(
      inOrder.toReversed().slice(0, 30),
    )
    const window = { start: String(atNs + 20n), end: String(atNs + 60n) }
    expect(await lines('{service_name="shop"}', window)).toEqual(inOrder.slice(20, 60))
  })

  test('whose lines are all older than the retention are dropped', async () => {
    let nowMs = atMs
    const { push, lines } = openServer({ blockRows: 1, retentionMs: 60_000, nowMs: () => nowMs })
    await push({ body: 'old' })
    nowMs += 61_000
    await push({ body: 'new', timeNs: BigInt(nowMs) * 1_000_000n })
    const window = { start: String(atNs), end: String(BigInt(nowMs + 1) * 1_000_000n) }
    expect(await lines('{service_name="shop"}', window)).toEqual(['new'])
  })
})

describe('a file', () => {
  test('opened again has all its lines, in blocks and in the head, and recognizes duplicates of them', async () => {
    const path = `${folder()}/logs.sqlite`
    const records = Array.from({ length: 7 }, (_, n) => ({ body: String(n), traceId, timeNs: atNs + BigInt(n) }))
    const first = openServer({ path, blockRows: 4 })
    for (const record of records) await first.push(record)
    first.close()

    const second = openServer({ path, blockRows: 4 })
    await second.push(...records)
    expect(await second.lines(`{service_name="shop"} | trace_id="${traceId}"`)).toEqual([...'0123456'])
  })

  test('whose lines become blocks while it is opened has them all when it is opened again', async () => {
    const path = `${folder()}/logs.sqlite`
    const first = openServer({ path, blockRows: 100 })
    for (let n = 0; n < 10; n++) await first.push({ body: String(n), timeNs: atNs + BigInt(n) })
    first.close()
    openServer({ path, blockRows: 4 }).close()

    const third = openServer({ path, blockRows: 4 })
    expect(await third.lines('{service_name="shop"}')).toEqual([...'0123456789'])
  })

  test('of another program is refused and not changed', async () => {
    const path = `${folder()}/other.sqlite`
    await Bun.write(path, '')
    const { Database } = await import('bun:sqlite')
    const db = new Database(path)
    db.run('CREATE TABLE mine (a)')
    db.close()
    expect(() => createLogServer({ path })).toThrow(
      'is not a file of this log server: set LOG_SERVER_DATA to another folder',
    )
  })
})

describe('limits', () => {
  test('a line that is too large, or that has too many attributes, is rejected with the reason, and the others are stored', async () => {
    const { pushed, lines } = openServer()
    const many = Object.fromEntries(Array.from({ length: 129 }, (_, n) => [`a${n}`, 'x']))
    for (const [record, words] of [
      [{ body: 'x'.repeat(256 * 1024 + 1) }, 'a line has more than 256 KB'],
      [{ attributes: many }, 'a line has 130 attributes, and 128 is the limit'],
      [{ attributes: { a: 'x'.repeat(64 * 1024) } }, 'the attributes of a line have more than 64 KB'],
    ] as const) {
      const response = await pushed(record, { body: words })
      expect(response.status).toBe(200)
      const { partialSuccess } = (await response.json()) as { partialSuccess: Record<string, string> }
      expect(partialSuccess).toEqual({ rejectedLogRecords: '1', errorMessage: `1 lines are rejected: ${words}` })
      expect(await lines(`{service_name="shop"} |= "${words}"`)).toEqual([words])
    }
  })

  test('a request with too many records is 413, in JSON and in protobuf, and stores nothing', async () => {
    const { pushed, pushProtobuf, lines } = openServer()
    expect((await pushed(...Array.from({ length: 100_001 }, () => ({})))).status).toBe(413)
    const records = Buffer.alloc(2 * 100_001)
    for (let at = 0; at < records.length; at += 2) records[at] = 0x12
    expect((await pushProtobuf(nested(0x0a, nested(0x12, records)))).status).toBe(413)
    expect(await lines('{service_name=~".+"}')).toEqual([])
  })

  test('thousands of attribute names split the head into small blocks', async () => {
    const { push, lines } = openServer({ blockRows: 200 })
    const records = Array.from({ length: 400 }, (_, line) => ({
      body: String(line),
      timeNs: atNs + BigInt(line),
      attributes: Object.fromEntries(Array.from({ length: 100 }, (_unused, n) => [`a${line}_${n}`, String(line)])),
    }))
    await push(...records)
    expect(await lines('{service_name="shop"} | a7_3="7"')).toEqual(['7'])
    expect(await lines('{service_name="shop"}', { limit: '500' })).toHaveLength(400)
  })

  test('an expression that would take seconds for a line is refused', async () => {
    const { get } = openServer()
    const search = new URLSearchParams({ query: '{service_name="shop"} |~ `y{1000}[zq]`' })
    expect(await get(`/loki/api/v1/query_range?${search}`)).toContain('is not valid RE2: it is too large')
  })

  test.each([
    ['query_range', { query: '{service_name="shop"}', end: '99999999999999999999' }, 'is not a time'],
    ['query_range', { query: '{service_name="shop"}', end: '9999999999' }, 'is not a time'],
    ['query', { query: 'rate({service_name="shop"}[5m])', time: '9223372036854775807' }, 'is not a time'],
    ['query', { query: 'rate({service_name="shop"}[0.1ns])' }, 'must be a duration'],
    ['query', { query: 'rate({service_name="shop"}[999999h])' }, 'of 721 hours at most'],
    ['query_range', { query: 'rate({service_name="shop"}[1m])', step: '0.1ns' }, 'is not a duration'],
    ['index/volume_range', { query: '{service_name="shop"}', step: '1000y' }, 'is not a duration'],
  ])('%s with %j is 400', async (path, parameters, words) => {
    const { get } = openServer()
    expect(await get(`/loki/api/v1/${path}?${new URLSearchParams(parameters as never)}`)).toContain(words)
  })

  test('a range may have a fraction', async () => {
    const { push, get } = openServer()
    await push({ body: 'x' })
    const search = new URLSearchParams({ query: 'count_over_time({service_name="shop"}[1.1h])' })
    expect(await get(`/loki/api/v1/query?${search}`)).toContain('"1"]')
  })

  test('queries beyond the limit of waiting ones are 429, and the others succeed', async () => {
    const { push, status } = openServer()
    await push({ body: 'x' })
    const search = new URLSearchParams({ query: '{service_name="shop"}' })
    const path = `/loki/api/v1/query_range?${search}`
    const statuses = await Promise.all(Array.from({ length: 300 }, () => status(path)))
    expect([...new Set(statuses)].sort()).toEqual([200, 429])
    expect(await status(path)).toBe(200)
  })
})

test('an attribute with the name __error__ does not disturb the pipeline', async () => {
  const { push, lines, get } = openServer({ blockRows: 1 })
  await push({ body: 'x', attributes: { __error__: 'mine', n: '3' } })
  expect(await lines('{service_name="shop"} | n > 5')).toEqual([])
  expect(await lines('{service_name="shop"} | __error___extracted="mine"')).toEqual(['x'])
  const search = new URLSearchParams({ query: 'sum(count_over_time({service_name="shop"}[5m]))' })
  expect(await get(`/loki/api/v1/query?${search}`)).toContain('"1"]')
})

test('a body that is not OTLP is refused with the reason, and nothing of it is stored', async () => {
  const { app, close } = createLogServer()
  onTestFinished(close)
  const bodies: [type: string, body: string, words: string][] = [
    ['application/json', '{', 'the body is not JSON'],
    ['application/json', '{"resourceLogs":5}', 'resourceLogs must be a list'],
    ['application/x-protobuf', '\x0a\xff', 'ends too early'],
    ['application/x-protobuf', 'hello', 'the body is not OTLP in protobuf'],
    ['text/plain', 'x', 'Content-Type must be'],
  ]
  for (const [type, body, words] of bodies) {
    const headers = { 'Content-Type': type }
    const response = await app.request('http://log-server/otlp/v1/logs', { method: 'POST', headers, body })
    expect([400, 415]).toContain(response.status)
    expect(await response.text()).toContain(words)
  }
  const stats = await app.request('http://log-server/loki/api/v1/index/stats?query={service_name=~".%2B"}')
  expect(await stats.json()).toMatchObject({ entries: 0 })
})
