import { describe, expect, test } from 'bun:test'
import { gauge, log, openTestStore, resource, span, traceIdOf, waitUntilPruned } from './testing'

describe('pruning', () => {
  test.each([
    ['spans', { spans: 1000 }],
    ['bytes', { bytes: 1024 * 1024 }],
  ])('by %s deletes the oldest traces as a whole, and counts their spans as dropped', async (_, limits) => {
    const { store, spans, rows } = openTestStore({ limits })
    for (let trace = 1; trace <= 400; trace++) {
      spans(
        'shop',
        ...Array.from({ length: 10 }, (_, id) => span(trace, id + 1, { attributes: { padding: 'x'.repeat(400) } })),
      )
    }
    await waitUntilPruned(store)

    expect(store.counts.spans).toBe(rows('SELECT count(*) AS n FROM spans')[0]?.n as never)
    if ('spans' in limits) expect(store.counts.spans).toBeWithin(700, 1001)
    else expect(store.bytes()).toBeLessThanOrEqual(1024 * 1024)
    expect(rows('SELECT count(*) AS n FROM spans WHERE trace NOT IN (SELECT id FROM traces)')).toEqual([
      { n: 0 },
    ] as never)
    expect(rows(`SELECT trace_id FROM traces WHERE trace_id = '${traceIdOf(400)}'`)).toHaveLength(1)
    expect(rows(`SELECT trace_id FROM traces WHERE trace_id = '${traceIdOf(1)}'`)).toHaveLength(0)
    const [dropped] = store.dropped()
    expect(dropped).toEqual({
      what: 'spans',
      why: 'spans' in limits ? 'rows' : 'bytes',
      count: 4000 - store.counts.spans,
    })
  })

  test('by log records deletes the oldest', async () => {
    const { store, logs, rows } = openTestStore({ limits: { logs: 1500 } })
    for (let n = 0; n < 30; n++) logs('shop', ...Array.from({ length: 100 }, () => log({ body: `number ${n}` })))
    await waitUntilPruned(store)

    expect(store.counts.logs).toBeLessThanOrEqual(1500)
    expect(rows('SELECT count(*) AS n FROM logs')).toEqual([{ n: store.counts.logs }] as never)
    expect(rows("SELECT * FROM logs WHERE body = 'number 29'")).toHaveLength(100)
  })

  test('by points deletes the oldest of each series, and points beyond the max age of an active series', async () => {
    const { store, rows } = openTestStore({ limits: { points: 3000, ageMs: 3_600_000 } })
    const nowUs = Date.now() * 1000
    const send = (name: string, agoS: number) =>
      store.sink.metrics([{ resource: resource('shop'), items: [gauge(name, nowUs - agoS * 1_000_000)] }])
    send('active', 7200)
    for (let n = 0; n < 500; n++) for (let at = 0; at < 10; at++) send(`number ${at}`, 1000 - n)
    send('active', 0)
    await waitUntilPruned(store)

    expect(store.counts.points).toBeLessThanOrEqual(3000)
    expect(rows('SELECT count(*) AS n FROM points')).toEqual([{ n: store.counts.points }] as never)
    expect(rows('SELECT count(DISTINCT series) AS n FROM points')).toEqual([{ n: 11 }] as never)
    expect(rows("SELECT count(*) AS n FROM points JOIN series ON series.id = series WHERE name = 'active'")).toEqual([
      { n: 1 },
    ] as never)
    expect(rows(`SELECT time_us FROM points WHERE time_us < ${nowUs - 950_000_000}`)).toEqual([])
  })

  test('by age deletes old rows of all tables', async () => {
    const { store, spans, logs, rows } = openTestStore({ limits: { ageMs: 60_000 } })
    const old = (Date.now() - 120_000) * 1000
    spans('shop', span(1, 1, { startUs: old, kind: 2, status: 2 }), span(2, 1))
    logs('shop', log({ timeUs: old }), log({ body: 'young' }))
    store.sink.metrics([{ resource: resource('shop'), items: [gauge('old', old), gauge('young', Date.now() * 1000)] }])
    store.flush(true)
    await waitUntilPruned(store)

    expect(rows('SELECT trace_id FROM traces')).toEqual([{ trace_id: traceIdOf(2) }] as never)
    expect(rows('SELECT name FROM series')).toEqual([{ name: 'young' }] as never)
    expect(rows('SELECT * FROM points')).toHaveLength(1)
    expect(rows('SELECT * FROM error_groups')).toEqual([])
    // A deleted series that is received again gets a new row.
    store.sink.metrics([{ resource: resource('shop'), items: [gauge('old', Date.now() * 1000)] }])
    expect(rows('SELECT name FROM series ORDER BY name')).toEqual([{ name: 'old' }, { name: 'young' }] as never)
  })

  test('is not needed for resources and series, whose number is limited on insert', () => {
    const { store, rows } = openTestStore()
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

  test('is not needed for statements, whose number is limited on insert', () => {
    const { store, spans, rows } = openTestStore()
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
    store.flush(true)

    expect(rows('SELECT count(*) AS n FROM subjects')[0]?.n as unknown as number).toBeLessThan(5010)
    expect(
      rows("SELECT sum(count) AS n FROM rollups m JOIN subjects s ON s.id = m.subject WHERE what = 'query'"),
    ).toEqual([{ n: 6000 }] as never)
  })
})

test('pruning by age deletes old log records only, even when newer ones arrived right after them', async () => {
  const { store, logs, rows } = openTestStore({ limits: { ageMs: 60_000 } })
  logs('shop', log({ timeUs: (Date.now() - 120_000) * 1000 }), ...Array.from({ length: 500 }, () => log()))
  await waitUntilPruned(store)

  expect(rows('SELECT count(*) AS n FROM logs')).toEqual([{ n: 500 }] as never)
})

test('a trace that exceeds the limit of spans starts a new row, and leaves no spans without a trace', async () => {
  const { store, spans, rows } = openTestStore({ limits: { spans: 1000 } })
  for (let n = 0; n < 20; n++) {
    spans('shop', ...Array.from({ length: 500 }, (_, id) => span(1, n * 500 + id + 2)))
    await Bun.sleep(15)
  }
  await waitUntilPruned(store)

  expect(store.counts.spans).toBeLessThanOrEqual(1000)
  expect(rows('SELECT count(*) AS n FROM spans WHERE trace NOT IN (SELECT id FROM traces)')).toEqual([
    { n: 0 },
  ] as never)
  expect(rows('SELECT count(*) AS n FROM spans')).toEqual([{ n: store.counts.spans }] as never)
})

test('the number of error groups is limited', async () => {
  const { spans, logs, rows } = openTestStore({ limits: { bytes: 3 * 1024 * 1024 } })
  spans('shop', span(1, 1))
  for (let n = 0; n < 60; n++) {
    const attributes = (at: number) => ({
      'exception.type': `Type${n * 100 + at}`,
      'exception.stacktrace': 'x'.repeat(9000),
    })
    logs('shop', ...Array.from({ length: 100 }, (_, at) => log({ attributes: attributes(at) })))
    await Bun.sleep(5)
  }
  for (let attempt = 0; attempt < 6000 && rows('SELECT id FROM error_groups').length > 2000; attempt++)
    await Bun.sleep(20)

  expect(rows('SELECT id FROM error_groups').length).toBeLessThanOrEqual(2000)
})

test('spans with a time in the future count as now, and are pruned', async () => {
  const { store, spans, rows } = openTestStore({ limits: { ageMs: 60_000 } })
  const future = (Date.now() + 30 * 86_400_000) * 1000
  spans(
    'shop',
    ...Array.from({ length: 100 }, (_, id) => span(1, id + 1, { kind: 2, startUs: future + id * 10_000_000 })),
  )
  store.flush(true)

  expect(rows('SELECT DISTINCT slot FROM rollups').length).toBeLessThan(4)
  await waitUntilPruned(store)
  expect(rows('SELECT * FROM traces')).toEqual([])
})

test('routes beyond the limit of subjects share one subject per service', () => {
  const { store, spans, rows } = openTestStore()
  for (let n = 0; n < 52; n++) {
    const names = Array.from({ length: 100 }, (_, id) => span(n + 1, id + 1, { kind: 2, name: `GET /${n * 100 + id}` }))
    spans('shop', ...names)
  }
  store.flush(true)

  expect(rows("SELECT service FROM subjects WHERE name = '…' GROUP BY service")).toEqual([{ service: 'shop' }] as never)
})
