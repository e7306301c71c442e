import { afterAll, beforeAll, expect, setSystemTime, test } from 'bun:test'
import { delta, histogramPoint, openConsole, requestAttributes, requestDurationMetric, span } from '../metrics/testing'

// Durations and rates must not depend on the speed of the test: see `nanosAgo`.
beforeAll(() => setSystemTime(new Date('2026-03-04T10:00:08Z')))
afterAll(() => setSystemTime())

test('Metrics take precedence over spans for a service that sends request durations', async () => {
  const { sendMetrics, sendSpans, read } = openConsole()
  await sendSpans('shop', [span({ labels: requestAttributes('/cart') })])
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([30, 0, 0], 60, 5, requestAttributes('/cart'))])])
  await sendSpans('worker', [span({ labels: requestAttributes('/job') }), span({ labels: requestAttributes('/job') })])
  const page = await read('/http-requests')
  expect(page.row('shop', 'GET /cart')).toEqual(expect.arrayContaining(['30', 'métriques']))
  expect(page.row('shop', 'spans')).toEqual([])
  expect(page.row('worker', 'GET /job')).toEqual(expect.arrayContaining(['2', 'spans']))
  expect(page.text).toContain('D’après http.server.request.duration')
  expect(page.text).toContain('D’après les spans reçus')
})

test('A cumulative histogram counts only its increase in the window', async () => {
  const { sendMetrics, read } = openConsole()
  const hour = 3600
  await sendMetrics('shop', [
    requestDurationMetric([histogramPoint([1000, 0, 0], hour, 20, requestAttributes('/cart'))]),
  ])
  await sendMetrics('shop', [
    requestDurationMetric([histogramPoint([1007, 0, 0], hour, 10, requestAttributes('/cart'))]),
  ])
  expect((await read('/http-requests?window=300')).row('GET /cart')).toContain('7')
})

test('The increase is counted from the last point before the window', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [
    requestDurationMetric([histogramPoint([100, 0, 0], 3600, 330, requestAttributes('/cart'))]),
  ])
  await sendMetrics('shop', [
    requestDurationMetric([histogramPoint([103, 0, 0], 3600, 270, requestAttributes('/cart'))]),
  ])
  await sendMetrics('shop', [
    requestDurationMetric([histogramPoint([105, 0, 0], 3600, 200, requestAttributes('/cart'))]),
  ])
  expect((await read('/http-requests?window=300')).row('GET /cart')).toContain('5')
})

test('Requests before and after a restart are counted once', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([50, 0, 0], 3600, 60, requestAttributes('/cart'))])])
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([54, 0, 0], 3600, 50, requestAttributes('/cart'))])])
  // The service restarts with the same instance id, and its counter starts at 0.
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([3, 0, 0], 40, 30, requestAttributes('/cart'))])])
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([5, 0, 0], 40, 20, requestAttributes('/cart'))])])
  await sendMetrics(
    'shop',
    [requestDurationMetric([histogramPoint([2, 0, 0], 15, 10, requestAttributes('/cart'))])],
    'another',
  )
  expect((await read('/http-requests?window=300')).row('GET /cart')).toContain('11')
})

test('A counter that decreases with the same start time counts as restarted', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([50, 0, 0], 3600, 60, requestAttributes('/cart'))])])
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([4, 0, 0], 3600, 50, requestAttributes('/cart'))])])
  expect((await read('/http-requests?window=300')).row('GET /cart')).toContain('4')
})

test('Deltas are summed, even without a start time', async () => {
  const { sendMetrics, read } = openConsole()
  const noStartTime = { startTimeUnixNano: '0' }
  await sendMetrics('shop', [
    requestDurationMetric(
      [{ ...histogramPoint([5, 0, 0], 40, 30, requestAttributes('/cart')), ...noStartTime }],
      delta,
    ),
  ])
  await sendMetrics('shop', [
    requestDurationMetric(
      [{ ...histogramPoint([6, 0, 0], 30, 20, requestAttributes('/cart')), ...noStartTime }],
      delta,
    ),
  ])
  expect((await read('/http-requests?window=300')).row('GET /cart')).toContain('11')
})

test('Status codes from 500 are errors, 404 is not', async () => {
  const { sendMetrics, read } = openConsole()
  const points = [
    histogramPoint([15, 0, 0], 60, 5, requestAttributes('/cart')),
    histogramPoint([5, 0, 0], 60, 5, requestAttributes('/cart', 503)),
    histogramPoint([7, 0, 0], 60, 5, requestAttributes('/none', 404)),
  ]
  await sendMetrics('shop', [requestDurationMetric(points)])
  const page = await read('/http-requests')
  expect(page.row('GET /cart')).toContain('5 (25 %)')
  expect(page.row('GET /cart')).toContain('20')
  expect(page.row('GET /none')).toContain('0')
})

test('Quantiles are interpolated in the merged buckets of all status codes of a route', async () => {
  const { sendMetrics, read } = openConsole()
  const points = [
    histogramPoint([50, 0, 0], 60, 5, requestAttributes('/cart')),
    histogramPoint([0, 50, 0], 60, 5, requestAttributes('/cart', 503)),
  ]
  await sendMetrics('shop', [requestDurationMetric(points)])
  // 50 of 100 are below 100 ms. The 95th is 45th of the other 50: nine tenths of the way from 100 ms to 200 ms.
  expect((await read('/http-requests')).row('GET /cart')).toEqual(
    expect.arrayContaining(['100 ms', '190 ms', '198 ms']),
  )
})

test('Spans are counted by route with their errors and quantiles', async () => {
  const { sendSpans, read } = openConsole()
  const fast = Array.from({ length: 9 }, () => span({ ms: 10, labels: requestAttributes('/cart') }))
  await sendSpans('shop', [...fast, span({ ms: 400, isError: true, labels: requestAttributes('/cart') })])
  const row = (await read('/http-requests')).row('GET /cart')
  expect(row).toContain('10')
  expect(row).toContain('1 (10 %)')
  // The buckets are exact to 5 %.
  expect(row.filter((cell) => / ms$/.test(cell))).toEqual(['9,74 ms', '404 ms', '404 ms'])
})

test('A selected service has charts, and each step links to its traces', async () => {
  const { sendSpans, read } = openConsole()
  await sendSpans('shop', [span({ secondsAgo: 60, labels: requestAttributes('/cart') })])
  await sendSpans('worker', [span({ labels: requestAttributes('/job') })])
  expect((await read('/http-requests')).html).not.toContain('data-chart')
  const page = await read('/http-requests?service=shop&route=GET+%2Fcart&window=300')
  expect(page.row('worker')).toEqual([])
  expect(page.row('GET /cart')).not.toEqual([])
  const [, json = ''] = /data-chart="([^"]*)"/.exec(page.html) ?? []
  const chart = JSON.parse(json.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
  const at = chart.lines[0].values.findIndex((value: number | null) => value && value > 0)
  expect(chart.lines[0].values[at]).toBe(0.1)
  const fromUs = chart.times[at] * 1_000_000
  expect(chart.hrefs[at]).toBe(`/traces?service=shop&route=GET+%2Fcart&from=${fromUs}&to=${fromUs + 10_000_000}`)
  const traces = await read(chart.hrefs[at])
  expect(traces.row('GET /cart')).not.toEqual([])
})

test('A chart from metrics spreads an increase over the time between its points', async () => {
  const { sendMetrics, read } = openConsole()
  for (const [count, at] of [
    [0, 140],
    [60, 80],
  ] as const) {
    await sendMetrics('shop', [
      requestDurationMetric([histogramPoint([count, 0, 0], 3600, at, requestAttributes('/cart'))]),
    ])
  }
  const { html } = await read('/http-requests?service=shop&window=300')
  const [, json = ''] = /data-chart="([^"]*)"/.exec(html) ?? []
  const { lines } = JSON.parse(json.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
  const values = lines[0].values.filter((value: number | null) => value !== null)
  expect(Math.max(...values)).toBe(1)
  expect(values.filter((value: number) => value === 1).length).toBeGreaterThanOrEqual(5)
})

test('Rows are sorted by the requested column', async () => {
  const { sendSpans, read } = openConsole()
  await sendSpans('a', [
    span({ ms: 5, labels: requestAttributes('/fast') }),
    span({ ms: 5, labels: requestAttributes('/fast') }),
  ])
  await sendSpans('b', [span({ ms: 900, labels: requestAttributes('/slow') })])
  const isFirst = async (path: string) => {
    const { html } = await read(path)
    return html.indexOf('GET <wbr/>/slow') < html.indexOf('GET <wbr/>/fast') ? '/slow' : '/fast'
  }
  expect(await isFirst('/http-requests')).toBe('/fast')
  expect(await isFirst('/http-requests?sort=p95')).toBe('/slow')
})

test('Names of services and routes are escaped', async () => {
  const { sendMetrics, read } = openConsole()
  const route = '"/><script>alert(1)</script>'
  await sendMetrics('<b>shop', [requestDurationMetric([histogramPoint([1, 0, 0], 60, 5, requestAttributes(route))])])
  const routePath = `/http-requests?${new URLSearchParams({ service: '<b>shop', route: `GET ${route}` })}`
  for (const path of ['/http-requests', routePath]) {
    const { html } = await read(path)
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<b>shop')
    expect(html).toContain('&lt;b&gt;shop')
  }
})

test('The page is in English when the client prefers it', async () => {
  const { sendMetrics, read } = openConsole()
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([1, 0, 0], 60, 5, requestAttributes('/cart'))])])
  const { text } = await read('/http-requests', 'en')
  expect(text).toContain('Per second')
  expect(text).toContain('From http.server.request.duration')
  expect(text).not.toContain('Requêtes')
})

test('The empty page explains how to send requests, or that no request matches the filter', async () => {
  const { sendSpans, read } = openConsole()
  expect((await read('/http-requests')).text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
  await sendSpans('shop', [span({ labels: requestAttributes('/cart') })])
  expect((await read('/http-requests?service=other')).text).toContain('Rien ne correspond')
})

test('A request with an error type and no status code has failed', async () => {
  const { sendMetrics, read } = openConsole()
  const labels = { 'http.request.method': 'GET', 'http.route': '/cart', 'error.type': 'TypeError' }
  await sendMetrics('shop', [requestDurationMetric([histogramPoint([4, 0, 0], 60, 10, labels)])])
  expect((await read('/http-requests')).row('GET /cart')[4]).toContain('4')
})
