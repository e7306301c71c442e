import { Database } from 'bun:sqlite'
import { describe, expect, setSystemTime, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { LogRecord, Span } from '../receive/signals'
import { fromText, quantile } from './histogram'
import { openStore, type StoreOptions } from './index'
import { firstOwnFrame } from './stack'

const traceOf = (n: number) => n.toString(16).padStart(32, '0')
const spanOf = (n: number) => n.toString(16).padStart(16, '0')
const scope = { name: 'test', version: '' }
const resource = (service: string) => ({ service, attributes: { 'service.name': service } })

function span(trace: number, id: number, given: Partial<Span> = {}): Span {
  const startUs = Date.now() * 1000 + id * 10
  return {
    traceId: traceOf(trace),
    spanId: spanOf(id),
    parentId: id === 1 ? '' : spanOf(1),
    name: 'work',
    kind: 1,
    startUs,
    durationUs: 1000,
    status: 0,
    statusMessage: '',
    attributes: {},
    events: [],
    links: [],
    scope,
    ...given,
  }
}

function log(given: Partial<LogRecord> = {}): LogRecord {
  return {
    ...{ timeUs: Date.now() * 1000, severity: 9, severityText: 'INFO', eventName: '', body: 'hello' },
    ...{ attributes: {}, traceId: '', spanId: '', scope },
    ...given,
  }
}

function open(options?: StoreOptions) {
  const store = openStore({ tickMs: 10, ...options })
  const spans = (service: string, ...items: Span[]) => store.sink.spans([{ resource: resource(service), items }])
  const logs = (service: string, ...items: LogRecord[]) => store.sink.logs([{ resource: resource(service), items }])
  const rows = (sql: string) => store.db.query(sql).all() as Record<string, never>[]
  return { store, spans, logs, rows }
}

describe('a trace', () => {
  test('is one row whoever sends its spans, in whatever order, and names its root', () => {
    const { spans, rows } = open()
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

  test('has a span that is sent again only once, in every count', () => {
    const { store, spans, rows } = open()
    for (let n = 0; n < 3; n++) spans('shop', span(1, 1, { kind: 2 }))
    store.settle(true)

    expect(store.counts.spans).toBe(1)
    expect(rows('SELECT spans FROM traces')).toEqual([{ spans: 1 }] as never)
    expect(
      rows("SELECT sum(count) AS n FROM measures m JOIN subjects s ON s.id = m.subject WHERE what = 'route'"),
    ).toEqual([{ n: 1 }] as never)
  })

  test('goes on when spans come long after the others', () => {
    const { store, spans, rows } = open()
    spans('shop', span(1, 2))
    store.settle(true)
    spans('shop', span(1, 1), span(1, 3))

    expect(rows('SELECT spans, is_complete FROM traces')).toEqual([{ spans: 3, is_complete: 1 }] as never)
  })
})

describe('who called whom', () => {
  const call = { kind: 3, name: 'GET', attributes: { 'server.address': 'back', 'server.port': 80 } }
  const edges = `SELECT s.service AS "from", s.name AS "to", s.detail AS kind, m.count, m.errors
    FROM measures m JOIN subjects s ON s.id = m.subject WHERE what = 'edge' ORDER BY s.id`

  test.each([
    ['the call first', true],
    ['the answer first', false],
  ])('is told by the answer’s parent: %s', (_, isCallFirst) => {
    const { store, spans, rows } = open()
    const send = [
      () => spans('front', span(1, 2, call)),
      () => spans('back', span(1, 3, { kind: 2, parentId: spanOf(2) })),
    ]
    for (const one of isCallFirst ? send : send.reverse()) one()
    store.settle(true)

    expect(rows(edges)).toEqual([{ from: 'front', to: 'back', kind: 'service', count: 1, errors: 0 }] as never)
  })

  test('is known at once where the caller names it, also when nobody answered', () => {
    const { store, spans, rows } = open()
    spans('front', span(1, 2, { ...call, status: 2, attributes: { 'service.peer.name': 'back' } }))
    store.settle()

    expect(rows(edges)).toEqual([{ from: 'front', to: 'back', kind: 'service', count: 1, errors: 1 }] as never)
  })

  test('is an address where nobody that is known answered, and a database by its name', () => {
    const { store, spans, rows } = open()
    spans(
      'front',
      span(1, 2, call),
      span(1, 3, { kind: 3, attributes: { 'db.system.name': 'mysql', 'db.namespace': 'shop' } }),
    )
    store.settle(true)

    expect(rows(edges).map(({ to, kind }) => [to, kind])).toEqual([
      ['shop', 'database'],
      ['back:80', 'other'],
    ] as never)
  })
})

describe('what is too much', () => {
  test.each([
    ['spans', { spans: 1000 }],
    ['bytes', { bytes: 1024 * 1024 }],
  ])('of %s takes the oldest traces away, whole, and says how many', async (_, limits) => {
    const { store, spans, rows } = open({ limits })
    for (let trace = 1; trace <= 400; trace++) {
      spans(
        'shop',
        ...Array.from({ length: 10 }, (_, id) => span(trace, id + 1, { attributes: { filling: 'x'.repeat(400) } })),
      )
    }
    await pruned(store)

    expect(store.counts.spans).toBe(rows('SELECT count(*) AS n FROM spans')[0]?.n as never)
    if ('spans' in limits) expect(store.counts.spans).toBeWithin(700, 1001)
    else expect(store.bytes()).toBeLessThanOrEqual(1024 * 1024)
    expect(rows('SELECT count(*) AS n FROM spans WHERE trace NOT IN (SELECT id FROM traces)')).toEqual([
      { n: 0 },
    ] as never)
    expect(rows(`SELECT trace_id FROM traces WHERE trace_id = '${traceOf(400)}'`)).toHaveLength(1)
    expect(rows(`SELECT trace_id FROM traces WHERE trace_id = '${traceOf(1)}'`)).toHaveLength(0)
    const [dropped] = store.dropped()
    expect(dropped).toEqual({
      what: 'spans',
      why: 'spans' in limits ? 'rows' : 'bytes',
      count: 4000 - store.counts.spans,
    })
  })

  test('of lines takes the oldest away', async () => {
    const { store, logs, rows } = open({ limits: { logs: 1500 } })
    for (let n = 0; n < 30; n++) logs('shop', ...Array.from({ length: 100 }, () => log({ body: `number ${n}` })))
    await pruned(store)

    expect(store.counts.logs).toBeLessThanOrEqual(1500)
    expect(rows('SELECT count(*) AS n FROM logs')).toEqual([{ n: store.counts.logs }] as never)
    expect(rows("SELECT * FROM logs WHERE body = 'number 29'")).toHaveLength(100)
  })

  test('is what is too old, of everything', async () => {
    const { store, spans, logs, rows } = open({ limits: { ageMs: 60_000 } })
    const old = (Date.now() - 120_000) * 1000
    spans('shop', span(1, 1, { startUs: old, kind: 2, status: 2 }), span(2, 1))
    logs('shop', log({ timeUs: old }), log({ body: 'young' }))
    store.sink.metrics([{ resource: resource('shop'), items: [gauge('old', old), gauge('young', Date.now() * 1000)] }])
    store.settle(true)
    await pruned(store)

    expect(rows('SELECT trace_id FROM traces')).toEqual([{ trace_id: traceOf(2) }] as never)
    expect(rows('SELECT name FROM series')).toEqual([{ name: 'young' }] as never)
    expect(rows('SELECT * FROM points')).toHaveLength(1)
    expect(rows('SELECT * FROM faults')).toEqual([])
    // A series that comes again is a series again.
    store.sink.metrics([{ resource: resource('shop'), items: [gauge('old', Date.now() * 1000)] }])
    expect(rows('SELECT name FROM series ORDER BY name')).toEqual([{ name: 'old' }, { name: 'young' }] as never)
  })

  test('of programs and of series that are all different is counted as one', () => {
    const { store, rows } = open()
    const nowUs = Date.now() * 1000
    for (let n = 0; n < 12_000; n += 100) {
      const names = Array.from({ length: 100 }, (_, at) => `program-${n + at}`)
      store.sink.metrics(names.map((name) => ({ resource: resource(name), items: [gauge('alive', nowUs)] })))
    }
    const labelled = (n: number) => ({
      ...gauge('many', nowUs),
      points: [{ attributes: { n }, startUs: 0, timeUs: nowUs, value: 1 }],
    })
    store.sink.metrics([
      { resource: resource('program-1'), items: Array.from({ length: 21_000 }, (_, n) => labelled(n)) },
    ])

    expect(rows('SELECT count(*) AS n FROM resources')[0]?.n as unknown as number).toBeLessThan(2010)
    expect(rows('SELECT count(*) AS n FROM series')[0]?.n as unknown as number).toBeLessThan(20_001)
    expect(store.dropped()).toMatchObject([{ what: 'points', why: 'series' }])
  })

  test('of statements that are all different is counted as one', () => {
    const { store, spans, rows } = open()
    for (let n = 0; n < 60; n++) {
      spans(
        'shop',
        ...Array.from({ length: 100 }, (_, id) => {
          const text = `select ${n * 100 + id}`
          return span(n + 1, id + 1, {
            kind: 3,
            attributes: { 'db.system.name': 'mysql', 'db.query.text': text, 'db.query.summary': text },
          })
        }),
      )
    }
    store.settle(true)

    expect(rows('SELECT count(*) AS n FROM subjects')[0]?.n as unknown as number).toBeLessThan(5010)
    expect(
      rows("SELECT sum(count) AS n FROM measures m JOIN subjects s ON s.id = m.subject WHERE what = 'query'"),
    ).toEqual([{ n: 6000 }] as never)
  })
})

test.each([
  ['before', true],
  ['after', false],
])('lines that come %s the spans of their request are its cost', (_, areEarly) => {
  const { store, spans, logs, rows } = open()
  const route = { 'http.request.method': 'GET', 'http.route': '/a' }
  const send = [
    () => logs('shop', log({ traceId: traceOf(1) })),
    () => spans('shop', span(1, 1, { kind: 2, attributes: route })),
  ]
  for (const one of areEarly ? send : send.reverse()) one()
  logs('shop', log(), log({ traceId: traceOf(2) }))
  store.settle(true)

  const costs = `SELECT s.what, s.name, m.count FROM measures m JOIN subjects s ON s.id = m.subject
    WHERE what IN ('spans', 'logs') ORDER BY what, name`
  expect(rows(costs)).toEqual([
    { what: 'logs', name: '', count: 2 },
    { what: 'logs', name: 'GET /a', count: 1 },
    { what: 'spans', name: 'GET /a', count: 1 },
  ] as never)
})

test('of lines only those that are too old go, though others came right after them', async () => {
  const { store, logs, rows } = open({ limits: { ageMs: 60_000 } })
  logs('shop', log({ timeUs: (Date.now() - 120_000) * 1000 }), ...Array.from({ length: 500 }, () => log()))
  await pruned(store)

  expect(rows('SELECT count(*) AS n FROM logs')).toEqual([{ n: 500 }] as never)
})

test('a trace that is larger than the store begins anew, and nothing is left of it that nobody can see', async () => {
  const { store, spans, rows } = open({ limits: { spans: 1000 } })
  for (let n = 0; n < 20; n++) {
    spans('shop', ...Array.from({ length: 500 }, (_, id) => span(1, n * 500 + id + 2)))
    await Bun.sleep(15)
  }
  await pruned(store)

  expect(store.counts.spans).toBeLessThanOrEqual(1000)
  expect(rows('SELECT count(*) AS n FROM spans WHERE trace NOT IN (SELECT id FROM traces)')).toEqual([
    { n: 0 },
  ] as never)
  expect(rows('SELECT count(*) AS n FROM spans')).toEqual([{ n: store.counts.spans }] as never)
})

test('thousands of different errors take no room from what is looked for', async () => {
  const { spans, logs, rows } = open({ limits: { bytes: 3 * 1024 * 1024 } })
  spans('shop', span(1, 1))
  for (let n = 0; n < 60; n++) {
    const attributes = (at: number) => ({
      'exception.type': `Type${n * 100 + at}`,
      'exception.stacktrace': 'x'.repeat(9000),
    })
    logs('shop', ...Array.from({ length: 100 }, (_, at) => log({ attributes: attributes(at) })))
    await Bun.sleep(5)
  }
  for (let attempt = 0; attempt < 100 && rows('SELECT id FROM faults').length > 2000; attempt++) await Bun.sleep(20)

  expect(rows('SELECT id FROM faults').length).toBeLessThanOrEqual(2000)
})

test('what is said to be in the future counts now, and goes like all else', async () => {
  const { store, spans, rows } = open({ limits: { ageMs: 60_000 } })
  const future = (Date.now() + 30 * 86_400_000) * 1000
  spans(
    'shop',
    ...Array.from({ length: 100 }, (_, id) => span(1, id + 1, { kind: 2, startUs: future + id * 10_000_000 })),
  )
  store.settle(true)

  expect(rows('SELECT DISTINCT slot FROM measures').length).toBeLessThan(4)
  await pruned(store)
  expect(rows('SELECT * FROM traces')).toEqual([])
})

test('a database of something else is not touched', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-store-`)
  const path = `${dir}/precious.sqlite`
  const theirs = new Database(path, { create: true })
  theirs.run('CREATE TABLE precious (id INTEGER)')
  theirs.run('PRAGMA user_version = 7')
  theirs.close()

  expect(() => openStore({ path })).toThrow(
    'is a database of something else: give VITRINE_CONSOLE_STORE a file of its own',
  )
  const again = new Database(path)
  expect(again.query('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'precious' }])
  again.close()
  rmSync(dir, { recursive: true })
})

test('a file keeps what has come, also what was being counted', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-store-`)
  const path = `${dir}/store.sqlite`
  const first = open({ path })
  first.spans('shop', span(1, 1, { kind: 2 }))
  first.store.close()
  const second = open({ path })
  second.spans('shop', span(1, 1, { kind: 2 }), span(1, 2, { kind: 2 }))
  second.store.settle(true)

  expect(second.store.counts.spans).toBe(2)
  expect(
    second.rows("SELECT sum(count) AS n FROM measures m JOIN subjects s ON s.id = m.subject WHERE what = 'route'"),
  ).toEqual([{ n: 2 }] as never)
  second.store.close()
  rmSync(dir, { recursive: true })
})

test('of a counter that begins later than its program the first value counts from 0', () => {
  const { store, rows } = open()
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

test('of two halves of one export neither takes the other for the one before', () => {
  const { store, rows } = open()
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

test('an error that is told better later is one error', () => {
  const { spans, logs, rows } = open()
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

  expect(rows('SELECT type, frame, count FROM faults')).toEqual([
    { type: 'Odd', frame: 'pay (/app/pay.ts:1:1)', count: 1 },
  ] as never)
})

test('a call that a program makes to itself is no edge', () => {
  const { store, spans, rows } = open()
  spans('shop', span(1, 2, { kind: 3, attributes: { 'server.address': 'localhost' } }))
  spans('shop', span(1, 3, { kind: 2, parentId: spanOf(2) }))
  store.settle(true)

  expect(rows("SELECT * FROM subjects WHERE what = 'edge'")).toEqual([])
})

test('a trace is settled by itself, five seconds after its last span', async () => {
  const { store, spans, rows } = open()
  spans('front', span(1, 2, { kind: 3, attributes: { 'server.address': 'back', 'server.port': 80 } }))
  const edges = () => rows("SELECT name FROM subjects WHERE what = 'edge'")
  setSystemTime(new Date(Date.now() + 4000))
  store.settle()
  expect(edges()).toEqual([])
  setSystemTime(new Date(Date.now() + 2000))
  store.settle()
  setSystemTime()

  expect(edges()).toEqual([{ name: 'back:80' }] as never)
})

test('a program that says too many different things keeps its name', () => {
  const { store, spans, rows } = open()
  for (let n = 0; n < 52; n++) {
    const names = Array.from({ length: 100 }, (_, id) => span(n + 1, id + 1, { kind: 2, name: `GET /${n * 100 + id}` }))
    spans('shop', ...names)
  }
  store.settle(true)

  expect(rows("SELECT service FROM subjects WHERE name = '…' GROUP BY service")).toEqual([{ service: 'shop' }] as never)
})

test('quantiles are right within five per cent', () => {
  const { store, spans, rows } = open()
  spans('shop', ...Array.from({ length: 1000 }, (_, n) => span(1, n + 1, { kind: 2, durationUs: (n + 1) * 100 })))
  store.settle(true)
  const histogram = fromText(
    rows("SELECT histogram FROM measures m JOIN subjects s ON s.id = m.subject WHERE what = 'route'")[0]
      ?.histogram as never,
  )

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
])('the first own frame of %p is %p', (stack, frame) => {
  expect(firstOwnFrame(stack)).toBe(frame)
})

const gauge = (name: string, timeUs: number) => ({
  ...{ name, description: '', unit: '', kind: 'gauge' as const, temporality: 'none' as const },
  points: [{ attributes: {}, startUs: 0, timeUs, value: 1 }],
})

/** Until nothing more is dropped. */
async function pruned(store: ReturnType<typeof openStore>): Promise<void> {
  store.settle()
  const sum = () => store.dropped().reduce((total, { count }) => total + count, 0)
  for (let before = -1; before !== sum() || before === 0; ) {
    before = sum()
    await Bun.sleep(300)
  }
}
