import { fetchJson } from '../../stack/clients/http'

/** Parts of the configuration that Alertmanager reports: with all defaults, without secrets. */
export interface AlertmanagerConfig {
  route: { routes?: { matchers?: string[]; receiver: string }[] }
  inhibit_rules: unknown[]
  receivers: Receiver[]
}

type Receiver = { name: string } & Record<string, unknown>

export async function fetchAlertmanagerConfig(alertmanager: string): Promise<AlertmanagerConfig> {
  const { config } = await fetchJson<{ config: { original: string } }>(`${alertmanager}/api/v2/status`)
  return Bun.YAML.parse(config.original) as AlertmanagerConfig
}

/** The number of integrations of a receiver, by kind: `{ email: 1, webhook: 2 }`. */
export function integrationsOf(
  { receivers }: Pick<AlertmanagerConfig, 'receivers'>,
  name: string,
): Record<string, number> {
  const { name: _, ...integrations } = receivers.find((one) => one.name === name) ?? { name }
  const counted = Object.entries(integrations).map(([kind, all]) => [
    kind.replace('_configs', ''),
    Array.isArray(all) ? all.length : 0,
  ])
  return Object.fromEntries(counted.filter(([, count]) => count !== 0))
}

const placeholderSettings: Record<string, Record<string, string>> = {
  email: { ALERT_SMTP_SMARTHOST: 'smtp:587', ALERT_SMTP_FROM: 'a@b', ALERT_EMAIL_TO: 'a@b' },
  slack: { ALERT_SLACK_WEBHOOK_URL: 'https://slack/' },
  webhook: { ALERT_WEBHOOK_URL: 'https://webhook/' },
  development: { ALERT_RECEIVER_URL: 'http://receiver/alerts' },
}

/** Placeholder `ALERT_*` that produce the same kinds of integrations as `config`. Their addresses are not compared. */
export function settingsMatching(config: AlertmanagerConfig): Record<string, string> {
  const { webhook = 0, ...kinds } = integrationsOf(config, 'everybody')
  const hasDevelopment = config.receivers.some(({ name }) => name === 'development')
  return Object.assign(
    {},
    ...Object.keys(kinds).map((kind) => placeholderSettings[kind]),
    hasDevelopment && placeholderSettings.development,
    webhook > (hasDevelopment ? 1 : 0) && placeholderSettings.webhook,
  )
}
