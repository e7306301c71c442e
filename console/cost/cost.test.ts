import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId, visibleText } from '../testing'

const minute = 60_000
/** The telemetry of the tests is one minute old, so that about one minute is covered. */
const ago = () => Date.now() - minute

describe('the cost page', () => {
  test('shows spans, log records and their bytes per minute by service and route, sorted by bytes', async () => {
    const { get, sendSpans, sendLogs, store } = openTestConsole()
    for (let index = 0; index < 6; index++) {
      const [traceId, spanId] = [randomId(16), randomId(8)]
      await sendSpans('shop', server(traceId, '/cart', { spanId }), inner(traceId, spanId), inner(traceId, spanId))
      await sendLogs('shop', { atMs: ago(), body: 'in it', traceId, spanId })
    }
    const big = randomId(16)
    await sendSpans('shop', server(big, '/pay', { attributes: route('/pay', 'x'.repeat(50_000)) }))
    await sendLogs('shop', { atMs: ago(), body: 'outside' })
    await sendSpans('users', server(randomId(16), '/login'))
    store.flush(true)
    const found = rows(await get('/cost'))
    expect(found.map((row) => row.name)).toEqual([
      'shop',
      'GET /pay',
      'GET /cart',
      'hors requête',
      'users',
      'GET /login',
      'Tout',
    ])
    const [shop, pay, cart, outside, , , all] = found
    // The covered time begins with a slot of 10 s, so it is up to a sixth longer than one minute.
    const perSpan = (all?.spans ?? 0) / 20
    expect(perSpan).toBeWithin(0.84, 1.001)
    const counted = (row = all) => [row?.spans, row?.logs].map((rate = 0) => Math.round(rate / perSpan))
    expect([cart, pay, outside, shop, all].map(counted)).toEqual([
      [18, 6],
      [1, 0],
      [0, 1],
      [19, 7],
      [20, 7],
    ])
    expect(all?.share).toBe('100 %')
    expect(pay?.spanBytes).toMatch(/^(4\d|5\d)(,\d)? Ko$/)
  })

  test('counts only telemetry of the period', async () => {
    const { get, sendSpans, store } = openTestConsole()
    await sendSpans('shop', server(randomId(16), '/old', { atMs: Date.now() - 10 * minute }))
    await sendSpans('shop', server(randomId(16), '/new'))
    store.flush(true)
    expect(rows(await get('/cost')).map(({ name }) => name)).toContain('GET /old')
    expect(rows(await get('/cost?window=300')).map(({ name }) => name)).toEqual(['shop', 'GET /new', 'Tout'])
  })

  test('counts metric series by service', async () => {
    const { get, sendSpans, sendGauges, store } = openTestConsole()
    await sendSpans('shop', server(randomId(16), '/cart'))
    await sendGauges('shop', 'stock', { slug: 'a' }, { slug: 'b' })
    await sendGauges('shop', 'queue', {})
    await sendGauges('users', 'sessions', {})
    store.flush(true)
    const found = rows(await get('/cost'))
    expect(found.map(({ name, series }) => [name, series])).toEqual([
      ['shop', '3'],
      ['GET /cart', ''],
      ['users', '1'],
      ['Tout', '4'],
    ])
  })

  test('estimates the savings of head and tail sampling, and shows the numbers behind the estimate', async () => {
    const { get, sendSpans, store } = openTestConsole()
    // Ten traces of ten spans: one fails, one is slow.
    for (let index = 0; index < 10; index++) {
      const [traceId, spanId] = [randomId(16), randomId(8)]
      const more = { spanId, isError: index === 0, durationMs: index === 1 ? 301 : 200 }
      await sendSpans('shop', server(traceId, '/cart', more))
      await sendSpans('shop', ...Array.from({ length: 9 }, () => inner(traceId, spanId)))
    }
    store.flush(true)
    const { main, text } = await get('/cost')
    const strategies =
      main
        .slice(main.indexOf('id="sampling"'))
        .match(/<tr>.*?<\/tr>/gs)
        ?.map(visibleText) ?? []
    expect(strategies[1]).toMatch(/Aucun.* 0 0 o 0 %/)
    expect(strategies[2]).toMatch(/En tête.* 90 %/)
    // Tail sampling keeps 2 of 10 traces and a tenth of the others: 28 % of the spans.
    expect(strategies[3]).toMatch(/En queue.* 72 %/)
    const [all, sampled] = [strategies[1], strategies[3]].map((row = '') =>
      numberOf(/ (\d\S*) \d\S* \S?o /.exec(row)?.[1] ?? ''),
    )
    expect((sampled ?? 0) / (all ?? 1)).toBeCloseTo(0.28)
    expect(text).toMatch(
      /période : 10\. Avec une erreur, ou longues de plus de 300 ms : 2 \(20 %\), qui font 20 % des spans/,
    )
    expect(text).toContain('Les métriques n’y perdent rien')
  })

  test('weights traces by their number of spans', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const [traceId, spanId] = [randomId(16), randomId(8)]
    await sendSpans('shop', server(traceId, '/cart', { spanId, isError: true }))
    await sendSpans('shop', ...Array.from({ length: 8 }, () => inner(traceId, spanId)))
    await sendSpans('shop', server(randomId(16), '/cart'))
    store.flush(true)
    // Tail sampling keeps the 9 spans of the failed trace and a tenth of the other one.
    expect((await get('/cost')).text).toMatch(/En queue .* 9 %/)
  })

  test('estimates only from traces of the period', async () => {
    const { get, sendSpans, store } = openTestConsole()
    await sendSpans('shop', server(randomId(16), '/cart', { isError: true, atMs: Date.now() - 10 * minute }))
    await sendSpans('shop', server(randomId(16), '/cart'))
    store.flush(true)
    expect((await get('/cost?window=300')).text).toMatch(/période : 1\. .* 300 ms : 0 \(/)
    expect((await get('/cost')).text).toMatch(/période : 2\. .* 300 ms : 1 \(/)
  })

  test('has no estimate when there are log records and no traces', async () => {
    const { get, sendLogs, store } = openTestConsole()
    await sendLogs('shop', { body: 'x' })
    store.flush(true)
    expect((await get('/cost')).text).toContain('Aucune trace pendant cette période')
  })

  test('links a route to its traces', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const traceId = randomId(16)
    await sendSpans('shop & co', server(traceId, '/a b'))
    store.flush(true)
    const path = /href="(\/traces\?[^"]+)"[^>]*>GET \/a b</.exec((await get('/cost')).main)?.[1] ?? ''
    expect((await get(path.replaceAll('&amp;', '&'))).main).toContain(traceId)
  })

  test('escapes the text that services send', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const evil = '"><script>alert(1)</script>'
    await sendSpans(evil, server(randomId(16), evil))
    store.flush(true)
    const { html, text } = await get('/cost')
    expect(html).not.toContain('<script>alert')
    expect(text).toContain(evil)
  })

  test('is in English when the client prefers it', async () => {
    const { get, sendSpans, store } = openTestConsole()
    await sendSpans('shop', server(randomId(16), '/cart'))
    store.flush(true)
    const { text } = await get('/cost', 'en')
    expect(text).toContain('Telemetry sent per minute')
    expect(text).toContain('Metrics are not affected')
  })

  test('explains how to send telemetry while it is empty', async () => {
    const { get, sendSpans, store } = openTestConsole()
    expect((await get('/cost')).text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
    await sendSpans('shop', server(randomId(16), '/cart', { atMs: Date.now() - 120 * minute }))
    store.flush(true)
    expect((await get('/cost')).text).toContain('Rien n’est arrivé pendant cette période')
    expect((await get('/cost', 'en')).text).toContain('Nothing has arrived in this period')
  })
})

const route = (name: string, note = '') => ({ 'http.request.method': 'GET', 'http.route': name, note })

function server(traceId: string, name: string, more: object = {}) {
  return { traceId, kind: 2, atMs: ago(), attributes: route(name), ...more }
}

function inner(traceId: string, parentSpanId: string) {
  return { traceId, parentSpanId, kind: 1, name: 'inside', atMs: ago() }
}

function rows({ main }: { main: string }) {
  const table = main.slice(0, main.indexOf('id="sampling"'))
  return [...table.matchAll(/<tr[^>]*><th scope.*?<\/tr>/gs)].map(([row]) => {
    const name = visibleText(/<th.*?<\/th>/s.exec(row)?.[0] ?? '').trim()
    const cells = [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => visibleText(cell).trim())
    const [spans = '', spanBytes, logs = '', logBytes, bytes, share, series] = cells
    return { name, spans: numberOf(spans), spanBytes, logs: numberOf(logs), logBytes, bytes, share, series }
  })
}

const numberOf = (text: string) => Number(text.replace(',', '.'))
