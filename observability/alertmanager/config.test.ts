import { describe, expect, test } from 'bun:test'
import { alerts } from '../alerts'
import { alertmanagerConfig } from './config'
import { inhibitRules } from './inhibit-rules'

const mail = {
  ALERT_SMTP_SMARTHOST: 'smtp.example.org:587',
  ALERT_SMTP_FROM: 'vitrine@example.org',
  ALERT_EMAIL_TO: 'oncall@example.org',
}
const slack = { ALERT_SLACK_WEBHOOK_URL: 'https://hooks.slack.example/x', ALERT_SLACK_CHANNEL: '#alerts' }
const webhook = { ALERT_WEBHOOK_URL: 'https://pager.example/hook', ALERT_WEBHOOK_TOKEN: 'token-of-the-pager' }
const development = { ALERT_RECEIVER_URL: 'http://alert-receiver:9095/alerts' }

describe('notifications', () => {
  test('have no receivers without settings, or with empty ones', () => {
    for (const env of [{}, { ...blank(mail), ...blank(slack), ...blank(webhook), ...blank(development) }]) {
      expect(integrationsOf(env)).toEqual({ critical: [], warning: [], info: [], everybody: [] })
    }
  })

  test('depend on the severity', () => {
    expect(integrationsOf({ ...mail, ...slack, ...webhook, ...development })).toEqual({
      critical: ['email', 'slack', 'webhook'],
      warning: ['slack', 'webhook'],
      info: ['slack'],
      development: ['webhook'],
      everybody: ['email', 'slack', 'webhook'],
    })
  })

  test('of the test alert go to all receivers at once', () => {
    const { route, receivers } = alertmanagerConfig({ ...mail, ...slack, ...webhook, ...development })
    expect(route.routes[0] as object).toEqual({
      matchers: ['alertname="ValidateTest"'],
      receiver: 'everybody',
      group_by: ['alertname', 'run'],
      group_wait: '1s',
      group_interval: '5s',
      repeat_interval: '1d',
    })
    const everybody = receivers.find(({ name }) => name === 'everybody') as unknown as { webhook_configs: unknown[] }
    expect(everybody.webhook_configs).toMatchObject([
      { url: webhook.ALERT_WEBHOOK_URL },
      { url: development.ALERT_RECEIVER_URL },
    ])
  })

  test('of warnings go by e-mail when nothing else is set', () => {
    expect(integrationsOf(mail)).toMatchObject({ critical: ['email'], warning: ['email'], info: [] })
    expect(integrationsOf({ ...mail, ...webhook })).toMatchObject({
      critical: ['email', 'webhook'],
      warning: ['webhook'],
      info: [],
    })
    expect(integrationsOf({ ...mail, ...slack })).toMatchObject({
      critical: ['email', 'slack'],
      warning: ['slack'],
      info: ['slack'],
    })
  })

  test('include resolutions', () => {
    const { receivers } = alertmanagerConfig({ ...mail, ...slack, ...webhook, ...development })
    const integrations = receivers.flatMap(({ name, ...kinds }) => Object.values(kinds).flat())
    expect(integrations).toHaveLength(11)
    expect(integrations.every((one) => one?.send_resolved)).toBe(true)
  })

  test('use the channel, token and login only when they are set', () => {
    const text = (env: object) => JSON.stringify(alertmanagerConfig({ ...env }))
    expect(text({ ...slack, ...webhook })).toContain('"channel":"#alerts"')
    expect(text(webhook)).toContain('"credentials":"token-of-the-pager"')
    expect(text({ ALERT_WEBHOOK_URL: 'http://pager/' })).not.toContain('http_config')
    expect(text(mail)).not.toContain('auth_')
    expect(text({ ...mail, ALERT_SMTP_USERNAME: 'u', ALERT_SMTP_PASSWORD: 'p' })).toContain('"auth_password":"p"')
    expect(text(mail)).toContain('"require_tls":true')
    expect(text({ ...mail, ALERT_SMTP_REQUIRE_TLS: 'false' })).toContain('"require_tls":false')
  })
})

describe('invalid settings', () => {
  test('are reported together, with valid values', () => {
    const env = {
      ALERT_SMTP_SMARTHOST: 'smtp.example.org:587',
      ALERT_SMTP_USERNAME: 'vitrine',
      ALERT_SLACK_CHANNEL: '#alerts',
      ALERT_WEBHOOK_TOKEN: 'x',
      ALERT_RECEIVER_URL: 'alert-receiver:9095',
    }
    const problems = problemsOf(env)
    for (const name of ['ALERT_SMTP_PASSWORD', 'ALERT_SMTP_FROM', 'ALERT_EMAIL_TO', 'ALERT_SLACK_WEBHOOK_URL']) {
      expect(problems).toContain(`\n  ${name}: is required`)
    }
    expect(problems).toContain('ALERT_WEBHOOK_URL: is required when ALERT_WEBHOOK_TOKEN is set')
    expect(problems).toContain('ALERT_RECEIVER_URL: must be an http(s) address')
  })

  test.each([
    [{ ...mail, ALERT_SMTP_SMARTHOST: 'smtp.example.org' }, 'ALERT_SMTP_SMARTHOST: must be host:port'],
    [{ ...mail, ALERT_EMAIL_TO: 'oncall' }, 'ALERT_EMAIL_TO: must be an e-mail address'],
    [{ ALERT_SMTP_USERNAME: 'u', ALERT_SMTP_PASSWORD: 'p' }, 'ALERT_SMTP_SMARTHOST: is required for e-mail'],
    [
      { ...mail, ALERT_SMTP_USERNAME: 'u', ALERT_SMTP_PASSWORD: 'secret-p', ALERT_SMTP_REQUIRE_TLS: 'false' },
      'must not be false when a password is sent',
    ],
  ])('are rejected: %#', (env, problem) => {
    expect(problemsOf(env)).toContain(problem)
    expect(problemsOf(env)).not.toContain('secret-p')
  })
})

test('inhibit rules name existing alerts', () => {
  const names = JSON.stringify(inhibitRules).matchAll(/alertname=~?\\"([^"\\]+)/g)
  const mentioned = new Set([...names].flatMap(([, found = '']) => found.split('|')))
  expect(mentioned.size).toBeGreaterThan(10)
  expect([...mentioned].filter((name) => !alerts.some((alert) => alert.name === name))).toEqual([])
})

test('the configuration file is readable by its owner only', async () => {
  const path = `${(await import('node:fs')).mkdtempSync('/tmp/vitrine-alertmanager-')}/etc/alertmanager.yml`
  const write = (env: Record<string, string>) =>
    Bun.spawnSync([process.execPath, `${import.meta.dir}/write.ts`, path], { env })
  expect(write({ ALERT_EMAIL_TO: 'x' }).exitCode).toBe(1)
  expect(await Bun.file(path).exists()).toBe(false)
  expect(write(slack).exitCode).toBe(0)
  expect(Bun.YAML.parse(await Bun.file(path).text())).toEqual(JSON.parse(JSON.stringify(alertmanagerConfig(slack))))
  expect((await Bun.file(path).stat()).mode & 0o777).toBe(0o600)
})

function integrationsOf(env: Record<string, string>) {
  const { receivers } = alertmanagerConfig(env)
  return Object.fromEntries(
    receivers.map(({ name, ...kinds }) => [name, Object.keys(kinds).map((kind) => kind.replace('_configs', ''))]),
  )
}

function problemsOf(env: Record<string, string>): string {
  try {
    alertmanagerConfig(env)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

function blank(env: Record<string, string>) {
  return Object.fromEntries(Object.keys(env).map((name) => [name, '']))
}
