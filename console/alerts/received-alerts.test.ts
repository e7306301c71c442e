import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId } from '../testing'
import { createReceivedAlerts } from './received-alerts'

const startedMs = Date.now() - 20_000
const firing = {
  status: 'firing',
  labels: { alertname: 'CheckoutFailures', severity: 'critical', service_name: 'order-service' },
  annotations: { summary: 'Des paiements <échouent>', runbook_url: 'https://example.org/runbooks/checkout.md' },
  startsAt: new Date(startedMs).toISOString(),
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'c7f1',
}
const resolved = { ...firing, status: 'resolved', endsAt: new Date(startedMs + 10_000).toISOString() }

describe('an alert from Alertmanager', () => {
  test('is shown with source, runbook and traces on overview and alerts page until it is resolved', async () => {
    const { get, sendAlerts, store } = openTestConsole()
    expect((await sendAlerts([firing])).status).toBe(200)
    for (const path of ['/', '/alerts']) {
      const { text, main } = await get(path)
      expect(text).toMatch(
        /critique CheckoutFailures Des paiements <échouent> Alertmanager · que faire order-service – [\d:,]+ les traces/,
      )
      expect(main).toContain('<a href="https://example.org/runbooks/checkout.md" rel="noreferrer">que faire</a>')
      const fromUs = (startedMs - 60_000) * 1000
      expect(main).toContain(`/traces?service=order-service&amp;status=error&amp;from=${fromUs}"`)
    }
    expect((await get('/', 'en')).text).toContain('1 alert firing')
    expect((await get('/alerts', 'en')).text).toContain('Alertmanager · what to do')
    expect(store.receivedCounts().alerts).toBe(1)

    await sendAlerts([resolved])
    expect((await get('/')).text).not.toContain('CheckoutFailures')
    expect((await get('/alerts')).text).toMatch(/Terminées .*CheckoutFailures/)
  })

  test('is in the JSON API', async () => {
    const { get, sendAlerts } = openTestConsole()
    await sendAlerts([firing, { ...resolved, labels: { alertname: 'Watchdog' }, annotations: {}, fingerprint: 'a' }])
    expect(JSON.parse((await get('/api/alerts')).html).alerts).toEqual([
      {
        ...{ name: 'CheckoutFailures', severity: 'critical', service: 'order-service', value: null, state: 'firing' },
        ...{ summary: 'Des paiements <échouent>', sources: ['alertmanager'], since_us: startedMs * 1000 },
        ...{ until_us: null, runbook_url: 'https://example.org/runbooks/checkout.md' },
      },
      expect.objectContaining({
        name: 'Watchdog',
        severity: 'warning',
        service: null,
        state: 'over',
        runbook_url: null,
      }),
    ])
  })

  test('is merged with the alert of the console’s own rule, and has the earlier start of both', async () => {
    const { get, sendAlerts, sendSpans, store } = openTestConsole()
    const attributes = { 'http.request.method': 'GET', 'http.route': '/' }
    const failing = Array.from({ length: 30 }, () => ({ traceId: randomId(16), attributes, isError: true }))
    await sendSpans('shop', ...failing)
    store.flush(true)
    const labels = { alertname: 'HighErrorRate', severity: 'critical' }
    await sendAlerts([
      { ...firing, labels: { ...labels, service_name: 'shop' }, fingerprint: 'a' },
      { ...firing, labels: { ...labels, service_name: 'other' }, fingerprint: 'b' },
    ])
    const { text } = await get('/')
    expect(text).toContain('2 alertes en cours')
    expect(text).toMatch(/Plus de 5 % des requêtes échouent Alertmanager · que faire shop 100 %/)
    const { alerts } = JSON.parse((await get('/api/alerts')).html)
    expect(alerts).toMatchObject([
      { service: 'shop', sources: ['console', 'alertmanager'], value: 1, since_us: startedMs * 1000 },
      { service: 'other', sources: ['alertmanager'], value: null },
    ])
    // The console's rule of that name is shown as firing.
    expect((await get('/alerts')).text).toMatch(/HighErrorRate Plus de 5 % .* en cours/)
  })

  test('without a URL links to the runbook that the console serves', async () => {
    const { get, sendAlerts } = openTestConsole(undefined, new Map([['CheckoutFailures', '# CheckoutFailures']]))
    await sendAlerts([{ ...firing, annotations: {} }])
    expect((await get('/alerts')).main).toContain('<a href="/runbooks/CheckoutFailures" rel="noreferrer">que faire</a>')
    await sendAlerts([firing])
    expect((await get('/alerts')).main).toContain('<a href="https://example.org/runbooks/checkout.md"')
  })

  test('counts once, regardless of repetition and order of its notifications', async () => {
    const { get, sendAlerts, store } = openTestConsole()
    for (const alert of [firing, firing, resolved, firing, resolved]) await sendAlerts([alert])
    expect((await get('/')).text).not.toContain('CheckoutFailures')
    const { alerts } = JSON.parse((await get('/api/alerts')).html)
    expect(alerts).toMatchObject([{ name: 'CheckoutFailures', state: 'over' }])
    expect(store.receivedCounts().alerts).toBe(2)
    // A new start time means that the alert fires again.
    await sendAlerts([{ ...firing, startsAt: new Date().toISOString() }])
    await sendAlerts([resolved])
    expect((await get('/')).text).toContain('CheckoutFailures')
  })

  test('is shown without a link for an unsafe URL, and with its summary escaped', async () => {
    const { get, sendAlerts } = openTestConsole()
    const annotations = { runbook_url: 'javascript:alert(1)', summary: '<b>x</b>' }
    await sendAlerts([{ ...firing, labels: {}, annotations }])
    const { main, text } = await get('/alerts')
    expect(main).not.toContain('javascript:')
    expect(main).not.toContain('<b>')
    expect(text).toContain('attention – <b>x</b> Alertmanager – –')
  })
})

describe('a rejected notification', () => {
  test('gets the path of the problem, and none of its alerts is stored', async () => {
    const { get, sendAlerts } = openTestConsole()
    const response = await sendAlerts([firing, { ...firing, status: 'burning' }])
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('alerts.1.status')])
    expect((await sendAlerts('no JSON')).status).toBe(400)
    expect((await sendAlerts([{ ...firing, annotations: { summary: 'x'.repeat(2_000_000) } }])).status).toBe(413)
    expect(JSON.parse((await get('/api/alerts')).html)).toEqual({ alerts: [] })
  })

  test('gets 403 from another host or origin', async () => {
    const { sendAlerts } = openTestConsole()
    expect((await sendAlerts([firing], { Host: 'console.example.org' })).status).toBe(403)
    expect((await sendAlerts([firing], { Origin: 'https://example.org' })).status).toBe(403)
  })
})

describe('received alerts', () => {
  test('are limited in number and text length', () => {
    const received = createReceivedAlerts()
    const many = Array.from({ length: 800 }, (_, n) => ({ ...firing, fingerprint: `${n}`, generatorURL: '' }))
    const summary = 'x'.repeat(10_000)
    const alerts = many.map((alert) => ({ ...alert, status: 'firing' as const, annotations: { summary } }))
    received.record({ version: '4', receiver: '', externalURL: '', alerts })
    expect(received.firing()).toHaveLength(500)
    expect(received.firing()[0]?.summary.length).toBe(500)
    const resolvedAlerts = alerts.map((alert) => ({ ...alert, status: 'resolved' as const, endsAt: resolved.endsAt }))
    received.record({ version: '4', receiver: '', externalURL: '', alerts: resolvedAlerts })
    expect([received.firing().length, received.past().length]).toEqual([0, 50])
  })

  test('expire 15 minutes after their last notification, and fire again with the next one', () => {
    const received = createReceivedAlerts()
    const alerts = [{ ...firing, status: 'firing' as const, generatorURL: '' }]
    const notification = { version: '4' as const, receiver: '', externalURL: '', alerts }
    const nowMs = Date.now()
    received.record(notification, nowMs)
    received.record(notification, nowMs + 10 * 60_000)
    received.expire(nowMs + 24 * 60_000)
    expect(received.firing()).toHaveLength(1)
    received.expire(nowMs + 26 * 60_000)
    expect(received.firing()).toEqual([])
    expect(received.past()).toMatchObject([{ isExpired: true, untilUs: (nowMs + 10 * 60_000) * 1000 }])
    received.record(notification, nowMs + 30 * 60_000)
    expect([received.firing().length, received.past().length]).toEqual([1, 0])
  })
})
