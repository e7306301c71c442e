import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId } from '../testing'
import { viewsSchema } from '../views'

const views = viewsSchema.parse(await Bun.file('observability/console.json').json())
const shop = { 'http.request.method': 'GET', 'http.route': '/' }

/** A console to which somebody tells events, so many seconds ago. */
function open(given = views) {
  const opened = openTestConsole(given)
  // One for all: what lasted 60 s shall have lasted 60 s on a slow machine too.
  const openedMs = Date.now()
  const tell = (agoS: number, service: string, eventName: string, body: string, attributes = {}) =>
    opened.sendLogs(service, { atMs: openedMs - agoS * 1000, eventName, body, attributes })
  const entries = async (path = '/') => {
    const { main } = await opened.get(path)
    return [...main.matchAll(/<li class="mark-(\w+)".*?<\/li>/gs)].map(([entry, color]) => {
      const text = entry.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
      return `${color}: ${text.replace(/\d\d:\d\d:\d\d/g, 'TIME').trim()}`
    })
  }
  return { ...opened, tell, entries }
}

describe('what happened meanwhile', () => {
  test('is told newest first: how long it lasted, whether it goes on, who said so, with its lines', async () => {
    const { tell, entries, get } = open()
    await tell(200, 'scenarios', 'scenario.started', 'product-service est tué')
    await tell(140, 'scenarios', 'scenario.ended', 'product-service est tué')
    await tell(90, 'loadtest', 'loadtest.started', 'Test de charge spike-1 : début', { 'loadtest.run': 'spike-1' })

    expect(await entries()).toEqual([
      'c3: depuis TIME Test de charge spike-1 en cours loadtest ses lignes',
      'bad: TIME – TIME (60 s) Scénario product-service est tué scenarios ses lignes',
    ])
    expect((await get('/', 'en')).text).toContain('Load test spike-1 goes on')
    const [, lines] = /href="([^"]*)" aria-label="ses lignes.: product/.exec((await get('/')).main) ?? []
    expect((await get(lines?.replaceAll('&amp;', '&') ?? '')).text).toMatch(/scenario\.ended.*scenario\.started/)
  })

  test('is one for what several programs say, and is over with the value that says so', async () => {
    const { tell, entries } = open()
    const latency = { 'feature_flag.key': 'latency', 'fault.value': 800 }
    for (const service of ['frontend', 'order-service'])
      await tell(100, service, 'fault.changed', 'latency 800 ms', latency)
    await tell(80, 'frontend', 'fault.changed', 'http-error 503', {
      'feature_flag.key': 'http-error',
      'fault.value': 503,
    })
    for (const service of ['frontend', 'order-service'])
      await tell(40, service, 'fault.changed', 'latency off', { ...latency, 'fault.value': 0 })

    expect(await entries()).toEqual([
      'warn: depuis TIME Panne provoquée http-error 503 en cours frontend ses lignes',
      'warn: TIME – TIME (60 s) Panne provoquée latency 800 ms frontend order-service ses lignes',
    ])
  })

  test('is one state for who starts while it lasts, and tells it again', async () => {
    const { tell, entries } = open()
    const latency = { 'feature_flag.key': 'latency', 'fault.value': 800 }
    await tell(100, 'frontend', 'fault.changed', 'latency 800 ms', latency)
    await tell(50, 'order-service', 'fault.changed', 'latency 800 ms', latency)

    expect(await entries()).toEqual([
      'warn: depuis TIME Panne provoquée latency 800 ms en cours frontend order-service ses lignes',
    ])
  })

  test('ends when the next of its kind begins: who was killed tells no end', async () => {
    const { tell, entries } = open()
    await tell(90, 'scenarios', 'scenario.started', 'one')
    await tell(30, 'scenarios', 'scenario.started', 'two')

    expect((await entries()).map((entry) => / (one|two) (en cours)?/.exec(entry)?.slice(1))).toEqual([
      ['two', 'en cours'],
      ['one', undefined],
    ] as never)
  })

  test('of which nothing is in the window is not shown, what reaches into it is', async () => {
    const { tell, entries } = open()
    await tell(3000, 'scenarios', 'scenario.started', 'long over')
    await tell(2000, 'scenarios', 'scenario.ended', 'long over')
    await tell(1500, 'loadtest', 'loadtest.started', '', { 'loadtest.run': 'soak-1' })

    expect(await entries()).toEqual([expect.stringContaining('soak-1')])
    expect(await entries('/?window=3600')).toHaveLength(2)
  })

  test('is marked on every time axis', async () => {
    const { tell, sendSpans, post, store, get } = open()
    for (const agoS of [300, 120, 60])
      await sendSpans('shop', { traceId: randomId(16), attributes: shop, atMs: Date.now() - agoS * 1000 })
    const point = { timeUnixNano: `${Date.now() - 60_000}000000`, asInt: 1 }
    const metrics = [{ name: 'pieces', gauge: { dataPoints: [point] } }]
    await post('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
    await tell(200, 'scenarios', 'scenario.started', '<b>down</b>')
    await tell(100, 'scenarios', 'scenario.ended', '<b>down</b>')
    store.flush(true)

    const spark =
      /<g class="mark-bad"><title>Scénario · &lt;b&gt;down&lt;\/b&gt;<\/title><rect class="mark-stretch" x="[\d.]+" width="[\d.]+"/
    expect((await get('/')).main).toMatch(spark)
    expect((await get('/routes')).main).toMatch(spark)
    for (const path of ['/routes?service=shop', '/metrics?name=pieces']) {
      const { main } = await get(path)
      expect(main).toContain('id="marks"')
      const [, chart] = /data-chart="([^"]*)"/.exec(main) ?? []
      const [mark] = JSON.parse(chart?.replaceAll('&quot;', '"') ?? '{}').marks ?? []
      expect({ path, lasted: mark && Math.round(mark.until - mark.from) }).toEqual({ path, lasted: 100 })
    }
  })

  test('of no kind that somebody has named is nobody’s business, and no more than 500 are kept', async () => {
    const { sendLogs, store, tell, entries } = open()
    await tell(10, 'shop', 'checkout.started', 'no mark')
    expect(await entries()).toEqual([])
    await sendLogs(
      'scenarios',
      ...Array.from({ length: 700 }, () => ({ eventName: 'scenario.started', body: 'again' })),
    )
    expect(store.db.query('SELECT count(*) AS n FROM annotations').get()).toEqual({ n: 500 })
    expect(await open(viewsSchema.parse({})).entries()).toEqual([])
  })
})
