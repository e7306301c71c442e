import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId, visibleText } from '../testing'

const minute = 60_000

describe('the page of queries', () => {
  test('groups SQL by statement, with service, database, text, calls, times and errors', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const traceId = randomId(16)
    const text = 'select * from carts where id = ?'
    await sendSpans('orders', sql(traceId, text, { durationMs: 100 }), sql(traceId, text, { durationMs: 300 }))
    await sendSpans('orders', sql(traceId, text, { durationMs: 200, isError: true }))
    await sendSpans('orders', sql(traceId, 'select * from carts'))
    await sendSpans('users', sql(traceId, text))
    store.flush(true)
    const found = rows(await get('/queries'))
    expect(found).toHaveLength(3)
    expect(found[0]).toMatch(
      /SELECT carts select \* from carts where id = \? orders shop\.db 3 0,[23]\d*\/s 600 ms 200 ms (29|30|31)\d ms 1 $/,
    )
  })

  test('divides calls by the seconds with data, not by the whole period', async () => {
    const { get, sendSpans, store } = openTestConsole()
    await sendSpans(
      'orders',
      ...Array.from({ length: 60 }, () => sql(randomId(16), 'a', { atMs: Date.now() - minute })),
    )
    store.flush(true)
    const rate = Number(/60 ([\d,]+)\/s/.exec((await get('/queries')).text)?.[1]?.replace(',', '.'))
    expect(rate).toBeGreaterThan(0.8)
    expect(rate).toBeLessThan(1.05)
  })

  test.each([
    ['', ['slow', 'often', 'rare']],
    ['?sort=total', ['slow', 'often', 'rare']],
    ['?sort=calls', ['often', 'slow', 'rare']],
    ['?sort=p95', ['slow', 'rare', 'often']],
    ['?sort=nonsense', ['slow', 'often', 'rare']],
  ])('sorts the statements of /queries%s as %p', async (query, expected) => {
    const { get, sendSpans, store } = openTestConsole()
    const many = (text: string, times: number, durationMs: number) =>
      Array.from({ length: times }, () => sql(randomId(16), text, { durationMs }))
    await sendSpans('orders', ...many('rare', 1, 60), ...many('often', 9, 10), ...many('slow', 3, 100))
    store.flush(true)
    const page = await get(`/queries${query}`)
    expect(rows(page).map((row) => /often|slow|rare/.exec(row)?.[0] ?? '')).toEqual(expected)
    expect(page.main.match(/aria-sort="descending"/g)).toHaveLength(1)
  })

  test('shows only the calls in the period, and links to other periods', async () => {
    const { get, sendSpans, store } = openTestConsole()
    await sendSpans('orders', sql(randomId(16), 'recent', { atMs: Date.now() - 2 * minute }))
    await sendSpans('orders', sql(randomId(16), 'earlier', { atMs: Date.now() - 10 * minute }))
    store.flush(true)
    expect(rows(await get('/queries'))).toHaveLength(2)
    expect(rows(await get('/queries?window=300')).join()).not.toContain('earlier')
    expect((await get('/queries?sort=p95')).main).toContain('href="/queries?sort=p95&amp;window=3600"')
  })

  test('flags a statement that one trace repeats five times, and links to that trace', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const [four, five] = [randomId(16), randomId(16)]
    const times = (count: number, traceId: string, text: string) =>
      Array.from({ length: count }, () => sql(traceId, text))
    await sendSpans('orders', ...times(4, four, 'four'), ...times(5, five, 'five'))
    store.flush(true)
    const { main, text } = await get('/queries')
    expect(text.match(/N\+1 ×5/g)).toHaveLength(1)
    expect(main).toMatch(new RegExp(`href="/traces/${five}"[^>]*>N\\+1 ×5<`))
    expect(main).not.toContain(four)
  })

  test('links a statement to the traces that contain it', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const [mine, other] = [randomId(16), randomId(16)]
    await sendSpans('orders', sql(mine, 'select 1', {}, 'SELECT "carts" & more'))
    await sendSpans('orders', sql(other, 'select 2', {}, 'SELECT others'))
    store.flush(true)
    const [, path = ''] = /href="(\/traces\?[^"]+)"[^>]*>SELECT &quot;carts/.exec((await get('/queries')).main) ?? []
    expect(path).toContain('service=orders')
    // A search term cannot contain quotes.
    const plain = /href="(\/traces\?[^"]+)"[^>]*>SELECT others/.exec((await get('/queries')).main)?.[1] ?? ''
    const { main } = await get(plain.replaceAll('&amp;', '&'))
    expect(main).toContain(other)
    expect(main).not.toContain(mine)
  })

  test('folds a long text, and contains it in full', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const text = `select ${Array.from({ length: 300 }, (_, index) => `column_${index}`).join(', ')} from carts`
    await sendSpans('orders', sql(randomId(16), text), sql(randomId(16), 'select short'))
    store.flush(true)
    const { main } = await get('/queries')
    expect(main).toContain(`<pre>${text}</pre>`)
    expect(main.match(/<details>/g)).toHaveLength(1)
  })

  test('escapes received text', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const evil = '"><script>alert(1)</script>'
    await sendSpans(evil, sql(randomId(16), evil, {}, evil), sql(randomId(16), evil.repeat(20), {}, evil))
    store.flush(true)
    const { html, text } = await get('/queries')
    expect(html).not.toContain('<script>alert')
    expect(text).toContain(evil)
  })

  test('shows 200 statements and the total number', async () => {
    const { get, sendSpans, store } = openTestConsole()
    await sendSpans('orders', ...Array.from({ length: 210 }, (_, index) => sql(randomId(16), `select ${index}`)))
    store.flush(true)
    const page = await get('/queries')
    expect(rows(page)).toHaveLength(200)
    expect(page.text).toContain('Les 200 premières, sur 210.')
  })

  test('is in French, or in English if the browser prefers it', async () => {
    const { get, sendSpans, store } = openTestConsole()
    await sendSpans('orders', sql(randomId(16), 'select 1'))
    store.flush(true)
    expect((await get('/queries')).text).toContain('Requête Service et base Appels Temps total Moyenne p95 Erreurs')
    expect((await get('/queries', 'en')).text).toContain('Query Service and database Calls Total time Mean p95 Errors')
  })

  test('shows how to send data while it is empty', async () => {
    const { get, sendSpans } = openTestConsole()
    expect((await get('/queries')).text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
    await sendSpans('shop', { traceId: randomId(16) })
    expect((await get('/queries')).text).toContain('db.query.text')
    expect((await get('/queries', 'en')).text).toContain('No SQL query in this period')
  })

  test('links to the traces of a statement without a summary, as in older conventions', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const traceId = randomId(16)
    const attributes = { 'db.system': 'mysql', 'db.statement': 'select "id" from carts where id = ?' }
    const many = Array.from({ length: 5 }, () => ({ traceId, kind: 3, name: 'SELECT', attributes }))
    await sendSpans('orders', ...many, sql(randomId(16), 'select 2'))
    store.flush(true)
    const { main } = await get('/queries')
    const [, href = ''] = /<a href="([^"]+)"[^>]*>SELECT<\/a>/.exec(main) ?? []
    const found = (await get(href.replaceAll('&amp;', '&'))).main
    expect([...found.matchAll(/\/traces\/([0-9a-f]{32})"/g)].map(([, id]) => id)).toContain(traceId)
    expect((await get(`/traces/${traceId}`)).text).toContain('N+1 5 fois « SELECT »')
  })
})

function sql(traceId: string, text: string, more: object = {}, summary = 'SELECT carts') {
  const attributes = {
    'db.system.name': 'sqlite',
    'db.namespace': 'shop.db',
    'db.query.text': text,
    'db.query.summary': summary,
  }
  return { traceId, name: summary, kind: 3, attributes, ...more }
}

function rows({ main }: { main: string }): string[] {
  return [...main.matchAll(/<tr data-row.*?<\/tr>/gs)].map(([row]) => visibleText(row))
}
