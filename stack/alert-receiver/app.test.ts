import { describe, expect, test } from 'bun:test'
import { type AlertReceiverOptions, createAlertReceiver } from './app'

const firing = {
  status: 'firing',
  labels: { alertname: 'ServiceDown', severity: 'critical', service_name: 'product-service' },
  annotations: { summary: 'No sign\nof life \u001b[31m', runbook_url: 'https://example.org/service-down.md' },
  startsAt: '2026-11-25T10:00:05.5Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: '',
  fingerprint: 'c7f1',
}
const resolved = { ...firing, status: 'resolved', endsAt: '2026-11-25T10:02:00Z' }

describe('the alert receiver', () => {
  test('prints each alert once, on one line', async () => {
    const { deliver, lines } = open()
    expect(await deliver(firing)).toMatchObject({ status: 200 })
    expect(await deliver(firing)).toMatchObject({ status: 200 })
    await deliver(resolved)
    expect(lines).toEqual([
      'FIRING   critical ServiceDown of product-service – No sign of life  [31m (since 10:00:05 UTC) https://example.org/service-down.md',
      'RESOLVED critical ServiceDown of product-service – No sign of life  [31m (10:00:05–10:02:00 UTC) https://example.org/service-down.md',
    ])
  })

  test('lists the last 200 alerts, newest first', async () => {
    const { deliver, received } = open()
    await deliver(firing)
    await deliver(resolved)
    expect(await received()).toMatchObject([
      { name: 'ServiceDown', status: 'resolved', endsAt: resolved.endsAt, receivedAt: expect.stringMatching(/Z$/) },
      { name: 'ServiceDown', status: 'firing', labels: firing.labels, annotations: firing.annotations },
    ])
    for (let n = 0; n < 5; n++) {
      await deliver(...Array.from({ length: 50 }, (_, m) => ({ ...firing, fingerprint: `${n}-${m}` })))
    }
    expect(await received()).toHaveLength(200)
  })

  test('rejects other requests with 4xx, which Alertmanager does not retry', async () => {
    const { app, deliver, lines } = open()
    expect(await deliver({ ...firing, startsAt: 'yesterday' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('alerts.0.startsAt') },
    })
    const form = await app.request('/alerts', { method: 'POST', body: '{}', headers: { 'Content-Type': 'text/plain' } })
    expect(form.status).toBe(415)
    const large = { ...firing, annotations: { summary: 'x'.repeat(2_000_000) } }
    expect(await deliver(large)).toMatchObject({ status: 413 })
    expect((await app.request('/ready')).status).toBe(200)
    expect(lines).toEqual([])
  })

  test('forwards every notification to the console, repetitions included', async () => {
    const requests: string[] = []
    const fetch = async (url: string, init: RequestInit) => {
      requests.push(`${url} ${JSON.parse(String(init.body)).alerts[0].status}`)
      return Response.json({})
    }
    const { deliver } = open({ consoleUrl: 'http://localhost:4318', fetch })
    for (const alert of [firing, firing, resolved]) await deliver(alert)
    await Bun.sleep(1)
    const address = 'http://localhost:4318/api/alerts'
    expect(requests).toEqual([`${address} firing`, `${address} firing`, `${address} resolved`])
  })

  test('an unavailable console is reported in one line', async () => {
    let isDown = true
    const fetch = async () => {
      if (isDown) throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' })
      return Response.json({})
    }
    const { deliver, lines } = open({ consoleUrl: 'http://localhost:4318', fetch })
    await deliver(firing)
    expect(await deliver(firing)).toMatchObject({ status: 200 })
    await Bun.sleep(1)
    isDown = false
    await deliver(firing)
    await Bun.sleep(1)
    expect(lines.slice(1)).toEqual([
      'the console at http://localhost:4318 does not accept alerts (ECONNREFUSED); they are printed here only',
      'the console at http://localhost:4318 accepts alerts',
    ])
  })
})

function open(options: Partial<AlertReceiverOptions> = {}) {
  const lines: string[] = []
  const app = createAlertReceiver({ write: (line) => lines.push(line), ...options })
  return { app, lines, deliver, received }

  async function deliver(...alerts: object[]) {
    const body = JSON.stringify({ version: '4', groupKey: 'g', receiver: 'development', status: 'firing', alerts })
    const headers = { 'Content-Type': 'application/json' }
    const response = await app.request('/alerts', { method: 'POST', body, headers })
    const text = await response.text()
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }

  async function received() {
    return ((await (await app.request('/alerts')).json()) as { alerts: object[] }).alerts
  }
}
