import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId } from '../testing'
import { viewsSchema } from '../views'

const views = viewsSchema.parse(await Bun.file('observability/console.json').json())
const shop = { 'http.request.method': 'GET', 'http.route': '/' }

/** A console to which services send events with a time in the past. */
function open(testViews = views) {
  const opened = openTestConsole(testViews)
  // One base time for all events, so that durations are exact on a slow machine too.
  const openedMs = Date.now()
  const sendEvent = (agoS: number, service: string, eventName: string, body: string, attributes = {}) =>
    opened.sendLogs(service, { atMs: openedMs - agoS * 1000, eventName, body, attributes })
  const entries = async (path = '/') => {
    const { main } = await opened.get(path)
    return [...main.matchAll(/<li class="annotation-(\w+)".*?<\/li>/gs)].map(([entry, color]) => {
      const text = entry.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
      return `${color}: ${text.replace(/\d\d:\d\d:\d\d/g, 'TIME').trim()}`
    })
  }
  return { ...opened, sendEvent, entries }
}

describe('annotations', () => {
  test('are listed newest first, with duration, services and a link to their log records', async () => {
    const { sendEvent, entries, get } = open()
    await sendEvent(200, 'scenarios', 'scenario.started', 'product-service est tué')
    await sendEvent(140, 'scenarios', 'scenario.ended', 'product-service est tué')
    await sendEvent(90, 'loadtest', 'loadtest.started', 'Test de charge spike-1 : début', { 'loadtest.run': 'spike-1' })

    expect(await entries()).toEqual([
      'c3: depuis TIME Test de charge spike-1 en cours loadtest ses lignes',
      'bad: TIME – TIME (60 s) Scénario product-service est tué scenarios ses lignes',
    ])
    expect((await get('/', 'en')).text).toContain('Load test spike-1 ongoing')
    const [, logsHref] = /href="([^"]*)" aria-label="ses lignes.: product/.exec((await get('/')).main) ?? []
    expect((await get(logsHref?.replaceAll('&amp;', '&') ?? '')).text).toMatch(/scenario\.ended.*scenario\.started/)
  })

  test('merge the same event of several services, and end with the value that means off', async () => {
    const { sendEvent, entries } = open()
    const latency = { 'feature_flag.key': 'latency', 'fault.value': 800 }
    for (const service of ['frontend', 'order-service'])
      await sendEvent(100, service, 'fault.changed', 'latency 800 ms', latency)
    await sendEvent(80, 'frontend', 'fault.changed', 'http-error 503', {
      'feature_flag.key': 'http-error',
      'fault.value': 503,
    })
    for (const service of ['frontend', 'order-service'])
      await sendEvent(40, service, 'fault.changed', 'latency off', { ...latency, 'fault.value': 0 })

    expect(await entries()).toEqual([
      'warn: depuis TIME Panne provoquée http-error 503 en cours frontend ses lignes',
      'warn: TIME – TIME (60 s) Panne provoquée latency 800 ms frontend order-service ses lignes',
    ])
  })

  test('merge a state that another service reports again when it starts', async () => {
    const { sendEvent, entries } = open()
    const latency = { 'feature_flag.key': 'latency', 'fault.value': 800 }
    await sendEvent(100, 'frontend', 'fault.changed', 'latency 800 ms', latency)
    await sendEvent(50, 'order-service', 'fault.changed', 'latency 800 ms', latency)

    expect(await entries()).toEqual([
      'warn: depuis TIME Panne provoquée latency 800 ms en cours frontend order-service ses lignes',
    ])
  })

  test('end when the next of their kind begins, because a killed process sends no end', async () => {
    const { sendEvent, entries } = open()
    await sendEvent(90, 'scenarios', 'scenario.started', 'one')
    await sendEvent(30, 'scenarios', 'scenario.started', 'two')

    expect((await entries()).map((entry) => / (one|two) (en cours)?/.exec(entry)?.slice(1))).toEqual([
      ['two', 'en cours'],
      ['one', undefined],
    ] as never)
  })

  test('are shown only if they overlap the window', async () => {
    const { sendEvent, entries } = open()
    await sendEvent(3000, 'scenarios', 'scenario.started', 'long over')
    await sendEvent(2000, 'scenarios', 'scenario.ended', 'long over')
    await sendEvent(1500, 'loadtest', 'loadtest.started', '', { 'loadtest.run': 'soak-1' })

    expect(await entries()).toEqual([expect.stringContaining('soak-1')])
    expect(await entries('/?window=3600')).toHaveLength(2)
  })

  test('are drawn on every time axis', async () => {
    const { sendEvent, sendSpans, post, store, get } = open()
    for (const agoS of [300, 120, 60])
      await sendSpans('shop', { traceId: randomId(16), attributes: shop, atMs: Date.now() - agoS * 1000 })
    const point = { timeUnixNano: `${Date.now() - 60_000}000000`, asInt: 1 }
    const metrics = [{ name: 'pieces', gauge: { dataPoints: [point] } }]
    await post('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
    await sendEvent(200, 'scenarios', 'scenario.started', '<b>down</b>')
    await sendEvent(100, 'scenarios', 'scenario.ended', '<b>down</b>')
    store.flush(true)

    const sparkline =
      /<g class="annotation-bad"><title>Scénario · &lt;b&gt;down&lt;\/b&gt;<\/title><rect class="annotation-period" x="[\d.]+" width="[\d.]+"/
    expect((await get('/')).main).toMatch(sparkline)
    expect((await get('/http-requests')).main).toMatch(sparkline)
    for (const path of ['/http-requests?service=shop', '/metrics?name=pieces']) {
      const { main } = await get(path)
      expect(main).toContain('id="annotations"')
      const [, chart] = /data-chart="([^"]*)"/.exec(main) ?? []
      const [annotation] = JSON.parse(chart?.replaceAll('&quot;', '"') ?? '{}').annotations ?? []
      expect({ path, durationS: annotation && Math.round(annotation.until - annotation.from) }).toEqual({
        path,
        durationS: 100,
      })
    }
  })

  test('of a load test that has just begun are drawn at the end of the axis, which has complete steps only', async () => {
    const { sendEvent, sendSpans, store, get } = open()
    await sendSpans('shop', { traceId: randomId(16), attributes: shop, atMs: Date.now() - 120_000 })
    await sendEvent(200, 'loadtest', 'loadtest.started', '', { 'loadtest.run': 'spike-1' })
    await sendEvent(100, 'loadtest', 'loadtest.ended', '', { 'loadtest.run': 'spike-1' })
    await sendEvent(2, 'loadtest', 'loadtest.started', '', { 'loadtest.run': 'average-2' })
    store.flush(true)

    for (const path of ['/', '/http-requests']) {
      const { main } = await get(path)
      const titles = [...main.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title)
      expect({ path, titles }).toEqual({ path, titles: ['Test de charge · spike-1', 'Test de charge · average-2'] })
    }
  })

  test('need a declared kind, and at most 500 events are stored', async () => {
    const { sendLogs, store, sendEvent, entries } = open()
    await sendEvent(10, 'shop', 'checkout.started', 'no annotation')
    expect(await entries()).toEqual([])
    await sendLogs(
      'scenarios',
      ...Array.from({ length: 700 }, () => ({ eventName: 'scenario.started', body: 'again' })),
    )
    expect(store.db.query('SELECT count(*) AS n FROM annotations').get()).toEqual({ n: 500 })
    expect(await open(viewsSchema.parse({})).entries()).toEqual([])
  })
})
