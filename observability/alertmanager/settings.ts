import type { Environment } from '../../src/settings'

/** The receivers of notifications. */
export interface AlertSettings {
  email: { smarthost: string; from: string; to: string; requireTls: boolean; login: Login | undefined } | undefined
  slack: { url: string; channel: string | undefined } | undefined
  webhook: { url: string; token: string | undefined } | undefined
  /** The alert receiver, which prints alerts and forwards them to the console. */
  development: { url: string } | undefined
  /** For links to dashboards. */
  grafanaUrl: string | undefined
}

interface Login {
  username: string
  password: string
}

/**
 * Reads `ALERT_*` and `GRAFANA_URL`. An empty text counts as not set, because compose passes unset variables that way.
 * @throws Error that lists incomplete settings and invalid addresses, each with a valid value
 */
export function readAlertSettings(env: Environment): AlertSettings {
  const problems: string[] = []
  const settings: AlertSettings = {
    email: email(),
    slack: optional('ALERT_SLACK_WEBHOOK_URL', 'ALERT_SLACK_CHANNEL', (url, channel) => ({ url, channel })),
    webhook: optional('ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_TOKEN', (url, token) => ({ url, token })),
    development: optional('ALERT_RECEIVER_URL', undefined, (url) => ({ url })),
    grafanaUrl: optional('GRAFANA_URL', undefined, (url) => url.replace(/\/+$/, '')),
  }
  if (problems.length === 0) return settings
  throw new Error(`alert settings:\n${problems.map((one) => `  ${one}`).join('\n')}`)

  function email(): AlertSettings['email'] {
    const needed = ['ALERT_SMTP_SMARTHOST', 'ALERT_SMTP_FROM', 'ALERT_EMAIL_TO']
    const login = together('a login', ['ALERT_SMTP_USERNAME', 'ALERT_SMTP_PASSWORD'])
    const given = together('e-mail', needed, login.length > 0 ? 'a login' : undefined)
    const [smarthost = '', from = '', to = ''] = given
    if (given.length === 0) return undefined
    if (!/^[^\s:/]+:\d+$/.test(smarthost))
      addProblem('ALERT_SMTP_SMARTHOST', 'must be host:port, such as smtp.example.org:587')
    if (!from.includes('@')) addProblem('ALERT_SMTP_FROM', 'must be an e-mail address')
    if (!to.includes('@')) addProblem('ALERT_EMAIL_TO', 'must be an e-mail address, or several with commas between')
    const [username = '', password = ''] = login
    const requireTls = read('ALERT_SMTP_REQUIRE_TLS') !== 'false'
    if (!requireTls && password) addProblem('ALERT_SMTP_REQUIRE_TLS', 'must not be false when a password is sent')
    return { smarthost, from, to, requireTls, login: password ? { username, password } : undefined }
  }

  /** All settings or none. `because` names another setting that requires them. */
  function together(what: string, names: string[], because?: string): string[] {
    const missing = names.filter((name) => !read(name))
    if (missing.length === names.length && !because) return []
    for (const name of missing) addProblem(name, `is required for ${what}: set it, or none of ${names.join(', ')}`)
    return missing.length === 0 ? names.map((name) => read(name) ?? '') : []
  }

  function optional<T>(name: string, extra: string | undefined, create: (url: string, extra?: string) => T) {
    const url = read(name)
    const more = extra && read(extra)
    if (!url && more) addProblem(name, `is required when ${extra} is set`)
    if (!url) return undefined
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) addProblem(name, 'must be an http(s) address')
    return create(url, more)
  }

  function read(name: string): string | undefined {
    return env[name]?.trim() || undefined
  }

  function addProblem(name: string, problem: string): void {
    problems.push(`${name}: ${problem}`)
  }
}
