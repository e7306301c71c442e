import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId } from '../testing'

async function open() {
  const opened = openTestConsole()
  const traceId = randomId(16)
  const sql = {
    'db.system.name': 'sqlite',
    'db.namespace': 'shop',
    'db.query.summary': 'SELECT carts',
    'db.query.text': 'select 1',
  }
  const root = randomId(8)
  await opened.sendSpans(
    'shop',
    { traceId, spanId: root, name: 'GET /', attributes: { 'http.request.method': 'GET', 'http.route': '/' } },
    { traceId, parentSpanId: root, kind: 3, name: 'SELECT carts', attributes: { ...sql, 'cart.size': 3 } },
    { traceId, parentSpanId: root, kind: 3, name: 'SELECT carts', attributes: sql },
  )
  await opened.sendLogs('shop', { body: 'hello', traceId, spanId: root, attributes: { 'cart.size': 3 } })
  await opened.sendGauges('shop', 'stock', { 'product.slug': 'mouse' })
  opened.store.flush(true)
  const json = async (path: string) => JSON.parse((await opened.get(path)).html)
  return { ...opened, traceId, root, json }
}

describe('the JSON API', () => {
  test('has the number of queries of a trace', async () => {
    const { json, traceId } = await open()
    expect(await json(`/api/traces/${traceId}`)).toMatchObject({ trace_id: traceId, root_name: 'GET /', span_count: 3 })
    expect((await json(`/api/traces/${traceId}`)).query_count).toBe(2)
    expect((await json('/api/traces?q=cart.size%3D3')).traces).toMatchObject([
      { trace_id: traceId, services: ['shop'] },
    ])
    expect((await json('/api/traces?q=cart.size%3D4')).traces).toEqual([])
  })

  test('has a trace with its spans in order and its log records', async () => {
    const { json, traceId, root } = await open()
    const trace = await json(`/api/traces/${traceId.toUpperCase()}`)
    expect(trace.spans.map(({ name, depth }: Record<string, unknown>) => [name, depth])).toEqual([
      ['GET /', 0],
      ['SELECT carts', 1],
      ['SELECT carts', 1],
    ])
    expect(trace.logs).toMatchObject([{ body: 'hello', span_id: root, attributes: { 'cart.size': 3 } }])
  })

  test('finds log records, metrics and the edges between services', async () => {
    const { json, traceId } = await open()
    expect((await json(`/api/logs?trace=${traceId}`)).logs).toMatchObject([{ body: 'hello', service: 'shop' }])
    expect((await json('/api/logs?q=goodbye')).logs).toEqual([])
    expect((await json('/api/metrics')).instruments).toMatchObject([
      { name: 'stock', kind: 'gauge', services: ['shop'] },
    ])
    expect((await json('/api/metrics?name=stock')).series).toMatchObject([
      { labels: { 'product.slug': 'mouse' }, last_value: 1 },
    ])
    expect((await json('/api/map')).edges).toMatchObject([{ from: 'shop', to: 'shop', kind: 'database', count: 2 }])
  })

  test('lists its endpoints in a 404, and is 404 for an unknown trace', async () => {
    const { get } = await open()
    expect(await get(`/api/traces/${randomId(16)}`)).toMatchObject({ status: 404 })
    const { status, html } = await get('/api/nothing')
    expect([status, html]).toEqual([404, expect.stringContaining('/api/traces/:id')])
  })
})
