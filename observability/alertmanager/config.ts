import type { Environment } from '../../src/settings'
import { inhibitRules } from './inhibit-rules'
import { type AlertSettings, readAlertSettings } from './settings'
import { notificationTemplates } from './templates'

// One notification per alert and service.
const groupBy = ['alertname', 'service_name']

/**
 * Alertmanager’s configuration from `ALERT_*`. Without them it is valid and notifies no receiver: alerts are only shown.
 * @throws Error that lists all invalid settings
 */
export function alertmanagerConfig(env: Environment) {
  const settings = readAlertSettings(env)
  const { development } = settings
  const text = notificationTemplates(settings.grafanaUrl)
  const email = settings.email && { email_configs: [emailConfig(settings.email, text)] }
  const slack = settings.slack && { slack_configs: [slackConfig(settings.slack, text)] }
  const webhook = settings.webhook && { webhook_configs: [webhookConfig(settings.webhook)] }
  const webhooks = [settings.webhook, development].flatMap((one) => (one ? [webhookConfig(one)] : []))
  return {
    route: {
      receiver: 'warning',
      group_by: groupBy,
      routes: [forTest, ...(development ? [forDevelopment] : []), ...bySeverity],
    },
    inhibit_rules: inhibitRules,
    receivers: [
      { name: 'critical', ...email, ...slack, ...webhook },
      { name: 'warning', ...(slack || webhook ? { ...slack, ...webhook } : email) },
      { name: 'info', ...slack },
      ...(development ? [{ name: 'development', webhook_configs: [webhookConfig(development)] }] : []),
      { name: 'everybody', ...email, ...slack, ...(webhooks.length > 0 && { webhook_configs: webhooks }) },
    ],
  }
}

// `group_wait` is longer than an evaluation (5 s), so that the cause arrives in time to inhibit its consequences.
const bySeverity = [
  {
    matchers: ['severity="critical"'],
    receiver: 'critical',
    ...times({ wait: '5s', interval: '30s', repeat: '1h' }),
  },
  { matchers: ['severity="info"'], receiver: 'info', ...times({ wait: '1m', interval: '10m', repeat: '1d' }) },
  // Alerts with an unknown severity are notified too.
  { receiver: 'warning', ...times({ wait: '30s', interval: '2m', repeat: '6h' }) },
]

/** The alert of `bun run validate`. */
export const testAlertName = 'ValidateTest'

// The test alert goes to all receivers at once.
const forTest = {
  matchers: [`alertname="${testAlertName}"`],
  receiver: 'everybody',
  group_by: ['alertname', 'run'],
  ...times({ wait: '1s', interval: '5s', repeat: '1d' }),
}

// All alerts, at once, repeated every 5 minutes: a restarted console must learn what fires. The console drops an alert after
// 15 minutes without a notification, because an inhibited alert sends no resolution.
const forDevelopment = {
  receiver: 'development',
  continue: true,
  ...times({ wait: '1s', interval: '5s', repeat: '5m' }),
}

function times({ wait, interval, repeat }: { wait: string; interval: string; repeat: string }) {
  return { group_wait: wait, group_interval: interval, repeat_interval: repeat }
}

type Texts = ReturnType<typeof notificationTemplates>

function emailConfig({ smarthost, from, to, requireTls, login }: NonNullable<AlertSettings['email']>, texts: Texts) {
  return {
    ...{ smarthost, from, to, require_tls: requireTls, send_resolved: true },
    ...(login && { auth_username: login.username, auth_password: login.password }),
    headers: { Subject: texts.title },
    text: texts.emailText,
    html: texts.emailHtml,
  }
}

function slackConfig({ url, channel }: NonNullable<AlertSettings['slack']>, { title, color, slackText }: Texts) {
  return { api_url: url, ...(channel && { channel }), send_resolved: true, title, text: slackText, color }
}

function webhookConfig({ url, token }: { url: string; token?: string | undefined }) {
  const http = token && { http_config: { authorization: { type: 'Bearer', credentials: token } } }
  return { url, send_resolved: true, max_alerts: 100, ...http }
}
