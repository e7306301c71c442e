import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId, visibleText } from '../testing'

describe('the logs page', () => {
  test('shows time, severity, service, event, body and attributes of each log record, newest first', async () => {
    const { get, sendLogs } = openTestConsole()
    const atMs = new Date().setHours(10, 20, 30, 405)
    await sendLogs('shop', { atMs, severity: 17, eventName: 'cart.lost', body: 'gone', attributes: { 'cart.size': 3 } })
    await sendLogs('users', { atMs: atMs + 1000, body: 'hello' })
    const [hello = '', gone = '', ...others] = lines(await get('/logs'))
    expect(hello).toMatch(/10:20:31,405 info users hello/)
    expect(gone).toMatch(/10:20:30,405 error shop cart\.lost gone cart\.size=3 cart\.size 3/)
    expect(others).toEqual([])
  })

  test.each([
    ['service=shop', ['a cart', 'paid']],
    ['severity=warn', ['paid', 'away']],
    ['severity=error', ['away']],
    ['severity=nonsense', ['a cart', 'paid', 'away']],
    ['q=%22A+CART%22', ['a cart']],
    ['q=cart.size%3D3', ['paid']],
    ['q=user.name%3D%22Ada+L%22', ['away']],
    ['q=user.name%3DAda', []],
    ['q=Ada+away', ['away']],
    ['q=%25', []],
    ['q=order.paid', ['paid']],
    ['trace=0af7651916cd43dd8448eb211c80319c', ['away']],
    ['trace=0AF7651916CD43DD8448EB211C80319C', ['away']],
    ['service=shop&severity=warn&q=paid', ['paid']],
  ])('with ?%s shows only %p', async (query, expected) => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', { body: 'a cart' })
    await sendLogs('shop', { body: 'paid', severity: 13, eventName: 'order.paid', attributes: { 'cart.size': 3 } })
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    await sendLogs('users', {
      body: 'away',
      severity: 17,
      traceId,
      attributes: { 'user.name': 'Ada L', 'cart.size': 33 },
    })
    const shown = lines(await get(`/logs?${query}`))
    expect(shown).toHaveLength(expected.length)
    for (const body of expected) expect(shown.join()).toContain(body)
  })

  test('shows the current filter in its form', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', { body: 'x' })
    const { main } = await get('/logs?service=shop&severity=error&q=a"b&trace=ab')
    expect(main).toMatch(/<option value="shop" selected/)
    expect(main).toMatch(/<option value="error" selected/)
    expect(main).toContain('value="a&quot;b"')
    expect(main).toContain('value="ab"')
  })

  test('links from a hundred log records to older ones with the same filter, down to the oldest', async () => {
    const { get, sendLogs } = openTestConsole()
    const bodies = Array.from({ length: 250 }, (_, index) => `line ${index} of them`)
    await sendLogs('shop', ...bodies.map((body) => ({ body })), { body: 'other' })
    const seen: string[] = []
    const sizes: number[] = []
    let path: string | undefined = '/logs?q=%22of+them%22'
    while (path) {
      const page = await get(path)
      seen.push(...lines(page).map((line) => /line \d+ of them/.exec(line)?.[0] ?? line))
      sizes.push(lines(page).length)
      path = olderOf(page)
    }
    expect(sizes).toEqual([100, 100, 50])
    expect(seen).toEqual(bodies.toReversed())
  })

  test('has no link to older log records when there are exactly a hundred', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', ...Array.from({ length: 100 }, () => ({ body: 'x' })))
    expect(olderOf(await get('/logs'))).toBeUndefined()
  })

  test('limits the time of a search, shows how far back it went, and links to its continuation', async () => {
    const { get, sendLogs, store } = openTestConsole()
    await sendLogs('shop', {
      body: 'needle',
      attributes: { text: 'a b c d e f g h i j k l m n o p q r s t u v w x y z' },
    })
    // So many that no machine can search all of them in time.
    store.db.run(`INSERT INTO logs WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      SELECT NULL, i * 1000000, 1, 9, '', 'x', (SELECT attributes FROM logs), '', '', 0, '{}' FROM n`)
    const words = [...'abcdefghijklmnopqrstuvwxyz', ...'abcdefghijklmnopqrstuvw', 'needle']
    let path: string | undefined = `/logs?q=${words.join('+')}`
    let pages = 0
    let last = ''
    while (path) {
      const before = process.cpuUsage()
      const page = await get(path)
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000)
      if (pages === 0) expect(page.text).toMatch(/Cherché jusqu’à .+ faute de temps/)
      path = olderOf(page, 'Chercher plus loin')
      pages++
      last = page.text
    }
    expect(pages).toBeGreaterThan(1)
    expect(last).toContain('needle')
  })

  test('finds matches at any position among many log records', async () => {
    const { get, sendLogs, store } = openTestConsole()
    await sendLogs('shop', { body: 'x' })
    store.db.run(`INSERT INTO logs WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
      SELECT i, i, 1, 9, '', iif(i % 1000 < 2, 'needle ' || i, 'x'), '{}', '', '', 0, '{}' FROM n`)
    const found: (string | undefined)[] = []
    // On a busy machine, it takes several searches.
    for (let path: string | undefined = '/logs?q=needle'; path; ) {
      const page = await get(path)
      found.push(...lines(page).map((line) => /needle \d+/.exec(line)?.[0]))
      path = olderOf(page, 'Chercher plus loin')
    }
    const thousands = Array.from({ length: 12 }, (_, index) => (index + 1) * 1000)
    const expected = thousands.flatMap((id) => [id, id + 1]).filter((id) => id <= 12_000)
    expect(found).toEqual(expected.toReversed().map((id) => `needle ${id}`))
  })

  test('links from a log record to its span, and to all log records of its trace', async () => {
    const { get, sendLogs } = openTestConsole()
    const traceId = randomId(16)
    await sendLogs('shop', { body: 'with', traceId, spanId: '00f067aa0ba902b7' })
    expect((await get('/logs')).main).toContain(`href="/traces/${traceId}#s-00f067aa0ba902b7"`)
    await sendLogs('shop', { body: 'without' })
    const { main } = await get('/logs')
    expect(main.match(/class="log-trace"/g)).toHaveLength(1)
    expect(main).toContain(`href="/logs?trace=${traceId}"`)
    const ofTrace = await get(`/logs?trace=${traceId}`)
    expect(ofTrace.text).toContain('Les lignes de la trace')
    expect(ofTrace.main).toContain(`href="/traces/${traceId}"`)
  })

  test('has a permanent link for each log record', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', ...Array.from({ length: 5 }, (_, index) => ({ body: `line ${index}` })))
    const { main } = await get('/logs?q=%22line+2%22')
    const [, path = '', hash = ''] = /href="([^"#]+)#(l-\d+)"/.exec(main) ?? []
    await sendLogs('shop', ...Array.from({ length: 300 }, () => ({ body: 'later' })))
    const item = new RegExp(`<li[^>]*id="${hash}">.*?</li>`, 's').exec((await get(path)).main)?.[0] ?? ''
    expect(visibleText(item)).toContain('line 2')
  })

  test('shows an exception with its stack trace', async () => {
    const { get, sendLogs } = openTestConsole()
    const stack = 'TypeError: no stock\n    at reserve (/app/reserve.ts:4:1)\n    at pay (/app/pay.ts:9:9)'
    const attributes = { 'exception.type': 'TypeError', 'exception.message': 'no stock', 'exception.stacktrace': stack }
    await sendLogs('shop', { body: 'failed', severity: 17, attributes })
    const { main, text } = await get('/logs')
    expect(main).toContain(`<pre>${stack}</pre>`)
    expect(text).toContain('failed TypeError: no stock')
  })

  test('escapes the text of log records', async () => {
    const { get, sendLogs } = openTestConsole()
    const evil = '"><script>alert(1)</script>'
    const attributes = { [evil]: evil, 'exception.type': evil, 'exception.stacktrace': evil }
    await sendLogs(evil, { body: evil, eventName: `${evil}!`, attributes })
    for (const path of ['/logs', `/logs?q=${encodeURIComponent(evil)}&service=${encodeURIComponent(evil)}`]) {
      const { html, text } = await get(path)
      expect(html).not.toContain('<script>alert')
      expect(text).toContain(evil)
    }
  })

  test('truncates a very long log record, with a note', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', { body: 'b'.repeat(1_000_000), attributes: { long: 'a'.repeat(1_000_000), exact: 1 } })
    const { html, text } = await get('/logs')
    expect(html.length).toBeLessThan(200_000)
    expect(text.match(/Trop long pour être montré en entier/g)).toHaveLength(2)
  })

  test('shows a log record without body, severity and trace', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', { eventName: 'only.named', severity: 0 })
    expect(lines(await get('/logs'))[0]).toMatch(/– shop only\.named\s+Lien/)
  })

  test.each([
    'before=abc&severity=%00&trace=%27',
    `q=${'a+'.repeat(3000)}`,
    `q=${encodeURIComponent('"\'%_\\=[]*')}`,
    'before=-4',
    'before=99999999999999999999',
  ])('is 200 for the invalid query ?%s', async (query) => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', { body: 'x' })
    expect((await get(`/logs?${query}`)).status).toBe(200)
  })

  test('updates itself when it shows the newest log records, but not when it shows older ones', async () => {
    const { get } = openTestConsole()
    expect((await get('/logs')).html).toContain('data-live="logs"')
    expect((await get('/logs?before=7')).html).not.toContain('data-live="logs"')
  })

  test('is in French, and in English on request', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', { body: 'x' })
    expect((await get('/logs')).text).toMatch(/Gravité Toutes debug et plus .* Filtrer/)
    expect((await get('/logs', 'en')).text).toMatch(/Severity All debug and worse .* Filter/)
    expect((await get('/logs?lang=en')).html).toContain('<html lang="en">')
  })

  test('explains how to send logs while it is empty, and shows why the last export was refused', async () => {
    const { get, post } = openTestConsole()
    await post('logs', { resourceLogs: 'none' })
    const { text } = await get('/logs')
    expect(text).toContain('Pas encore de journaux')
    expect(text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
    expect(text).toContain('resourceLogs must be a list')
    expect((await get('/logs', 'en')).text).toContain('No log lines yet')
  })

  test('has a message when nothing matches the filter', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', { body: 'x' })
    expect((await get('/logs?q=nowhere')).text).toContain('Rien ne correspond à ces filtres.')
  })
})

function lines({ main }: { main: string }): string[] {
  return [...main.matchAll(/<li class="log .*?<\/li>/gs)].map(([line]) => visibleText(line))
}

function olderOf({ main }: { main: string }, name = 'Plus anciens'): string | undefined {
  return new RegExp(`href="([^"]+)"[^>]*>${name}</a>`).exec(main)?.[1]?.replaceAll('&amp;', '&')
}
