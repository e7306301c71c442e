import type { Environment } from '../../src/settings'
import { inhibitRules } from './inhibit-rules'
import { type AlertSettings, readAlertSettings } from './settings'
import { notificationTemplates } from './templates'

// By service and alert: one message for each thing that is wrong.
const groupBy = ['alertname', 'service_name']

/**
 * Alertmanager's configuration, of what `ALERT_*` say. With none of them it is valid and tells nobody: alerts are only shown.
 * @throws Error that lists all that is wrong with them.
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

// The waiting time lets a cause catch up with its consequences: they come in the same evaluation, or the next (5 s).
const bySeverity = [
  {
    matchers: ['severity="critical"'],
    receiver: 'critical',
    ...times({ wait: '5s', interval: '30s', repeat: '1h' }),
  },
  { matchers: ['severity="info"'], receiver: 'info', ...times({ wait: '1m', interval: '10m', repeat: '1d' }) },
  // What has no severity that we know is no secret either.
  { receiver: 'warning', ...times({ wait: '30s', interval: '2m', repeat: '6h' }) },
]

/** The alert of `bun run validate`. */
export const testAlertName = 'ValidateTest'

// To everybody, whatever its severity, soon: whether they are told is what it is sent for.
const forTest = {
  matchers: [`alertname="${testAlertName}"`],
  receiver: 'everybody',
  group_by: ['alertname', 'run'],
  ...times({ wait: '1s', interval: '5s', repeat: '1d' }),
}

// All of them, at once, and again and again: a console that was started anew must learn what fires, and what an inhibition
// keeps from being told is over is given up after 15 minutes.
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
