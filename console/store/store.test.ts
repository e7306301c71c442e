import { Database } from 'bun:sqlite'
import { describe, expect, setSystemTime, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { quantile } from './histogram'
import { openStore } from './index'
import { firstInAppFrame } from './stack-trace'
import { gauge, log, openTestStore, resource, span, spanIdOf, traceIdOf } from './testing'
import { findTotals } from './totals'

describe('a trace', () => {
  test('is one row with the name of its root, in whatever order its services send spans', () => {
    const { spans, rows } = openTestStore()
    const route = { 'http.request.method': 'GET', 'http.route': '/a' }
    spans('back', span(1, 3, { kind: 2, attributes: route, startUs: 2_000_000, durationUs: 10 }))
    expect(rows('SELECT * FROM traces')).toMatchObject([{ root_service: 'back', root_name: 'GET /a', is_complete: 0 }])
    spans('front', span(1, 1, { name: 'POST /b', kind: 2, startUs: 1_000_000, durationUs: 5_000_000, status: 2 }))

    expect(rows('SELECT * FROM traces')).toMatchObject([
      {
        root_service: 'front',
        root_name: 'POST /b',
        is_complete: 1,
        spans: 2,
        errors: 1,
        start_us: 1_000_000,
        duration_us: 5_000_000,
      },
    ])
  })

  test('counts a span once that is sent several times', () => {
    const { store, spans, rows } = openTestStore()
    for (let n = 0; n < 3; n++) spans('shop', span(1, 1, { kind: 2 }))
    store.flush(true)

    expect(store.counts.spans).toBe(1)
    expect(rows('SELECT spans FROM traces')).toEqual([{ spans: 1 }] as never)
    expect(
      rows("SELECT sum(count) AS n FROM rollups m JOIN subjects s ON s.id = m.subject WHERE what = 'route'"),
    ).toEqual([{ n: 1 }] as never)
  })

  test('is continued when spans arrive after the trace was evicted from memory', () => {
    const { store, spans, rows } = openTestStore()
    spans('shop', span(1, 2))
    store.flush(true)
    spans('shop', span(1, 1), span(1, 3))

    expect(rows('SELECT spans, is_complete FROM traces')).toEqual([{ spans: 3, is_complete: 1 }] as never)
  })
})

describe('an edge between services', () => {
  const call = { kind: 3, name: 'GET', attributes: { 'server.address': 'back', 'server.port': 80 } }
  const edges = `SELECT s.service AS "from", s.name AS "to", s.detail AS kind, m.count, m.errors
    FROM rollups m JOIN subjects s ON s.id = m.subject WHERE what = 'edge' ORDER BY s.id`

  test.each([
    ['the client span arrives first', true],
    ['the server span arrives first', false],
  ])('is found by the parent of the server span when %s', (_, isClientFirst) => {
    const { store, spans, rows } = openTestStore()
    const send = [
      () => spans('front', span(1, 2, call)),
      () => spans('back', span(1, 3, { kind: 2, parentId: spanIdOf(2) })),
    ]
    for (const one of isClientFirst ? send : send.reverse()) one()
    store.flush(true)

    expect(rows(edges)).toEqual([{ from: 'front', to: 'back', kind: 'service', count: 1, errors: 0 }] as never)
  })

  test('is found at once when the client span names its peer, even without a server span', () => {
    const { store, spans, rows } = openTestStore()
    spans('front', span(1, 2, { ...call, status: 2, attributes: { 'service.peer.name': 'back' } }))
    store.flush()

    expect(rows(edges)).toEqual([{ from: 'front', to: 'back', kind: 'service', count: 1, errors: 1 }] as never)
  })

  test('leads to an address without a server span, and to a database by its name', () => {
    const { store, spans, rows } = openTestStore()
    spans(
      'front',
      span(1, 2, call),
      span(1, 3, { kind: 3, attributes: { 'db.system.name': 'mysql', 'db.namespace': 'shop' } }),
    )
    store.flush(true)

    expect(rows(edges).map(({ to, kind }) => [to, kind])).toEqual([
      ['shop', 'database'],
      ['back:80', 'other'],
    ] as never)
  })
})

test.each([
  ['before', true],
  ['after', false],
])('log records that arrive %s the spans of their request count as its cost', (_, areEarly) => {
  const { store, spans, logs, rows } = openTestStore()
  const route = { 'http.request.method': 'GET', 'http.route': '/a' }
  const send = [
    () => logs('shop', log({ traceId: traceIdOf(1) })),
    () => spans('shop', span(1, 1, { kind: 2, attributes: route })),
  ]
  for (const one of areEarly ? send : send.reverse()) one()
  logs('shop', log(), log({ traceId: traceIdOf(2) }))
  store.flush(true)

  const costs = `SELECT s.what, s.name, m.count FROM rollups m JOIN subjects s ON s.id = m.subject
    WHERE what IN ('spans', 'logs') ORDER BY what, name`
  expect(rows(costs)).toEqual([
    { what: 'logs', name: '', count: 2 },
    { what: 'logs', name: 'GET /a', count: 1 },
    { what: 'spans', name: 'GET /a', count: 1 },
  ] as never)
})

test('the database of another program is refused and not changed', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-store-`)
  const path = `${dir}/precious.sqlite`
  const other = new Database(path, { create: true })
  other.run('CREATE TABLE precious (id INTEGER)')
  other.run('PRAGMA user_version = 7')
  other.close()

  expect(() => openStore({ path })).toThrow(
    'is a database of another program: set VITRINE_CONSOLE_STORE to another file',
  )
  const again = new Database(path)
  expect(again.query('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'precious' }])
  again.close()
  rmSync(dir, { recursive: true })
})

test('a file that is opened again has all rows and counts', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-store-`)
  const path = `${dir}/store.sqlite`
  const first = openTestStore({ path })
  first.spans('shop', span(1, 1, { kind: 2 }))
  first.store.close()
  const second = openTestStore({ path })
  second.spans('shop', span(1, 1, { kind: 2 }), span(1, 2, { kind: 2 }))
  second.store.flush(true)

  expect(second.store.counts.spans).toBe(2)
  expect(
    second.rows("SELECT sum(count) AS n FROM rollups m JOIN subjects s ON s.id = m.subject WHERE what = 'route'"),
  ).toEqual([{ n: 2 }] as never)
  second.store.close()
  rmSync(dir, { recursive: true })
})

test('a counter that starts later than its process counts from 0', () => {
  const { store, rows } = openTestStore()
  const nowUs = Date.now() * 1000
  const counter = (name: string, timeUs: number, value: number) => ({
    ...gauge(name, timeUs),
    ...{ kind: 'counter' as const, temporality: 'cumulative' as const },
    points: [{ attributes: {}, startUs: nowUs - 60_000_000, timeUs, value }],
  })
  store.sink.metrics([{ resource: resource('shop'), items: [counter('first', nowUs - 10_000_000, 7)] }])
  store.sink.metrics([{ resource: resource('shop'), items: [counter('first', nowUs, 8), counter('second', nowUs, 3)] }])

  const points = (name: string) =>
    rows(`SELECT value FROM points JOIN series ON series.id = series WHERE name = '${name}' ORDER BY time_us`)
  expect(points('first')).toEqual([{ value: 7 }, { value: 8 }] as never)
  expect(points('second')).toEqual([{ value: 0 }, { value: 3 }] as never)
})

test('an export in two requests does not make the second one’s counters new', () => {
  const { store, rows } = openTestStore()
  const nowUs = Date.now() * 1000
  const long = { startUs: nowUs - 3_600_000_000, value: 5000, attributes: {} }
  const counter = (name: string, timeUs: number) => ({
    ...gauge(name, timeUs),
    ...{ kind: 'counter' as const, temporality: 'cumulative' as const },
    points: [{ ...long, timeUs }],
  })
  store.sink.metrics([{ resource: resource('shop'), items: [counter('a', nowUs)] }])
  store.sink.metrics([{ resource: resource('shop'), items: [counter('b', nowUs + 2)] }])

  expect(rows('SELECT value FROM points')).toEqual([{ value: 5000 }, { value: 5000 }] as never)
})

test('an error of a span and the exception of its log record are one error group', () => {
  const { spans, logs, rows } = openTestStore()
  const failed = {
    kind: 2,
    status: 2,
    attributes: { 'error.type': 'Odd', 'http.request.method': 'GET', 'http.route': '/' },
  }
  spans('shop', span(1, 1, failed))
  logs(
    'shop',
    log({ attributes: { 'exception.type': 'Odd', 'exception.stacktrace': 'Odd: no\n    at pay (/app/pay.ts:1:1)' } }),
  )
  spans('shop', span(2, 1, failed))

  expect(rows('SELECT type, frame, count FROM error_groups')).toEqual([
    { type: 'Odd', frame: 'pay (/app/pay.ts:1:1)', count: 1 },
  ] as never)
})

test('a call of a service to itself is no edge', () => {
  const { store, spans, rows } = openTestStore()
  spans('shop', span(1, 2, { kind: 3, attributes: { 'server.address': 'localhost' } }))
  spans('shop', span(1, 3, { kind: 2, parentId: spanIdOf(2) }))
  store.flush(true)

  expect(rows("SELECT * FROM subjects WHERE what = 'edge'")).toEqual([])
})

test('the pending calls of a trace are counted five seconds after its last span', async () => {
  const { store, spans, rows } = openTestStore()
  spans('front', span(1, 2, { kind: 3, attributes: { 'server.address': 'back', 'server.port': 80 } }))
  const edges = () => rows("SELECT name FROM subjects WHERE what = 'edge'")
  setSystemTime(new Date(Date.now() + 4000))
  store.flush()
  expect(edges()).toEqual([])
  setSystemTime(new Date(Date.now() + 2000))
  store.flush()
  setSystemTime()

  expect(edges()).toEqual([{ name: 'back:80' }] as never)
})

test('quantiles are within 5 %', () => {
  const { store, spans } = openTestStore()
  spans('shop', ...Array.from({ length: 1000 }, (_, n) => span(1, n + 1, { kind: 2, durationUs: (n + 1) * 100 })))
  store.flush(true)
  const [total] = findTotals(store.db, 'route', 0, Number.MAX_SAFE_INTEGER)
  const histogram = total?.histogram ?? new Map()

  for (const q of [0.5, 0.95, 0.99]) expect(quantile(histogram, q) / (q * 100_000)).toBeWithin(0.95, 1.05)
  expect(quantile(new Map(), 0.5)).toBe(0)
})

test.each([
  [
    'Error: no\n    at inner (node:internal:1:1)\n    at pay (/app/pay.ts:3:1)\n    at x (/app/node_modules/hono/a.js:1:1)',
    'pay (/app/pay.ts:3:1)',
  ],
  ['Error: no\n    at async Promise.all (node:internal)', 'Promise.all (node:internal)'],
  [
    'Traceback (most recent call last):\n  File "/app/main.py", line 3, in pay\n  File "/usr/lib/python3/x.py", line 1, in y',
    'File "/app/main.py", line 3, in pay',
  ],
  ['no frames at all', ''],
])('the first in-app frame of %p is %p', (stack, frame) => {
  expect(firstInAppFrame(stack)).toBe(frame)
})
