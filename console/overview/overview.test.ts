import { describe, expect, test } from 'bun:test'
import { createConsole } from '../app'
import { openTestConsole, randomId, visibleText } from '../testing'
import { viewsSchema } from '../views'

const route = { 'http.request.method': 'GET', 'http.route': '/' }

describe('the overview', () => {
  test('shows how to send telemetry while there is none, and why the last export was refused', async () => {
    const { get, post } = openTestConsole()
    expect((await get('/')).text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
    await post('traces', { resourceSpans: 'none' })
    const { text } = await get('/', 'en')
    expect(text).toContain('The last export that was refused')
    expect(text).toContain('resourceSpans must be a list')
  })

  test('has a card for each service: rate, errors, quantiles, last error', async () => {
    const { get, sendSpans, store } = openTestConsole()
    const spans = Array.from({ length: 20 }, (_, n) => ({
      traceId: randomId(16),
      attributes: route,
      durationMs: n + 1,
      isError: n === 0,
    }))
    await sendSpans('shop', ...spans)
    store.flush(true)
    const { text } = await get('/')
    expect(text).toMatch(/shop .*requêtes d’après les spans/)
    expect(text).toMatch(/erreurs 5 % p50 [\d,]+ ms p95 [\d,]+ ms p99 [\d,]+ ms/)
    expect(text).toMatch(/Dernière erreur il y a \d+ s : error/)
    expect(text).toContain('Aucune alerte en cours')
  })

  test('shows the panels of its views, and dashes without data', async () => {
    const { store } = openTestConsole()
    const title = { fr: 'Commandes', en: 'Orders' }
    const views = viewsSchema.parse({
      panels: [
        { kind: 'per_minute', title, metric: 'orders' },
        { kind: 'share', title, metric: 'orders', of: 'carts' },
        { kind: 'mean', title, metric: 'basket', unit: '€' },
      ],
    })
    const app = createConsole({ store, views })
    const headers = { Host: 'localhost', 'Content-Type': 'application/json', 'Accept-Language': 'fr' }
    const read = async () => visibleText(await (await app.request('http://localhost/', { headers })).text())
    expect(await read()).toMatch(/Commandes – Commandes – Commandes –/)
    const nowMs = Date.now()
    const point = (at: number, values: object) => ({
      startTimeUnixNano: `${nowMs - 120_000}000000`,
      timeUnixNano: `${nowMs - 60_000 + at * 60_000}000000`,
      ...values,
    })
    const counter = (name: string, one: number, two: number) => ({
      name,
      sum: {
        isMonotonic: true,
        aggregationTemporality: 2,
        dataPoints: [point(0, { asInt: one }), point(1, { asInt: two })],
      },
    })
    const basket = {
      name: 'basket',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [point(0, { count: 0, sum: 0 }), point(1, { count: 4, sum: 100 })],
      },
    }
    const body = JSON.stringify({
      resourceMetrics: [{ scopeMetrics: [{ metrics: [counter('orders', 0, 6), counter('carts', 0, 12), basket] }] }],
    })
    expect((await app.request('http://localhost/v1/metrics', { method: 'POST', headers, body })).status).toBe(200)
    expect(await read()).toMatch(/Commandes [36] par minute Commandes 50 % Commandes 25 €/)
  })
})

test('the language of a page follows Accept-Language, and is English otherwise', async () => {
  const { get } = openTestConsole()
  const languageFor = async (acceptLanguage: string) =>
    /<html lang="(..)"/.exec((await get('/', acceptLanguage)).html)?.[1]
  expect(await languageFor('fr-CA,fr;q=0.9,en;q=0.8')).toBe('fr')
  expect(await languageFor('en-US,fr;q=0.5')).toBe('en')
  expect(await languageFor('de-DE,de;q=0.9')).toBe('en')
  expect(await languageFor('de-DE,fr;q=0.5')).toBe('fr')
  expect(await languageFor('')).toBe('en')
})

describe('alerts', () => {
  test('fire for a service that violates a rule, and end when it recovers', async () => {
    const { store, sendSpans } = openTestConsole()
    const { createRuleEvaluator } = await import('../alerts/evaluate-rules')
    const alerts = createRuleEvaluator(store.db, viewsSchema.parse({}).rules)
    const failing = Array.from({ length: 30 }, (_, n) => ({ traceId: randomId(16), attributes: route, isError: n < 3 }))
    await sendSpans('shop', ...failing)
    await sendSpans('healthy', ...failing.map((span) => ({ ...span, traceId: randomId(16), isError: false })))
    await sendSpans('rare', { traceId: randomId(16), attributes: route, isError: true })
    store.flush(true)

    expect(alerts.firing().map(({ rule, service, value }) => [rule.name, service, value])).toEqual([
      ['HighErrorRate', 'shop', 0.1],
    ])
    alerts.evaluate(Date.now() + 5 * 60_000)
    expect(alerts.past().map(({ rule, service }) => [rule.name, service])).toEqual([['HighErrorRate', 'shop']])
    expect(alerts.past()[0]?.untilUs).toBeGreaterThan(Date.now() * 1000)
  })

  test('fire for slow services and for silent ones', async () => {
    const { store, sendSpans, get } = openTestConsole()
    const { createRuleEvaluator } = await import('../alerts/evaluate-rules')
    const alerts = createRuleEvaluator(store.db, viewsSchema.parse({}).rules)
    await sendSpans(
      'slow',
      ...Array.from({ length: 20 }, () => ({ traceId: randomId(16), attributes: route, durationMs: 700 })),
    )
    await sendSpans('stopped', { traceId: randomId(16), attributes: route, atMs: Date.now() - 50_000 })
    store.flush(true)

    expect(
      alerts
        .firing()
        .map(({ rule, service }) => [rule.name, service])
        .sort(),
    ).toEqual([
      ['HighLatency', 'slow'],
      ['ServiceDown', 'stopped'],
    ])
    const { text, main } = await get('/alerts')
    expect(text).toMatch(/attention HighLatency .*slow [67]\d\d ms/)
    expect(main).toContain('/traces?service=slow&amp;min=500')
    expect((await get('/')).text).toContain('2 alertes en cours')
  })

  test('link to their runbook when the console serves one', async () => {
    const runbooks = new Map([['HighLatency', '# HighLatency']])
    const { store, sendSpans, get } = openTestConsole(undefined, runbooks)
    const slow = Array.from({ length: 20 }, () => ({ traceId: randomId(16), attributes: route, durationMs: 700 }))
    await sendSpans('slow', ...slow)
    await sendSpans('stopped', { traceId: randomId(16), attributes: route, atMs: Date.now() - 50_000 })
    store.flush(true)

    for (const path of ['/', '/alerts']) {
      const { main } = await get(path)
      expect(main.match(/href="\/runbooks\/\w+"/g)).toEqual(['href="/runbooks/HighLatency"'])
      expect(main).toContain('ServiceDown')
    }
    const { alerts } = JSON.parse((await get('/api/alerts')).html)
    expect(alerts).toMatchObject([
      { name: 'ServiceDown', runbook_url: null },
      { name: 'HighLatency', runbook_url: 'http://localhost:4318/runbooks/HighLatency' },
    ])
    expect((await get('/runbooks/HighLatency')).status).toBe(200)
  })

  test('continue to fire as long as a service is silent', async () => {
    const { store, sendSpans } = openTestConsole()
    const { createRuleEvaluator } = await import('../alerts/evaluate-rules')
    const alerts = createRuleEvaluator(store.db, viewsSchema.parse({}).rules)
    await sendSpans('stopped', { traceId: randomId(16), attributes: route })
    store.flush(true)
    const firingAt = (minutes: number) => {
      alerts.evaluate(Date.now() + minutes * 60_000)
      return alerts.firing().map(({ rule, service }) => [rule.name, service])
    }

    expect(firingAt(2)).toEqual([['ServiceDown', 'stopped']])
    expect(firingAt(90)).toEqual([['ServiceDown', 'stopped']])
    expect(firingAt(200)).toEqual([['ServiceDown', 'stopped']])
  })

  test('fire only for the services that a rule names, if it names any', async () => {
    const { store, sendLogs, sendSpans } = openTestConsole()
    const { createRuleEvaluator } = await import('../alerts/evaluate-rules')
    const views = viewsSchema.parse(await Bun.file('observability/console.json').json())
    const alerts = createRuleEvaluator(store.db, views.rules)
    await sendSpans('frontend', { traceId: randomId(16), attributes: route })
    await sendLogs('loadtest', { eventName: 'loadtest.ended' })
    store.flush(true)

    alerts.evaluate(Date.now() + 120_000)
    expect(alerts.firing().map(({ rule, service }) => [rule.name, service])).toEqual([['ServiceDown', 'frontend']])
  })

  test('a service without a rule about silence is shown as ended, one with such a rule as silent', async () => {
    const views = viewsSchema.parse(await Bun.file('observability/console.json').json())
    const { get, sendLogs } = openTestConsole(views)
    for (const service of ['frontend', 'loadtest']) await sendLogs(service, { atMs: Date.now() - 45_000, body: 'bye' })
    const cards = async () => (await get('/')).main.split('<article').slice(1)
    const [frontend, loadtest] = await cards()

    expect(frontend).toMatch(/<p class="badge bad">silencieux, dernier signe de vie il y a 4[5-9]/)
    expect(loadtest).toMatch(/<p class="soft">terminé, dernier signe de vie il y a 4[5-9]/)
    expect(loadtest).not.toMatch(/silencieux|class="(badge )?bad"/)
    const { main } = await get('/map')
    expect(main).toMatch(/<span class="badge warn">silencieux, vu il y a/)
    expect(main).toMatch(/<td>terminé, vu il y a/)
  })
})
