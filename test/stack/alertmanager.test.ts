import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createAlertReceiver } from '../../stack/alert-receiver/app'
import { isMissing } from '../requirements'
import { startSmtpServer } from '../smtp'
import { waitUntil } from '../wait-until'
import { amtoolPath, startAlertmanager, writeAlertmanagerConfig } from './alertmanager'

const secrets = { password: 'password-of-the-mail', slack: 'secret-of-slack', token: 'token-of-the-pager' }
const everything = {
  ALERT_SMTP_SMARTHOST: 'smtp.example.org:587',
  ALERT_SMTP_FROM: 'vitrine@example.org',
  ALERT_EMAIL_TO: 'a@example.org, b@example.org',
  ALERT_SMTP_USERNAME: 'vitrine',
  ALERT_SMTP_PASSWORD: secrets.password,
  ALERT_SLACK_WEBHOOK_URL: `http://127.0.0.1:9/${secrets.slack}`,
  ALERT_SLACK_CHANNEL: '#alertes',
  ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/hook',
  ALERT_WEBHOOK_TOKEN: secrets.token,
  ALERT_RECEIVER_URL: 'http://127.0.0.1:9/alerts',
}
const { ALERT_RECEIVER_URL: _, ...production } = everything

describe.skipIf(isMissing('stack'))('amtool', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(`${tmpdir()}/vitrine-amtool-`)
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  test.each([
    ['nothing', {}],
    ['everything', everything],
    ['Slack without a channel', { ALERT_SLACK_WEBHOOK_URL: 'https://hooks.slack.example/x' }],
    ['the development receiver', { ALERT_RECEIVER_URL: everything.ALERT_RECEIVER_URL }],
  ])('accepts what is made of %s', async (_, env) => {
    const { stdout, stderr, exitCode } = Bun.spawnSync([
      amtoolPath,
      'check-config',
      await writeAlertmanagerConfig(dir, env),
    ])
    expect({ exitCode, output: `${stdout}${stderr}` }).toMatchObject({ exitCode: 0 })
  })

  test.each([
    [everything, 'severity=critical alertname=ServiceDown', 'development,critical'],
    [everything, 'severity=warning alertname=HighLatency', 'development,warning'],
    [everything, 'severity=info alertname=OutOfStockSoon', 'development,info'],
    [everything, 'severity=info alertname=ValidateTest', 'everybody'],
    [production, 'severity=critical', 'critical'],
    [production, 'severity=page', 'warning'],
    [production, 'alertname=Watchdog', 'warning'],
    [{}, 'severity=critical', 'critical'],
  ])('leads to receivers: %#', async (env, labels, receivers) => {
    const file = `--config.file=${await writeAlertmanagerConfig(dir, env)}`
    const { stdout } = Bun.spawnSync([amtoolPath, 'config', 'routes', 'test', file, ...labels.split(' ')])
    expect(stdout.toString().trim()).toBe(receivers)
  })
})

describe.skipIf(isMissing('stack'))('the real Alertmanager', () => {
  const lines: string[] = []
  const received: { path: string; token: string | null; body: string }[] = []
  const receiver = createAlertReceiver({ write: (line) => lines.push(line) })
  let smtp: ReturnType<typeof startSmtpServer>
  let others: ReturnType<typeof Bun.serve>
  let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>

  beforeAll(async () => {
    smtp = startSmtpServer()
    others = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      async fetch(request) {
        const { pathname } = new URL(request.url)
        if (pathname === '/alerts') return receiver.fetch(request)
        received.push({ path: pathname, token: request.headers.get('authorization'), body: await request.text() })
        return new Response('ok')
      },
    })
    alertmanager = await startAlertmanager({
      ALERT_SMTP_SMARTHOST: smtp.address,
      ALERT_SMTP_FROM: 'vitrine@example.org',
      ALERT_EMAIL_TO: 'a@example.org',
      ALERT_SMTP_REQUIRE_TLS: 'false',
      ALERT_SLACK_WEBHOOK_URL: `${others.url}${secrets.slack}`,
      ALERT_WEBHOOK_URL: `${others.url}pager`,
      ALERT_WEBHOOK_TOKEN: secrets.token,
      ALERT_RECEIVER_URL: `${others.url}alerts`,
      GRAFANA_URL: 'http://grafana.test/',
    })
  }, 180_000)
  afterAll(async () => {
    await alertmanager?.stop()
    await others?.stop(true)
    smtp.stop()
  })

  test('notifies all receivers of critical alerts and of their resolution, with links to runbook and dashboard', async () => {
    const alert = {
      labels: labels('DatabaseSlow', 'critical', 'user-service'),
      annotations: {
        summary: 'The database is down',
        description: '2 < 3',
        runbook_url: 'https://example.org/runbooks/database-slow.md',
      },
    }
    await alertmanager.postAlerts(alert)
    await waitUntil(() => smtp.messages.length === 1 && received.length === 2 && lines.length === 1)

    const slack = JSON.parse(received.find(({ path }) => path.includes(secrets.slack))?.body ?? '{}').attachments[0]
    expect(slack).toMatchObject({ title: '[Critical] DatabaseSlow – user-service', color: 'danger' })
    expect(slack.text).toMatch(/^\*The database is down\*\n2 < 3\nSince \d{4}-\d\d-\d\d [\d:]{8} UTC\n/)
    expect(slack.text).toContain('<https://example.org/runbooks/database-slow.md|Runbook>')
    expect(slack.text).toContain('<http://grafana.test/d/vitrine-database?var-service=user-service|Dashboard>')
    const pager = received.find(({ path }) => path === '/pager')
    expect(pager?.token).toBe(`Bearer ${secrets.token}`)
    expect(JSON.parse(pager?.body ?? '{}')).toMatchObject({ version: '4', receiver: 'critical', status: 'firing' })
    expect(lines[0]).toStartWith('FIRING   critical DatabaseSlow of user-service – The database is down (since ')
    const mail = smtp.messages[0] ?? ''
    expect(mail).toContain('To: a@example.org')
    expect(mail).toMatch(/Subject: =\?utf-8\?q\?\[Critical\]_DatabaseSlow_/i)
    expect(unquoted(mail)).toContain('<a href="https://example.org/runbooks/database-slow.md">Runbook</a>')
    expect(unquoted(mail)).toContain('<p>2 &lt; 3</p>')
    expect(unquoted(mail)).toContain('<a href="http://grafana.test/d/vitrine-database?var-service=user-service">')

    await alertmanager.postAlerts({ ...alert, isResolved: true })
    await waitUntil(() => smtp.messages.length === 2 && received.length === 4 && lines.length === 2)
    expect(lines[1]).toStartWith('RESOLVED critical DatabaseSlow of user-service')
    expect(
      received
        .slice(2)
        .map(({ body }) => body)
        .join(),
    ).toContain('[Resolved] DatabaseSlow – user-service')
  }, 180_000)

  test('ServiceDown suppresses the alerts that it causes for the service and its callers', async () => {
    await alertmanager.postAlerts(
      { labels: labels('ServiceDown', 'critical', 'product-service') },
      { labels: labels('HighErrorRate', 'critical', 'product-service') },
      { labels: labels('HighErrorRate', 'critical', 'frontend') },
      { labels: labels('SLOErrorBudgetFastBurn', 'critical', 'frontend') },
      { labels: { alertname: 'CheckoutFailures', severity: 'critical' } },
      { labels: labels('DatabaseSlow', 'warning', 'order-service') },
      { labels: labels('HighErrorRate', 'critical', 'user-service') },
      { labels: labels('ServiceDown', 'critical', 'frontend') },
    )
    // CheckoutFailures is never suppressed: a ServiceDown may last for a day, and be silenced.
    const notified = [
      ...['ServiceDown of product-service', 'DatabaseSlow of order-service', 'HighErrorRate of user-service'],
      'CheckoutFailures',
    ]
    const suppressed = ['HighErrorRate of product-service', 'HighErrorRate of frontend']
    await waitUntil(() => [...notified, 'ServiceDown of frontend'].every(isNotified))
    for (const one of notified) expect([one, await stateOf(one)]).toEqual([one, 'active'])
    for (const one of suppressed) expect([one, await stateOf(one), isNotified(one)]).toEqual([one, 'suppressed', false])
    expect(await stateOf('SLOErrorBudgetFastBurn of frontend')).toBe('suppressed')

    // An alert that outlasts its cause is notified.
    await alertmanager.postAlerts({ labels: labels('ServiceDown', 'critical', 'product-service'), isResolved: true })
    await waitUntil(() => isNotified('HighErrorRate of product-service'))
    expect(isNotified('HighErrorRate of frontend')).toBe(false)
  }, 180_000)

  test('CollectorDown suppresses ServiceDown, which it causes', async () => {
    await alertmanager.postAlerts(
      { labels: { alertname: 'CollectorDown', severity: 'critical' } },
      { labels: labels('ServiceDown', 'critical', 'order-service') },
      { labels: labels('HighErrorRate', 'critical', 'some-service') },
    )
    await waitUntil(() => isNotified('CollectorDown') && isNotified('HighErrorRate of some-service'))
    expect(await stateOf('ServiceDown of order-service')).toBe('suppressed')
    expect(isNotified('ServiceDown of order-service')).toBe(false)
  }, 180_000)

  test('MetricsNotArriving suppresses what missing metrics cause, and not other exporters', async () => {
    await alertmanager.postAlerts({ labels: { alertname: 'CollectorDown', severity: 'critical' }, isResolved: true })
    const failing = (exporter: string) => ({
      labels: { alertname: 'CollectorExportFailing', severity: 'warning', exporter },
    })
    await alertmanager.postAlerts(
      { labels: { alertname: 'MetricsNotArriving', severity: 'critical', exporter: 'otlp_http/prometheus' } },
      { labels: labels('ServiceDown', 'critical', 'user-service') },
      { labels: { alertname: 'LowConversion', severity: 'warning' } },
      { labels: labels('RequestRateAnomaly', 'info', 'user-service') },
      failing('otlp_http/prometheus'),
    )
    await waitUntil(() => isNotified('MetricsNotArriving'))
    const suppressed = [
      ...['ServiceDown of user-service', 'LowConversion', 'RequestRateAnomaly of user-service'],
      'CollectorExportFailing',
    ]
    for (const one of suppressed) expect([one, await stateOf(one), isNotified(one)]).toEqual([one, 'suppressed', false])
    await alertmanager.postAlerts(failing('otlp_http/loki'))
    await waitUntil(() => isNotified('CollectorExportFailing'))
  }, 180_000)

  test('a fast budget burn suppresses the slow one of the same service', async () => {
    const burn = (speed: string, severity: string, service: string) => ({
      labels: { ...labels(`SLOErrorBudget${speed}Burn`, severity, service), slo: 'errors' },
    })
    await alertmanager.postAlerts(
      ...[burn('Fast', 'critical', 'this-service'), burn('Slow', 'warning', 'this-service')],
      burn('Slow', 'warning', 'that-service'),
    )
    const notified = ['SLOErrorBudgetFastBurn of this-service', 'SLOErrorBudgetSlowBurn of that-service']
    await waitUntil(() => notified.every(isNotified))
    expect(await stateOf('SLOErrorBudgetSlowBurn of this-service')).toBe('suppressed')
    expect(isNotified('SLOErrorBudgetSlowBurn of this-service')).toBe(false)
  }, 180_000)

  test('its status shows no secret', async () => {
    const status = await (await fetch(`${alertmanager.url}/api/v2/status`)).text()
    expect(status).toContain('<secret>')
    for (const secret of Object.values(secrets)) expect(status).not.toContain(secret)
  })

  function isNotified(what: string): boolean {
    return lines.some((line) => line.startsWith('FIRING') && line.includes(what))
  }

  function stateOf(what: string) {
    const [name = '', service = ''] = what.split(' of ')
    return alertmanager.fetchAlertState(name, service)
  }
})

const labels = (alertname: string, severity: string, service: string) => ({
  ...{ alertname, severity, service_name: service },
})

const unquoted = (mail: string) => mail.replace(/=\r\n/g, '').replace(/=3D/g, '=')
