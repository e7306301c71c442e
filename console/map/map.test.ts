import { afterAll, beforeAll, expect, setSystemTime, test } from 'bun:test'
import { nanosAgo, openConsole, requestAttributes, span } from '../metrics/testing'

// Times and rates must not depend on the speed of the test: see `nanosAgo`.
beforeAll(() => setSystemTime(new Date('2026-03-04T10:00:08Z')))
afterAll(() => setSystemTime())

type Console = ReturnType<typeof openConsole>

const traceId = 'a'.repeat(32)
const client = 3

/** The storefront calls the catalog, which queries its database. */
async function callOnce({ sendSpans }: Console, { isError = false, secondsAgo = 1, spanId = '00000000000000c1' } = {}) {
  const shared = { secondsAgo, isError, traceId }
  const call = { ...shared, kind: client, spanId, labels: { 'service.peer.name': 'catalog' } }
  await sendSpans('catalog', [
    span({ ...shared, parentSpanId: spanId, labels: requestAttributes('/products') }),
    span({ secondsAgo, traceId, kind: client, labels: { 'db.system.name': 'sqlite', 'db.namespace': 'products.db' } }),
  ])
  await sendSpans('storefront', [span({ ...shared, labels: requestAttributes('/') }), span({ ...call, ms: 40 })])
}

test('Services and databases are nodes, and edges have calls per second and p95', async () => {
  const opened = openConsole()
  await callOnce(opened)
  const page = await opened.read('/map?window=300')
  expect(page.row('storefront', 'catalog').slice(0, 3)).toEqual(['storefront', 'catalog', '1'])
  expect(page.row('storefront', 'catalog')[5]).toBe('39 ms')
  expect(page.row('catalog', 'products.db')).not.toEqual([])
  const [drawing = ''] = /<svg .*?<\/svg>/s.exec(page.html.slice(page.html.indexOf('scroll map'))) ?? []
  for (const name of ['storefront', 'catalog', 'products.db']) expect(drawing).toContain(`>${name}</tspan>`)
  expect(drawing.match(/class="edge"/g)).toHaveLength(2)
  expect(drawing).toContain('href="/traces?service=storefront&amp;from=')
})

test('A failed call is red, and its error ratio is a text in drawing and table', async () => {
  const opened = openConsole()
  await callOnce(opened)
  expect((await opened.read('/map')).html).not.toContain('class="edge bad"')
  await callOnce(opened, { isError: true, spanId: '00000000000000c2' })
  const page = await opened.read('/map')
  expect(page.html.match(/class="edge bad"/g)).toHaveLength(1)
  expect(page.html).toMatch(/class="call bad" aria-label="storefront → catalog:[^"]*50[^"]*d’erreurs"/)
  expect(page.html).toMatch(/href="\/traces\?service=storefront&amp;from=\d+&amp;to=\d+&amp;status=error"/)
  expect(page.row('storefront', 'catalog')).toContain('1 (50 %)')
})

test('Only a service without telemetry for 30 seconds is shown as silent', async () => {
  const opened = openConsole()
  await callOnce(opened, { secondsAgo: 60 })
  const { text, html } = await opened.read('/map')
  expect(text).toContain('silencieux, vu il y a')
  expect(html).toMatch(/class="box service c\d silent"/)
  const metric = { name: 'alive', gauge: { dataPoints: [{ asInt: 1, timeUnixNano: nanosAgo(2), attributes: [] }] } }
  await opened.sendMetrics('catalog', [metric])
  const after = await opened.read('/map')
  expect(after.row('catalog', 'actif')).not.toEqual([])
  expect(after.row('storefront', 'silencieux')).not.toEqual([])
})

test('A peer that sends no telemetry is not a silent service', async () => {
  const opened = openConsole()
  const labels = { 'service.peer.name': 'payment' }
  await opened.sendSpans('storefront', [span({ kind: client, labels })])
  await opened.sendSpans('storefront', [span({ kind: client, labels: { 'server.address': 'mail.test' } })])
  const page = await opened.read('/map')
  expect(page.row('payment', 'n’envoie rien')).not.toEqual([])
  expect(page.row('mail.test', 'extérieur')).not.toEqual([])
  expect(page.text).not.toContain('silencieux')
})

test('A service without calls is a node too, with its requests', async () => {
  const opened = openConsole()
  await opened.sendSpans('alone', [
    span({ ms: 20, labels: requestAttributes('/') }),
    span({ ms: 20, isError: true, labels: requestAttributes('/') }),
  ])
  const page = await opened.read('/map')
  expect(page.html).toContain('>alone</tspan>')
  expect(page.row('alone')).toEqual(expect.arrayContaining(['2', '1 (50 %)']))
})

test('Calls before the window are not on the map', async () => {
  const opened = openConsole()
  await callOnce(opened, { secondsAgo: 1200 })
  expect((await opened.read('/map?window=300')).text).toContain('Rien ne correspond')
  expect((await opened.read('/map?window=3600')).row('storefront', 'catalog')).not.toEqual([])
})

test('Names of services are escaped', async () => {
  const opened = openConsole()
  const name = '"><script>alert(1)</script>'
  await opened.sendSpans(name, [span({ kind: client, labels: { 'service.peer.name': `${name}2` } })])
  const { html } = await opened.read('/map')
  expect(html).not.toContain('<script>alert')
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;2')
})

test('The map is in English when the client prefers it', async () => {
  const opened = openConsole()
  await callOnce(opened, { isError: true })
  const { text } = await opened.read('/map', 'en')
  expect(text).toContain('Services and databases')
  expect(text).toContain('100% errors')
  expect(text).not.toContain('Appels')
})

test('The empty map explains how to send calls', async () => {
  const { read } = openConsole()
  expect((await read('/map')).text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
})
