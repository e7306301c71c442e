import { afterAll, beforeAll, expect, setSystemTime, test } from 'bun:test'
import { attributes, cumulative, delta, histogramPoint, nanosAgo, openConsole, requestDurationMetric } from './testing'

// See `nanosAgo`.
beforeAll(() => setSystemTime(new Date('2026-03-04T10:00:08Z')))
afterAll(() => setSystemTime())

const number = (value: number, startedAgoS: number, agoS: number, labels = {}) => ({
  ...{ asDouble: value, startTimeUnixNano: nanosAgo(startedAgoS), timeUnixNano: nanosAgo(agoS) },
  attributes: attributes(labels),
})

const gauge = (name: string, unit: string, dataPoints: object[]) => ({ name, unit, gauge: { dataPoints } })

const counter = (name: string, unit: string, dataPoints: object[], aggregationTemporality = cumulative) => ({
  ...{ name, unit, description: 'Counts' },
  sum: { aggregationTemporality, isMonotonic: true, dataPoints },
})

test('Every instrument is listed with its kind, unit, description, services and series', async () => {
  const { sendMetrics, read } = openConsole()
  const points = [number(3, 60, 5, { slug: 'a' }), number(5, 60, 5, { slug: 'b' })]
  await sendMetrics('shop', [counter('orders', '{order}', points), gauge('stock', '{piece}', points)])
  await sendMetrics('depot', [gauge('stock', '{piece}', points)])
  const page = await read('/metrics')
  const orders = page.row('orders')
  expect(orders[0]).toBe('ordersCounts')
  expect(orders[1]).toBe('compteur{order}')
  expect(orders.slice(2)).toEqual(['8', '0,133/s', '2', 'shop'])
  expect(page.row('stock').slice(1)).toEqual(['jauge{piece}', '3 à 5', '–', '4', 'depotshop'])
})

test('Values are shown with readable units', async () => {
  const { sendMetrics, read } = openConsole()
  const one = (value: number) => [number(value, 60, 5)]
  await sendMetrics('shop', [
    gauge('delay', 's', one(0.0421)),
    gauge('wait', 'ms', one(1500)),
    gauge('memory', 'By', one(2 * 1024 * 1024)),
    gauge('ratio', '1', one(0.25)),
    gauge('basket', 'EUR', one(12.5)),
    gauge('below', 's', one(-0.5)),
    counter('cpu', 's', [number(100, 3600, 30), number(105, 3600, 20)]),
  ])
  const page = await read('/metrics?window=300')
  expect(page.row('delay')[2]).toBe('42,1 ms')
  expect(page.row('wait')[2]).toBe('1,5 s')
  expect(page.row('memory')[2]).toBe('2 Mo')
  expect(page.row('ratio')[2]).toBe('0,25')
  expect(page.row('basket')[2]).toBe('12,5 EUR')
  expect(page.row('below')[2]).toBe('-500 ms')
  // 5 s of CPU time in the 30 s since the first point.
  expect(page.row('cpu').slice(2, 4)).toEqual(['105 s', '16,7 %'])
})

test('A histogram is shown by its quantiles', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([50, 50, 0], 60, 5)])])
  expect((await read('/metrics')).row('http.server.request.duration')[2]).toBe('p50 100 ms, p95 190 ms')
  const detail = await read('/metrics?name=http.server.request.duration')
  expect(detail.row('shop', '198 ms')).toEqual(expect.arrayContaining(['100', '100 ms', '190 ms']))
})

test('Values above the last bound count as that bound, and a histogram without values shows a message', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([0, 0, 9], 60, 5)])])
  await sendMetrics('shop', [{ ...requestDurationMetric([histogramPoint([0, 0, 0], 60, 5)]), name: 'empty' }])
  const page = await read('/metrics')
  expect(page.row('http.server.request.duration')[2]).toBe('p50 200 ms, p95 200 ms')
  expect(page.row('empty')[2]).toBe('aucune mesure')
})

test('An exponential histogram shows the values in the window, even if its scale has decreased', async () => {
  const { sendMetrics, read } = openConsole()
  const point = (at: number, scale: number, offset: number, bucketCounts: number[]) => ({
    ...{ startTimeUnixNano: nanosAgo(3600), timeUnixNano: nanosAgo(at), scale, zeroCount: 0, sum: 40 },
    ...{ count: bucketCounts.reduce((sum, count) => sum + count), positive: { offset, bucketCounts } },
    attributes: [],
  })
  // Scale 3 has eight buckets per power of two: 10 values just above 2 s. Scale 2 has four: the same, and 10 above 4 s.
  const dataPoints = [point(20, 3, 8, [10]), point(10, 2, 4, [10, 0, 0, 0, 10])]
  const histogram = { aggregationTemporality: cumulative, dataPoints }
  await sendMetrics('shop', [{ name: 'size', unit: 's', exponentialHistogram: histogram }])
  expect((await read('/metrics')).row('size')[2]).toBe('p50 4,38 s, p95 4,72 s')
})

test('The rate of a counter is correct across a restart, and deltas are summed', async () => {
  const { sendMetrics, read } = openConsole()
  const restarted = [number(1000, 3600, 100), number(1100, 3600, 80), number(50, 60, 40), number(100, 60, 5)]
  await sendMetrics('shop', [counter('orders', '1', restarted)])
  await sendMetrics('shop', [counter('parts', '1', [number(30, 100, 90), number(20, 90, 80)], delta)])
  const page = await read('/metrics?window=300')
  // An increase of 100 before the restart and of 100 after it, in the 100 s since the first point.
  expect(page.row('orders').slice(2, 4)).toEqual(['100', '2/s'])
  expect(page.row('parts').slice(2, 4)).toEqual(['50', '0,5/s'])
  expect((await read('/metrics?name=orders&window=300')).row('shop', '2/s')).toContain('100')
})

test('The series of an ended process are not added to those of the running one', async () => {
  const { sendMetrics, read } = openConsole()
  const level = (value: number, at: number) => ({
    ...{ name: 'connections', unit: '{connection}' },
    sum: { aggregationTemporality: cumulative, isMonotonic: false, dataPoints: [number(value, 600, at)] },
  })
  await sendMetrics('shop', [level(10, 200)], 'before')
  await sendMetrics('shop', [level(4, 5)], 'after')
  expect((await read('/metrics')).row('connections').slice(1, 3)).toEqual(['compteur ±{connection}', '4'])
})

test('Instruments are found by text and by service', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [counter('orders', '1', [number(1, 60, 5)])])
  await sendMetrics('depot', [gauge('stock', '1', [number(1, 60, 5)])])
  const byText = await read('/metrics?q=COUNTS')
  expect(byText.row('orders')).not.toEqual([])
  expect(byText.row('stock')).toEqual([])
  const byService = await read('/metrics?service=depot')
  expect(byService.row('orders')).toEqual([])
  expect(byService.row('stock')).not.toEqual([])
  expect((await read('/metrics?q=nowhere')).text).toContain('Rien ne correspond')
})

test('An instrument’s page has each series with its labels, and a chart of the ten most active', async () => {
  const { sendMetrics, read } = openConsole()
  const points = Array.from({ length: 12 }, (_, index) => number(index, 600, 60, { slug: `p${index}` }))
  await sendMetrics('shop', [gauge('stock', '1', points)])
  const page = await read('/metrics?name=stock&window=300')
  expect(page.row('slug=p11')).toContain('11')
  const [, json = ''] = /data-chart="([^"]*)"/.exec(page.html) ?? []
  const { lines } = JSON.parse(json.replaceAll('&quot;', '"'))
  expect(lines.map(({ name }: { name: string }) => name)).toEqual([
    'p11',
    'p10',
    'p9',
    'p8',
    'p7',
    'p6',
    'p5',
    'p4',
    'p3',
    'p2',
  ])
  expect(lines[0].values).toContain(11)
  expect(page.text).toContain('Les 10 séries les plus actives, sur 12')
})

test('Received text is escaped, never rendered as markup', async () => {
  const { sendMetrics, read } = openConsole()
  const name = '"><script>alert(1)</script>'
  const hostile = { ...gauge(name, name, [number(1, 600, 60, { [name]: name })]), description: name }
  await sendMetrics(name, [hostile])
  for (const path of ['/metrics', `/metrics?${new URLSearchParams({ name })}`]) {
    const { html } = await read(path)
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('&lt;script&gt;')
  }
})

test('Metrics are shown in English if the browser prefers it', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [gauge('memory', 'By', [number(1_500_000, 60, 5)])])
  const page = await read('/metrics', 'en')
  expect(page.row('memory').slice(1, 3)).toEqual(['gaugeBy', '1.43 MB'])
})

test('Without metrics the page shows how to send some, and an unknown name links back to the list', async () => {
  const { read } = openConsole()
  expect((await read('/metrics')).text).toContain('Pas encore de métriques')
  const unknown = await read('/metrics?name=nowhere')
  expect(unknown.text).toContain('Aucune série de nowhere')
  expect(unknown.html).toContain('href="/metrics?window=900"')
})
