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
  return { push, lines, close: closeOnce, get }

  function closeOnce(): void {
    if (isOpen) close()
    isOpen = false
  }

  async function push(...records: SentRecord[]): Promise<number> {
    const logRecords = records.map(({ timeNs = atNs, body = '', attributes = {}, ...rest }) => ({
      ...{ timeUnixNano: String(timeNs), body: { stringValue: body }, ...rest },
      attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    }))
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
    const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
    const headers = { 'Content-Type': 'application/json' }
    return (await app.request('http://log-server/otlp/v1/logs', { method: 'POST', headers, body })).status
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

  test('of the same time and text is another line when anything beside it differs', async () => {
    const { push, lines } = openServer()
    await push({ body: 'x', traceId }, { body: 'x', traceId: 'b'.repeat(32) }, { body: 'x', attributes: { item: '1' } })
    await push({ body: 'x', attributes: { item: '2' } }, { body: 'x' })
    expect(await lines('{service_name="shop"}')).toHaveLength(5)
  })

  test('is found by its trace, even where another attribute has the value "trace_id"', async () => {
    const { push, lines } = openServer({ blockRows: 1 })
    await push({ body: 'x', traceId, attributes: { by: 'trace_id' } })
    expect(await lines(`{service_name="shop"} | trace_id="${traceId}"`)).toEqual(['x'])
  })

  test('with labels that every object has is found like any other', async () => {
    const { push, lines } = openServer({ blockRows: 1 })
    await push({ body: 'x', attributes: { valueOf: 'v', toString: 't' } }, { body: 'y' })
    expect(await lines('{service_name="shop"} | valueOf="v" | toString="t"')).toEqual(['x'])
    expect(await lines('{service_name="shop"} | hasOwnProperty=""')).toEqual(['x', 'y'])
  })
})

describe('blocks', () => {
  test('that lie across each other in time give their lines in order, in both directions, up to the limit', async () => {
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
  test('opened again has all its lines, in blocks and not yet in one, and knows those that come again', async () => {
    const path = `${folder()}/logs.sqlite`
    const records = Array.from({ length: 7 }, (_, n) => ({ body: String(n), traceId, timeNs: atNs + BigInt(n) }))
    const first = openServer({ path, blockRows: 4 })
    for (const record of records) await first.push(record)
    first.close()

    const second = openServer({ path, blockRows: 4 })
    await second.push(...records)
    expect(await second.lines(`{service_name="shop"} | trace_id="${traceId}"`)).toEqual([...'0123456'])
  })

  test('of another program is refused and left as it is', async () => {
    const path = `${folder()}/other.sqlite`
    await Bun.write(path, '')
    const { Database } = await import('bun:sqlite')
    const db = new Database(path)
    db.run('CREATE TABLE mine (a)')
    db.close()
    expect(() => createLogServer({ path })).toThrow(
      'is no file of this log server: give LOG_SERVER_DATA another folder',
    )
  })
})

test('a body that is no OTLP is refused with what is wrong, and nothing of it is stored', async () => {
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
